"""Checks for the exercises, a module for each lesson: they judge a learner's function, and say what they find.

>>> from lesson.checks import attention_by_hand as checks
>>> checks.most_attended(lambda weights: weights.argmax(axis=-1))
right: all 3 inputs give what the package gives.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from lesson.checks.core import Check

_MACHINERY = {"bounded", "core", "numpys_own", "progress", "stage", "trial", "values", "verdict"}
#: the modules that hold a lesson's checks; whoever adds one has it tested
LESSONS = tuple(sorted({module.name for module in pkgutil.iter_modules(__path__)} - _MACHINERY))


def every_check() -> Iterator[tuple[str, str, Check]]:
    """Give every check of every lesson, with the lesson's module and the variable it stands in."""
    for lesson in LESSONS:
        for name, thing in vars(import_module(f"lesson.checks.{lesson}")).items():
            if isinstance(thing, Check):
                yield lesson, name, thing


def every_sentence() -> Iterator[tuple[str, str]]:
    """Give all that the checks say of their own, for whoever translates it, with where it stands."""
    for lesson, name, check in every_check():
        where = f"{lesson}.{name}"
        for mistake in check.mistakes:
            yield from ((text, f"{where}: mistake") for text in (mistake.name, mistake.advice) if text)
        yield from ((hint, f"{where}: hint") for hint in check.hints)
