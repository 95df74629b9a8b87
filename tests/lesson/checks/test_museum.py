"""Every check of every lesson: the right answer passes, each known mistake is named, help and marks are there."""

import inspect
import time

import numpy as np
import pytest

from lesson.checks import LESSONS, every_check
from lesson.checks.trial import attempt
from lesson.checks.verdict import source_of

MUSEUM = [
    pytest.param(check, mistake, id=f"{check.lesson}-{name}-{mistake.name}")
    for _, name, check in every_check()
    for mistake in check.mistakes
]
over_checks = pytest.mark.parametrize(
    ("variable", "check"), [pytest.param(name, check, id=f"{lesson}-{name}") for lesson, name, check in every_check()]
)


def trials(check, function):
    return [attempt(function, case) for case in check.cases(np.random.default_rng(58))]


def test_every_lesson_is_found():
    assert "attention_by_hand" in LESSONS
    assert {lesson for lesson, _, _ in every_check()} == set(LESSONS)


def test_there_are_many_known_mistakes():
    assert len({mistake.name for _, _, check in every_check() for mistake in check.mistakes}) >= 25


@over_checks
def test_the_packages_own_answer_is_right(variable, check):
    begun = time.perf_counter()
    verdict = check(check.answer)
    assert verdict and verdict._repr_html_() is None, verdict
    assert time.perf_counter() - begun < 1
    assert not [trial.error for trial in trials(check, check.answer) if trial.empty or trial.late]


@over_checks
@pytest.mark.parametrize("unfinished", [None, ...])
def test_a_stub_is_not_yet_right(variable, check, unfinished):
    assert check(lambda *_inputs: unfinished).status == "not yet"


@pytest.mark.parametrize(("check", "mistake"), MUSEUM)
def test_each_mistake_is_named(check, mistake):
    """Where the inputs cannot tell two mistakes apart, the first of them is named."""
    made = trials(check, mistake.wrong)
    alike = (
        other
        for other in check.mistakes
        if all(a.same(b) or (a.error and b.error) for a, b in zip(made, trials(check, other.wrong), strict=True))
    )
    verdict = check(mistake.wrong)
    assert (verdict.status, verdict.mistake) == ("not right", next(alike).name), verdict
    assert verdict.text.startswith(f"{verdict.mistake}. ") and "\nInput " in verdict.text


@over_checks
def test_it_says_who_it_is_and_what_it_takes(variable, check):
    assert check.name == variable
    assert check.difficulty in (1, 2, 3) and check.importance in (1, 2, 3) and 1 <= check.minutes <= 60
    assert len(check.arguments) >= max(len(case) for case in check.cases(np.random.default_rng(58)))


@over_checks
def test_there_are_three_hints_and_a_solution(variable, check):
    assert len(check.hints) == 3 and len(set(check.hints)) == 3
    assert all(hint.strip().endswith((".", "?", "`")) and hint.count("`") % 2 == 0 for hint in check.hints)
    compile(source_of(check.solution), "solution", "exec")
    assert isinstance(check.solution, str) or inspect.getmodule(check.solution).__name__.startswith("lesson.")


@over_checks
def test_it_says_the_same_every_time_and_soon(variable, check):
    begun = time.perf_counter()
    first, second = repr(check(lambda *_inputs: 58)), repr(check(lambda *_inputs: 58))
    assert first == second
    assert time.perf_counter() - begun < 2  # two checks, each in less than a second
