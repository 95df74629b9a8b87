"""The pytest plugin, as far as it goes without a browser: what is collected, and what makes an item fail."""

import contextlib
import dataclasses
from types import SimpleNamespace

import nbformat
import pytest
from coursekit.testing import browser, plugin
from coursekit.testing.transcript import Transcript
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.native
pytest_plugins = ["pytester"]

PRINTED = new_output("stream", name="stdout", text="0.5\n")


@pytest.fixture
def course(pytester, monkeypatch):
    """A folder with a committed notebook of two code cells, and a built site; no plugin but this one."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p coursekit.testing.plugin")
    cells = [
        new_markdown_cell("# Title", id="title"),
        new_code_cell("print(1 / 2)", id="half", execution_count=1, outputs=[PRINTED]),
        new_code_cell("x = 1", id="set", execution_count=2),
    ]
    nbformat.write(new_notebook(cells=cells), pytester.path / "one.ipynb")
    (pytester.path / "site").mkdir()
    (pytester.path / "site" / "jupyter-lite.json").write_text("{}")
    return pytester


@pytest.fixture
def told():
    """What the browser tells when all is well."""
    cells = [
        {"source": "print(1 / 2)", "execution_count": 1, "outputs": [dict(PRINTED)]},
        {"source": "x = 1", "execution_count": 2, "outputs": []},
    ]
    return Transcript(code=cells, models={}, errors=[], asked=[], broken_views=[])


@pytest.fixture
def run(course, monkeypatch):
    """Run pytest over the course with a browser that tells the given transcript."""

    def with_transcript(transcript, *arguments):
        monkeypatch.setattr(plugin.Site, "_start", lambda self, folder: None)
        monkeypatch.setattr(plugin.BrowserNotebook, "_run", lambda self: transcript)
        return course.runpytest("--browser-site", "site", "-rA", *arguments)

    return with_transcript


def test_without_a_site_notebooks_are_left_to_others(course):
    course.runpytest().assert_outcomes()
    course.runpytest("--collect-only", "-q").stdout.no_fnmatch_line("*one.ipynb*")


@pytest.mark.parametrize("folder", ["none", "empty", "one.ipynb"])
def test_a_folder_that_is_no_site_is_a_usage_error_and_nothing_runs(course, folder):
    course.mkdir("empty")
    result = course.runpytest("--browser-site", folder)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--browser-site must name a built site; got '{folder}'*"])


@pytest.mark.slow
def test_without_a_browser_every_item_fails(course, monkeypatch):
    monkeypatch.setattr(browser, "find", lambda playwright: None)
    monkeypatch.setattr("playwright.sync_api.sync_playwright", contextlib.nullcontext)
    result = course.runpytest("--browser-site", "site")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["E *UsageError: no Chromium: `coursekit browser` installs one"])


def test_what_was_started_is_stopped_again_without_a_browser(course, monkeypatch):
    """A server that an exception keeps alive would hold up pytest's end for ever."""
    stopped, found = [], [True, False]

    def start(self, folder):
        self._stack.callback(stopped.append, folder)
        if not found.pop(0):
            raise pytest.UsageError("no Chromium")

    monkeypatch.setattr(plugin.Site, "_start", start)
    config = SimpleNamespace(getoption=lambda name: str(course.path / "site"))
    site = plugin.Site(config)
    assert stopped == []
    with pytest.raises(pytest.UsageError, match="no Chromium"):
        plugin.Site(config)
    assert stopped == [course.path / "site"]
    site.close()
    assert len(stopped) == 2


def test_a_fixture_without_a_site_is_an_error_and_no_skip(pytester):
    pytester.makepyfile("def test_page(lab): pass")
    pytester.runpytest().assert_outcomes(errors=1)


def test_each_code_cell_is_an_item_and_so_is_the_page(run, told):
    result = run(told)
    result.assert_outcomes(passed=3)
    names = ("cell-00-half", "cell-01-set", "page")
    result.stdout.fnmatch_lines([f"PASSED one.ipynb::{name}" for name in names])


def changed(told, number, **more):
    code = [dict(cell) for cell in told.code]
    code[number].update(more)
    return dataclasses.replace(told, code=code)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"outputs": []}, "expected 1 outputs*stream*got 0*"),
        ({"outputs": [{**PRINTED, "text": "0.7\n"}]}, "*expected '0.5', got '0.7'*"),
        ({"source": "print(2)"}, "*the site ships another source than was committed*"),
        ({"execution_count": None}, "*the cell did not run in the browser*"),
    ],
)
def test_a_cell_that_differs_fails_alone(run, told, more, said):
    result = run(changed(told, 0, **more))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines([said, "FAILED one.ipynb::cell-00-half*"])


def test_a_committed_cell_that_was_never_run_fails(run, told, course):
    notebook = nbformat.read(course.path / "one.ipynb", as_version=4)
    notebook.cells[2].execution_count = None
    nbformat.write(notebook, course.path / "one.ipynb")
    result = run(told)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*the committed cell was never run*"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"asked": ["GET https://elsewhere.example/"]}, "*requests left the site's origin: *elsewhere.example*"),
        ({"errors": ["boom (a.js)"]}, "boom (a.js)"),
        ({"broken_views": ["Error displaying widget"]}, "*widgets were not drawn: *"),
    ],
)
def test_a_page_that_went_wrong_fails_alone(run, told, more, said):
    result = run(dataclasses.replace(told, **more))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines([said, "FAILED one.ipynb::page*"])


def test_an_error_that_is_explained_is_none(run, told, course):
    course.makeini("[pytest]\nbrowser_explained =\n    ^known (boom|bang)\n    other\n")
    run(dataclasses.replace(told, errors=["known bang (a.js)"])).assert_outcomes(passed=3)
    run(dataclasses.replace(told, errors=["unknown known bang"])).assert_outcomes(passed=2, failed=1)


def test_a_cell_that_the_site_has_beside_the_committed_ones_fails_the_page(run, told):
    result = run(dataclasses.replace(told, code=[*told.code, told.code[1]]))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*2 code cells were committed, the site has 3*"])


@pytest.mark.slow
def test_a_browser_that_breaks_fails_every_item_and_is_asked_once(course, monkeypatch):
    asked = []

    def broken(self):
        asked.append(self)
        raise RuntimeError("the browser broke")

    monkeypatch.setattr(plugin.Site, "_start", lambda self, folder: None)
    monkeypatch.setattr(plugin.BrowserNotebook, "_run", broken)
    course.runpytest("--browser-site", "site").assert_outcomes(failed=3)
    assert len(asked) == 1
