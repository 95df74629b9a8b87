"""Judge a learner's function by its numbers, and name the mistake that makes just those numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lesson.checks.trial import Trial, attempt

RIGHT, NOT_YET, NOT_RIGHT = "right", "not yet", "not right"


class Mistake(NamedTuple):
    """A way to go wrong: its name, a function that goes wrong this way, and what to look at."""

    name: str
    wrong: Callable
    advice: str


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found: true when the answer is right, and a plain text for the page."""

    status: str
    text: str
    mistake: str = ""

    def __bool__(self) -> bool:
        return self.status == RIGHT

    def __repr__(self) -> str:
        return f"{self.status}: {self.text}"


@dataclass(frozen=True)
class Check:
    """An exercise's judge. Call it with the learner's function; it returns a verdict and never raises.

    arguments: the names of the inputs, for messages
    cases: makes, from a generator, a list of inputs, each a tuple of arrays; the first shows most mistakes
    answer: the right function   mistakes: the known ones; where two fit, the first is named
    """

    arguments: tuple[str, ...]
    cases: Callable[[np.random.Generator], Sequence[tuple]]
    answer: Callable
    mistakes: tuple[Mistake, ...] = ()

    def __call__(self, function: object) -> Verdict:
        if not callable(function):
            return Verdict(
                NOT_YET, f"the check wants the function itself, uncalled; it got a {type(function).__name__}."
            )
        cases = self.cases(np.random.default_rng(58))
        wanted = [attempt(self.answer, case) for case in cases]
        got = [attempt(function, case) for case in cases]
        if got[0].empty:
            return Verdict(NOT_YET, "the function returns nothing. Write its body, `return` included; run both cells.")
        right = [g.same(w) for g, w in zip(got, wanted, strict=True)]
        if not all(right):
            return self._diagnose(cases, wanted, got, right)
        changed = next((i for g in got for i in g.changed), None)
        if changed is not None:
            return _input_changed(self.arguments[changed])
        return Verdict(RIGHT, f"all {len(cases)} inputs give the package's numbers.{_aside(got)}")

    def _diagnose(self, cases: Sequence[tuple], wanted: list[Trial], got: list[Trial], right: list[bool]) -> Verdict:
        # Numbers tell more than an error does: of the cases that went wrong, take the first that has some.
        failed = [i for i, fine in enumerate(right) if not fine]
        at = next((i for i in failed if got[i].numbers is not None), failed[0])
        evidence = self._evidence(at, cases[at], wanted[at], got[at])
        for mistake in self.mistakes:
            theirs = [attempt(mistake.wrong, case) for case in cases[: at + 1]]
            if got[at].same(theirs[at]) and all(map(_alike, theirs, got, wanted)):
                return Verdict(NOT_RIGHT, f"{mistake.name}. {mistake.advice}\n{evidence}{_aside(got)}", mistake.name)
        return Verdict(NOT_RIGHT, f"{evidence}{_aside(got)}")

    def _evidence(self, at: int, case: tuple, wanted: Trial, got: Trial) -> str:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in zip(self.arguments, case, strict=True))
        return f"Input {at + 1}, with {shapes}: {_difference(wanted.numbers, got)}"


def _input_changed(name: str) -> Verdict:
    text = f"the numbers are right, but the function changed its input `{name}`, which its caller still needs."
    return Verdict(NOT_RIGHT, f"{text} Write `{name} = {name} - ...`, not `{name} -= ...`.", "Input changed")


def _alike(theirs: Trial, got: Trial, wanted: Trial) -> bool:
    """Whether two trials of one input went the same way: both right, both an error, or the same wrong numbers."""
    if theirs.error or got.error:
        return bool(theirs.error and got.error)
    return got.same(theirs) or (got.same(wanted) and theirs.same(wanted))


def _difference(wanted: np.ndarray, got: Trial) -> str:
    if got.error:
        return f"it raised {got.error}" + (f" (line {got.line} of the function)." if got.line else ".")
    if got.numbers is None:
        return f"wanted an array of shape {wanted.shape}, got {got.other or 'nothing'}."
    if got.numbers.shape != wanted.shape:
        return f"wanted shape {wanted.shape}, got {got.numbers.shape}."
    apart = ~np.isclose(got.numbers, wanted, rtol=1e-5, atol=1e-7, equal_nan=True)
    place = tuple(int(i) for i in np.argwhere(apart)[0])
    w, g = wanted[place], got.numbers[place]
    digits = ".4f" if f"{w:.4f}" != f"{g:.4f}" else ".10g"
    return f"first difference at {list(place)}, wanted {w:{digits}}, got {g:{digits}}."


def _aside(got: list[Trial]) -> str:
    line = next((trial.printed for trial in got if trial.printed), "")
    return f"\nIt also printed, first of all: {line}" if line else ""
