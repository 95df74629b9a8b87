"""Judge a learner's function by what it returns, and name the mistake that returns just that."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lesson.checks import progress
from lesson.checks.numpys_own import numpys_own
from lesson.checks.trial import Trial, attempt
from lesson.checks.values import describe, difference
from lesson.checks.verdict import NOT_RIGHT, NOT_YET, RIGHT, Verdict
from lesson.words import recite, say, say_count

#: for all inputs together; a right answer takes thousandths
SECONDS = 2.0


class Mistake(NamedTuple):
    """A way to go wrong: its name, a function that goes wrong this way, and what to look at."""

    name: str
    wrong: Callable
    advice: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """An exercise's judge. Call it with the learner's function; it returns a verdict and never raises.

    lesson: the notebook's file name, bare   name: the exercise's, and the variable's
    arguments: the names of the inputs, for messages   returns: those of the parts, where a tuple comes back
    cases: makes, from a generator, a list of inputs, each a tuple; the first shows most mistakes
    answer: the right function   mistakes: the known ones; where two fit, the first is named
    hints: three sentences, the last nearly all   solution: a function whose source is shown last, or a text
    difficulty, importance: 1 to 3   minutes: what it takes
    """

    lesson: str
    name: str
    arguments: tuple[str, ...]
    cases: Callable[[np.random.Generator], Sequence[tuple]]
    answer: Callable
    returns: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    solution: object = None
    difficulty: int = 1
    importance: int = 1
    minutes: int = 5

    def __call__(self, function: object) -> Verdict:
        with numpys_own() as replaced:
            verdict = self._judge(function)
        if replaced:
            text = say_count(
                "{names} was replaced before the check, which used NumPy's own.",
                "{names} were replaced before the check, which used NumPy's own.",
                len(replaced),
                names=_names(replaced),
            )
            advice = say("Restart the kernel to have that back everywhere.")
            text = f"{verdict.text}\n{text} {advice}"
            verdict = dataclasses.replace(verdict, text=text)
        progress.note(self.lesson, self.name, verdict.status)
        return dataclasses.replace(verdict, hints=self.hints, solution=self.solution)

    def _judge(self, function: object) -> Verdict:
        if not callable(function):
            text = say("the check wants the function itself, uncalled; it got a {kind}.", kind=type(function).__name__)
            return Verdict(NOT_YET, text)
        cases = self.cases(np.random.default_rng(58))
        wanted = [attempt(self.answer, case) for case in cases]
        got = _attempts(function, cases)
        if got[0].empty:
            text = say("the function returns nothing. Write its body, `return` included; run both cells.")
            return Verdict(NOT_YET, text)
        right = [g.same(w) for g, w in zip(got, wanted, strict=False)]
        if not all(right):
            return self._diagnose(cases, wanted, got, right)
        changed = next((i for g in got for i in g.changed), None)
        if changed is not None:
            return _input_changed(self.arguments[changed], cases[0][changed])
        text = say_count(
            "the one input gives what the package gives.", "all {count} inputs give what the package gives.", len(cases)
        )
        return Verdict(RIGHT, f"{text}{_aside(got)}")

    def _diagnose(self, cases: Sequence[tuple], wanted: list[Trial], got: list[Trial], right: list[bool]) -> Verdict:
        # Values tell more than an error does: of the cases that went wrong, take the first that has one.
        failed = [i for i, fine in enumerate(right) if not fine]
        at = next((i for i in failed if got[i].answered), failed[0])
        evidence = self._evidence(at, cases[at], wanted[at], got[at])
        for mistake in self.mistakes:
            theirs = [attempt(mistake.wrong, case) for case in cases[: at + 1]]
            if got[at].same(theirs[at]) and all(map(_alike, theirs, got, wanted)):
                named = f"{recite(mistake.name)}. {recite(mistake.advice)}"
                return Verdict(NOT_RIGHT, f"{named}\n{evidence}{_aside(got)}", mistake.name)
        return Verdict(NOT_RIGHT, f"{evidence}{_aside(got)}")

    def _evidence(self, at: int, case: tuple, wanted: Trial, got: Trial) -> str:
        inputs = ", ".join(map(_input, self.arguments, case))
        told = _told(wanted, got, self.returns)
        return say("Input {number}, with {inputs}: {told}", number=at + 1, inputs=inputs, told=told)


def _attempts(function: Callable, cases: Sequence[tuple]) -> list[Trial]:
    """Try the inputs one after the other, until one of them takes what is left of the time."""
    deadline, got = time.perf_counter() + SECONDS, []
    for case in cases:
        got.append(attempt(function, case, deadline - time.perf_counter()))
        if got[-1].late:
            break
    return got


def _input_changed(name: str, thing: object) -> Verdict:
    text = say(
        "what it returns is right, but the function changed its input `{name}`, which its caller still needs.",
        name=name,
    )
    advice = say("Change a copy.")
    if isinstance(thing, np.ndarray):
        advice = say("Write `{name} = {name} - ...`, not `{name} -= ...`.", name=name)
    return Verdict(NOT_RIGHT, f"{text} {advice}", "Input changed")


def _alike(theirs: Trial, got: Trial, wanted: Trial) -> bool:
    """Whether two trials of one input went the same way: both right, both an error, or the same wrong values."""
    if theirs.error or got.error:
        return bool(theirs.error and got.error)
    return got.same(theirs) or (got.same(wanted) and theirs.same(wanted))


def _input(name: str, thing: object) -> str:
    if isinstance(thing, np.ndarray):
        return f"{name} {thing.shape}"
    if isinstance(thing, str | int | float | list | tuple | None) and len(repr(thing)) <= 40:
        return f"{name} {thing!r}"
    return name


def _told(wanted: Trial, got: Trial, names: tuple[str, ...]) -> str:
    if got.late:
        return say(
            "it was still running after {seconds} seconds: is there a loop that never ends?", seconds=f"{SECONDS:g}"
        )
    if got.error and got.line:
        return say("it raised {error} (line {line} of the function).", error=got.error, line=got.line)
    if got.error:
        return say("it raised {error}.", error=got.error)
    if wanted.error:
        return say("wanted it to raise {error}, got {got}.", error=wanted.error, got=describe(got.value))
    return difference(wanted.value, got.value, names)


def _aside(got: list[Trial]) -> str:
    line = next((trial.printed for trial in got if trial.printed), "")
    replaced = tuple(dict.fromkeys(name for trial in got for name in trial.replaced))
    told = "\n" + say("It also printed, first of all: {line}", line=line) if line else ""
    if replaced:
        told += "\n" + say_count(
            "{names} was replaced by the function; NumPy's own is back.",
            "{names} were replaced by the function; NumPy's own is back.",
            len(replaced),
            names=_names(replaced),
        )
    return told


def _names(replaced: tuple[str, ...]) -> str:
    return say(" and ").join(f"`{name}`" for name in replaced[:3])
