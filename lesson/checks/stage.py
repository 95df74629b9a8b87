"""A stage for a stranger's function: what it prints, warns of, asks for or closes goes no further."""

import builtins
import contextlib
import io
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from lesson.words import say


@contextlib.contextmanager
def staged(function: Callable) -> Iterator["FirstLine"]:
    """For the time of a `with`, keep what a call of this function does to the page away from the page."""
    printed = FirstLine()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        # IPython puts an `exit` of its own, which ends the kernel, among the globals of a page.
        _replaced(vars(builtins), input=_ask, exit=_leave, quit=_leave),
        _replaced(getattr(function, "__globals__", {}), exit=_leave, quit=_leave, missing=False),
    ):
        warnings.simplefilter("ignore")
        yield printed


class FirstLine(io.TextIOBase):
    """Keep the first line that is printed and let the rest go, however much it is."""

    def __init__(self):
        self.line, self._open = "", True

    def write(self, text: str) -> int:
        if self._open:
            first, newline, _ = str(text).partition("\n")
            self.line = (self.line + first)[:80]
            self._open = not newline
        return len(text)


def _ask(*_words: object) -> str:
    raise EOFError(say("a check cannot answer input(); the function has to make do with its arguments"))


def _leave(*_status: object) -> None:
    raise SystemExit(say("exit() would end the page's Python; leave the function by return"))


@contextlib.contextmanager
def _replaced(names: dict, missing: bool = True, **things: object) -> Iterator[None]:
    before = {name: names[name] for name in things if name in names}
    names.update({name: thing for name, thing in things.items() if missing or name in before})
    try:
        yield
    finally:
        for name in things:
            if name in before:
                names[name] = before[name]
            elif missing:
                names.pop(name, None)
