"""Call a stranger's function for so long and no longer.

In a browser, which has no second thread, Python itself looks at the clock, on every jump and start of a function that
is neither the package's, nor installed, nor Python's own: those run at full speed. Elsewhere another thread does.
(`sys.settrace` would not do for both: to it `while True: pass` is a single line, which begins only once.)
"""

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_TRUSTED = (
    str(Path(__file__).parents[1]) + os.sep,
    str(Path(np.__file__).parents[1]) + os.sep,
    str(Path(os.__file__).parent) + os.sep,
    "<frozen ",
)


class TookTooLong(BaseException):
    """The time is up. No Exception, so that `except Exception` inside the loop does not catch it."""


def bounded(function: Callable[[], T], seconds: float) -> T:
    """Return what the function returns; raise TookTooLong in it, until it gives in, when the seconds are over.

    A loop inside compiled code, such as sum(itertools.count()), cannot be ended from here.
    """
    return (_monitored if sys.platform == "emscripten" else _watched)(function, seconds)


@functools.cache
def _is_strangers(filename: str) -> bool:
    return not filename.startswith(_TRUSTED)


def _monitored(function: Callable[[], T], seconds: float) -> T:
    monitoring, deadline = sys.monitoring, time.perf_counter() + seconds
    # An endless loop jumps, an endless recursion starts; either comes here again after a bare `except:`.
    events = (monitoring.events.JUMP, monitoring.events.PY_START)
    tool = next((number for number in range(6) if monitoring.get_tool(number) is None), None)
    if tool is None:
        return function()

    def look(code, *_where):
        if not _is_strangers(code.co_filename):
            return monitoring.DISABLE
        if time.perf_counter() > deadline:
            raise TookTooLong
        return None

    monitoring.use_tool_id(tool, "lesson.checks")
    try:
        for event in events:
            monitoring.register_callback(tool, event, look)
        monitoring.set_events(tool, sum(events))
        return function()
    finally:
        monitoring.set_events(tool, 0)
        for event in events:
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)


def _watched(function: Callable[[], T], seconds: float) -> T:
    import ctypes

    class Again(TookTooLong):
        """Asks for itself once more when an `except:` has swallowed it and lets it go."""

    raise_in, here = ctypes.pythonapi.PyThreadState_SetAsyncExc, threading.get_ident()
    thread = ctypes.c_ulong(here)
    ask = functools.partial(raise_in, thread, ctypes.py_object(Again))
    # Straight from C to C: in a function of Python's the exception would arrive at once, before the loop goes on.
    Again.__del__ = staticmethod(ask)
    going_on = threading.Lock()
    going_on.acquire()

    def watch() -> None:
        patience = max(seconds, 0)
        while not going_on.acquire(timeout=patience):
            ask()
            patience = 0.05

    try:
        threading.Thread(target=watch, daemon=True).start()
        return function()
    finally:
        thread.value = 0  # no thread: from here on nothing is asked for; what already was may arrive at any call
        while True:
            try:
                if going_on.locked():
                    going_on.release()
                raise_in(ctypes.c_ulong(here), None)
                break
            except TookTooLong:
                pass
