"""Run somebody's function on inputs of ours, whatever it does, and keep what came of it."""

import copy
import dis
import traceback
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson.checks.bounded import TookTooLong, bounded
from lesson.checks.numpys_own import put_back
from lesson.checks.stage import staged
from lesson.checks.values import Odd, difference, read
from lesson.words import say


class Trial(NamedTuple):
    """What one call came to: a value, or nothing yet, or an error, or no end in time."""

    value: object = None
    empty: bool = False
    error: str = ""
    line: int = 0  # of the function, where the error came up; its first line is 1
    late: bool = False
    changed: tuple[int, ...] = ()  # which of its inputs the call altered
    printed: str = ""
    replaced: tuple[str, ...] = ()  # what of NumPy the call put something else in the place of

    @property
    def answered(self) -> bool:
        return not (self.empty or self.error or self.late)

    def same(self, wanted: "Trial") -> bool:
        """Whether both came to the same: equal values (NaN equals NaN), or the same error."""
        if self.answered and wanted.answered:
            return not difference(wanted.value, self.value)
        return bool(self.error) and self.error == wanted.error


def attempt(function: Callable, inputs: tuple, seconds: float | None = None) -> Trial:
    """Call a function on copies of the inputs, quietly; nothing but the learner's own Stop gets out of here.

    Without a number of seconds it is trusted to end.
    """
    given = copy.deepcopy(inputs)
    replaced = {}

    def call():
        try:
            returned = function(*given)
        finally:
            replaced.update(put_back())
        if returned is None or returned is ... or returned is NotImplemented:
            return Trial(empty=True)
        return Trial(value=_taken_down(returned))

    try:
        with staged(function) as printed:
            trial = _outcome(call if seconds is None else lambda: bounded(call, seconds), function)
    finally:
        replaced.update(put_back())
    changed = tuple(i for i, before in enumerate(inputs) if _altered(given[i], before))
    return trial._replace(changed=changed, printed=printed.line, replaced=tuple(replaced))


def _outcome(call: Callable[[], Trial], function: Callable) -> Trial:
    try:
        return call()
    except NotImplementedError:
        return Trial(empty=True)
    except TookTooLong:
        return Trial(late=True)
    except BaseException as error:  # SystemExit too: a learner's exit() must not close the notebook
        if isinstance(error, KeyboardInterrupt) and not _raised_by_hand(error):
            raise
        return Trial(error=_told(error), line=_line(error, function))


def _taken_down(returned: object) -> object:
    try:
        return read(returned)
    except Exception:  # an object that refuses to become an array, a list that holds itself
        return Odd(say("a {kind} that cannot be read", kind=type(returned).__name__))


def _told(error: BaseException) -> str:
    # NumPy's _ArrayMemoryError is known to everybody else as MemoryError.
    name = next(kind.__name__ for kind in type(error).__mro__ if not kind.__name__.startswith("_"))
    try:
        reason = str(error).splitlines()[0][:200]
    except Exception:  # an empty message, or one whose own __str__ fails
        return name
    return f"{name}: {reason}"


def _line(error: BaseException, function: Callable) -> int:
    code = getattr(function, "__code__", None)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    return lines[-1] - code.co_firstlineno + 1 if lines else 0


def _raised_by_hand(error: BaseException) -> bool:
    """Whether a `raise` in the code made it; a Stop arrives at any other instruction."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _altered(now: object, before: object) -> bool:
    """Whether an input is no longer what it was; a generator has to move on, so it is never altered."""
    if type(now) is not type(before):
        return True
    if isinstance(before, np.ndarray):
        return now.shape != before.shape or not np.array_equal(now, before, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return now.keys() != before.keys() or any(_altered(now[key], before[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(now) != len(before) or any(map(_altered, now, before))
    if isinstance(before, set | str | int | float | bool | None):
        return now != before and now == now
    return False
