"""Drive one JupyterLite page: open a notebook, run it, read its outputs and its kernel."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from playwright.sync_api import ConsoleMessage, Page

READY = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  return Boolean(context?.session?.kernel) && window.jupyterapp.shell.currentWidget.content.model !== null;
}"""
PANEL = "const panel = window.jupyterapp.shell.currentWidget;"
CELLS = f"() => {{ {PANEL} return panel.content.model.toJSON().cells; }}"
RUN_ALL = """() => {
  window.coursekitDone = false;
  window.jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.coursekitDone = true; });
}"""
ASK = f"""async (code) => {{
  {PANEL}
  const future = panel.sessionContext.session.kernel.requestExecute({{code, store_history: false}});
  let text = '';
  future.onIOPub = (message) => {{
    if (message.header.msg_type === 'stream') text += message.content.text;
    if (message.header.msg_type === 'error') text += message.content.evalue;
  }};
  await future.done;
  return text;
}}"""


class Lab:
    """One page of the site; `errors` collects what its console complained of."""

    def __init__(self, page: Page, url: str, app: str = "notebooks"):
        self.page = page
        self.url = url
        self.app = app
        self.errors: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open(self, path: str, timeout: float = 120) -> None:
        """Open the notebook at `path` and wait until its kernel takes code."""
        self.page.goto(f"{self.url}{self.app}/index.html?path={quote(path)}")
        self.wait(timeout)

    def reload(self, timeout: float = 120) -> None:
        self.page.reload()
        self.wait(timeout)

    def wait(self, timeout: float) -> None:
        self.page.wait_for_function(READY, timeout=timeout * 1000)

    def until(self, holds: Callable[[], object], timeout: float = 60) -> None:
        """Wait until `holds()`, which may ask the page what it has to wait for itself; the page goes on meanwhile."""
        deadline = time.monotonic() + timeout
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"it did not hold within {timeout} s")
            self.page.wait_for_timeout(100)

    def run_all(self, timeout: float = 300) -> list[dict]:
        """Run every cell; return the cells with their outputs."""
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function("() => window.coursekitDone", timeout=timeout * 1000)
        return self.cells()

    def run(self, index: int, timeout: float = 300) -> None:
        """Run cell `index` alone."""
        self.page.evaluate(
            f"""([index]) => {{ {PANEL}
              window.coursekitDone = false;
              panel.content.activeCellIndex = index;
              panel.content.deselectAll();
              window.jupyterapp.commands.execute('notebook:run-cell').finally(() => {{ window.coursekitDone = true; }});
            }}""",
            [index],
        )
        self.page.wait_for_function("() => window.coursekitDone", timeout=timeout * 1000)

    def set_source(self, index: int, source: str) -> None:
        """Type `source` into cell `index` in place of what stands there."""
        self.page.evaluate(
            f"([index, source]) => {{ {PANEL} panel.content.model.cells.get(index).sharedModel.setSource(source); }}",
            [index, source],
        )

    def cells(self) -> list[dict]:
        return self.page.evaluate(CELLS)

    def ask(self, code: str) -> str:
        """Run `code` in the kernel, beside the notebook; return what it printed."""
        return self.page.evaluate(ASK, code)

    def restart(self, timeout: float = 120) -> None:
        """Restart the kernel, without the question, and wait until it answers."""
        self.page.evaluate(f"async () => {{ {PANEL} await panel.sessionContext.session.kernel.restart(); }}")
        deadline = time.monotonic() + timeout
        while self.ask("print('here')").strip() != "here":
            if time.monotonic() > deadline:
                raise TimeoutError(f"the kernel did not answer within {timeout} s of its restart")

    def show(self, index: int) -> None:
        """Scroll cell `index` into view: cells are drawn only when seen."""
        self.page.evaluate(f"async (index) => {{ {PANEL} await panel.content.scrollToItem(index); }}", index)

    def element(self, index: int) -> Any:
        """The page's element of cell `index`, scrolled into view."""
        self.show(index)
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")
