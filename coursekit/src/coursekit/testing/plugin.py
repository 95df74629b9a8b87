"""The pytest plugin: each cell of each notebook is a test item, run in a built site in a real browser.

    pytest --browser-site build/site notebooks tests/site

The committed outputs are what is expected. Nothing is skipped: no browser, no site, no pass.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from ..notebooks.compare import WIDGET_STATE, differences
from .site import Site, built_site, close_site, site_of

if TYPE_CHECKING:
    from .lab import Lab


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("coursekit", "a JupyterLite course in the browser")
    group.addoption("--browser-site", metavar="DIR", help="the built site: run notebooks there, in a browser")
    group.addoption("--browser-engine", choices=("chromium", "firefox", "webkit"), default="chromium")
    group.addoption("--browser-timeout", type=float, default=300, metavar="S", help="for all cells of one notebook")
    parser.addini("browser_path", "where a notebook stands in the site; {name} is its file name", default="{name}")
    parser.addini("browser_app", "the JupyterLite app that opens it", default="notebooks")
    parser.addini("browser_explained", "console errors that are explained, one regular expression a line", "linelist")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("browser_site"):
        built_site(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".ipynb" and parent.config.getoption("browser_site"):
        return BrowserNotebook.from_parent(parent, path=file_path)
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    close_site(config)


class BrowserNotebook(pytest.File):
    """A committed notebook; runs once, in a browser profile of its own."""

    _ran = None

    def collect(self) -> Iterator[pytest.Item]:
        notebook = nbformat.read(self.path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        models = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
        for number, cell in enumerate(code):
            name = f"cell-{number:02d}-{cell.get('id', '')}"
            yield self._together(BrowserCell.from_parent(self, name=name, number=number, cell=cell, models=models))
        yield self._together(BrowserPage.from_parent(self, name="page", cells=len(code)))

    def _together(self, item: pytest.Item) -> pytest.Item:
        """Keep the items of one notebook in one process (`--dist loadgroup`): it runs once for all of them."""
        item.add_marker(pytest.mark.xdist_group(self.path.name))
        return item

    def transcript(self):
        """What happened in the browser; an exception is kept too, and raised for every cell."""
        if self._ran is None:
            try:
                self._ran = self._run()
            except Exception as error:
                self._ran = error
        if isinstance(self._ran, Exception):
            raise self._ran
        return self._ran

    def _run(self):
        from .transcript import run

        site = site_of(self.config)
        with site.lab() as lab:
            path = self.config.getini("browser_path").format(name=self.path.name)
            return run(lab, path, site.outsiders.asked, self.config.getoption("browser_timeout"))


class BrowserCell(pytest.Item):
    """One code cell: what it shows in the browser is what was committed."""

    def __init__(self, *, number: int, cell: dict, models: dict, **kwargs: object):
        super().__init__(**kwargs)
        self.number, self.cell, self.models = number, cell, models

    def runtest(self) -> None:
        _expect(self.cell["execution_count"], "the committed cell was never run")
        ran = self.parent.transcript()
        got = ran.code[self.number]
        _expect(got["source"] == self.cell["source"], "the site ships another source than was committed")
        _expect(got["execution_count"], "the cell did not run in the browser")
        found = differences(self.cell["outputs"], got["outputs"], self.models, ran.models)
        _expect(not found, "\n".join(found))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.name}::{self.name} in the browser"


class BrowserPage(pytest.Item):
    """The page as a whole: nothing asked for elsewhere, no error unexplained, every widget drawn."""

    def __init__(self, *, cells: int, **kwargs: object):
        super().__init__(**kwargs)
        self.cells = cells

    def runtest(self) -> None:
        ran = self.parent.transcript()
        _expect(len(ran.code) == self.cells, f"{self.cells} code cells were committed, the site has {len(ran.code)}")
        _expect(not ran.asked, f"requests left the site's origin: {ran.asked}")
        unexplained = site_of(self.config).unexplained(ran.errors)
        _expect(not unexplained, "errors on the page:\n" + "\n".join(unexplained))
        _expect(not ran.broken_views, f"widgets were not drawn: {ran.broken_views}")

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.name} as a page of the browser"


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        pytest.fail(otherwise, pytrace=False)


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The built site, served, with a browser beside it."""
    return site_of(request.config)


@pytest.fixture
def lab(site: Site) -> Iterator["Lab"]:
    """A page of the site in a fresh profile; afterwards: nothing asked for elsewhere, no error unexplained."""
    asked_before = len(site.outsiders.asked)
    with site.lab() as one:
        yield one
        errors = list(one.errors)
    assert site.outsiders.asked[asked_before:] == []
    assert site.unexplained(errors) == []
