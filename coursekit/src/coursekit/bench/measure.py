"""One start: a browser profile opens the page, runs it, and says when each output was there."""

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import TimeoutError as TooLate

from ..testing.browser import ARGUMENTS
from ..testing.outsiders import Outsiders
from . import page
from .line import Line
from .traffic import recording, transferred

STARTS = ("cold", "warm", "offline")
#: seconds that a first visit lasts after its last output, so that a browser keeps what it wants to keep
READS = {"": 30, "20 Mbit/s": 60}
#: what a line is called, and what it is like
LINES = {"20 Mbit/s": {"megabits": 20, "delay": 0.04}}

#: runs in the page from its first moment; `ended` becomes "all" or the error of a cell
WATCH = """(() => {
  const bench = (window.coursekitBench = { marks: {}, ended: null });
  const mark = (name) => { bench.marks[name] ??= performance.timeOrigin + performance.now(); };
  const holds = (mime) => (output) => output.data ? mime in output.data : mime === 'text/plain';
  const look = (cell, cells) => {
    const outputs = cell.outputs.toJSON();
    const failed = outputs.find((output) => output.output_type === 'error');
    if (failed) bench.ended = `${failed.ename}: ${failed.evalue}`;
    const wanted = cell.getMetadata('bench');
    if (wanted && outputs.some(holds(wanted.mime))) mark(wanted.mark);
    if (cells.every((cell) => !cell.getMetadata('bench') || cell.getMetadata('bench').mark in bench.marks))
      bench.ended ??= 'all';
  };
  const start = () => {
    const panel = window.jupyterapp?.shell.currentWidget;
    if (!panel?.sessionContext?.session?.kernel || !panel.content.model) return setTimeout(start, 10);
    mark('shell');
    const cells = [...panel.content.model.cells].filter((cell) => cell.type === 'code');
    for (const cell of cells) cell.outputs.changed.connect(() => look(cell, cells));
    window.jupyterapp.commands.execute('notebook:run-all-cells');
  };
  start();
})()"""


@dataclass(frozen=True)
class Condition:
    """What a start is like: `cold` in a fresh profile, `warm` in one that was there once, `offline` in such a one when
    the server has stopped; over which `line`."""

    start: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.start}, {self.line}" if self.line else self.start


@dataclass(frozen=True)
class Run:
    """`measures` holds seconds from the start of the navigation, and the traffic until the last output was there."""

    site: str
    condition: str
    measures: dict[str, float]
    off_origin: tuple[str, ...]


def measure(
    playwright: Playwright, executable: str, site: str, folder: Path, condition: Condition, timeout: float
) -> Run:
    """Measure one start of the site in `folder`; raise RuntimeError if its page does not get to the end.

    Over a line, a `compressed_copy` of the folder stands beside it.
    """
    line = LINES.get(condition.line)
    served = folder.with_name(f"{folder.name}-compressed") if line else folder
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as server:
        url, asked = server.enter_context(recording(served, line and Line(**line)))
        outsiders = stack.enter_context(Outsiders())
        # On disk: in a private window a browser would keep less.
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable, args=[*ARGUMENTS, outsiders.argument]
        )
        stack.callback(context.close)
        context.on("request", outsiders.watch(url))
        context.add_init_script(WATCH)
        if condition.start != "cold":
            _start(context, url, timeout, READS[condition.line])
        if condition.start == "offline":
            server.close()
        before = len(asked)
        bench, started = _start(context, url, timeout)
    if bench["ended"] != "all":
        reached = ", ".join(bench["marks"]) or "nothing"
        raise RuntimeError(f"the page of the {site} site got to {reached}, then: {bench['ended']}")
    seconds = {mark: at / 1000 - started for mark, at in bench["marks"].items()}
    traffic = {"requests": len(asked) - before, "bytes": transferred(asked[before:], folder)}
    return Run(site, str(condition), seconds | traffic, tuple(outsiders.asked))


def _start(context: BrowserContext, url: str, timeout: float, reads: float = 0) -> tuple[dict, float]:
    """What the page says of one visit, and when it began; its tab stays open for `reads` seconds more."""
    tab = context.new_page()
    started = time.time()
    tab.goto(f"{url}{page.APP}/index.html?path={page.NAME}", wait_until="commit")
    bench = _ended(tab, timeout)
    tab.wait_for_timeout(1000 * reads)
    tab.close()
    return bench, started


def _ended(tab: Page, timeout: float) -> dict:
    with contextlib.suppress(TooLate):
        tab.wait_for_function("() => window.coursekitBench?.ended", timeout=timeout * 1000, polling=100)
    bench = tab.evaluate("() => window.coursekitBench")
    return {**bench, "ended": bench["ended"] or f"nothing more came within {timeout:g} s"}
