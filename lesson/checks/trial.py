"""Run somebody's function on inputs of ours, whatever it does, and keep what came of it."""

import contextlib
import copy
import io
import traceback
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Trial(NamedTuple):
    """What one call came to: numbers, or nothing yet, or an error, or something that is no numbers at all."""

    numbers: np.ndarray | None = None
    empty: bool = False
    error: str = ""
    line: int = 0  # of the function, where the error came up; its first line is 1
    other: str = ""
    changed: tuple[int, ...] = ()  # which of its inputs the call altered
    printed: str = ""

    def same(self, wanted: "Trial") -> bool:
        """Whether both came to the same: equal numbers (NaN equals NaN), or the same error."""
        if self.numbers is None or wanted.numbers is None:
            return self.numbers is wanted.numbers and bool(self.error) and self.error == wanted.error
        return agree(self.numbers, wanted.numbers)


def agree(got: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether shapes are equal and numbers close: loose enough for float32, far tighter than any mistake."""
    return got.shape == wanted.shape and np.allclose(got, wanted, rtol=1e-5, atol=1e-7, equal_nan=True)


def attempt(function: Callable, inputs: tuple) -> Trial:
    """Call a function on copies of the inputs, quietly; nothing but the learner's own Stop gets out of here."""
    given, printed = copy.deepcopy(inputs), _FirstLine()
    with _quiet(printed):
        trial = _call(function, given)
    changed = tuple(i for i, (now, before) in enumerate(zip(given, inputs, strict=True)) if not _equal(now, before))
    return trial._replace(changed=changed, printed=printed.line)


def _call(function: Callable, given: tuple) -> Trial:
    try:
        returned = function(*given)
    except KeyboardInterrupt:
        raise
    except NotImplementedError:
        return Trial(empty=True)
    except BaseException as error:  # SystemExit too: a learner's exit() must not close the notebook
        return Trial(error=_told(error), line=_line(error, function))
    try:
        return _read(returned)
    except Exception:  # a ragged list, or an object that refuses to become an array
        return Trial(other=f"a {type(returned).__name__} whose parts do not fit together")


def _read(returned: object) -> Trial:
    if returned is None or returned is ... or returned is NotImplemented:
        return Trial(empty=True)
    if isinstance(returned, tuple):
        return Trial(other=f"a tuple of {len(returned)} things")
    array = np.array(returned)
    if array.dtype.kind not in "iuf":
        return Trial(other=f"a {type(returned).__name__} that holds no real numbers")
    return Trial(numbers=array.astype(float))


def _told(error: BaseException) -> str:
    try:
        reason = str(error).splitlines()[0]
    except Exception:  # an empty message, or one whose own __str__ fails
        return type(error).__name__
    return f"{type(error).__name__}: {reason}"


def _line(error: BaseException, function: Callable) -> int:
    code = getattr(function, "__code__", None)
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    return lines[-1] - code.co_firstlineno + 1 if lines else 0


def _equal(now: object, before: object) -> bool:
    now, before = np.asarray(now), np.asarray(before)
    return now.shape == before.shape and bool(np.array_equal(now, before, equal_nan=True))


@contextlib.contextmanager
def _quiet(printed: io.TextIOBase):
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


class _FirstLine(io.TextIOBase):
    """Keep the first line that is printed and let the rest go, however much it is."""

    def __init__(self):
        self.line, self._open = "", True

    def write(self, text: str) -> int:
        if self._open:
            first, newline, _ = str(text).partition("\n")
            self.line = (self.line + first)[:80]
            self._open = not newline
        return len(text)
