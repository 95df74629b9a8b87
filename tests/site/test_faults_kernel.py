"""A Python below a sub-path, whose clock is wrong, that is killed and has its memory filled: no edit is lost."""

import contextlib
from pathlib import Path

import pytest
from coursekit.testing.lab import Lab
from faulty import CLOCK, begun_with, serving_faults
from playwright.sync_api import TimeoutError

SITE = Path(__file__).parents[2] / "build/site"
PANEL = "window.jupyterapp.shell.currentWidget"
CLEAN = f"() => !{PANEL}.context.model.dirty"
YEAR = 2050
SOON = 5  # seconds
#: the minute after which the page offers a way out lasts a tenth of a second here, `workers` has what was made, and
#: `kill` ends one as a browser does, without a word to the page
PAGE = """
  const real = setTimeout;
  window.setTimeout = (act, wait, ...more) => real(act, wait === 60000 ? 100 : wait, ...more);
  const { terminate } = Worker.prototype;
  window.kill = (worker) => terminate.call(worker);
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      workers.push(this);
    }
  };"""
KILL = "() => kill(workers.at(-1))"
#: an older browser
NO_LOCKS = "delete WorkerNavigator.prototype.locks;"
READ = "from lesson.shipped import find\nprint(find('tables/faithfulness.json').stat().st_size > 0)"
#: the memory that arrays fill costs this computer nothing; what is left of it goes to lists
FILL = """import numpy
kept = []
try:
    while True:
        kept.append(numpy.empty(2**24))
except MemoryError:
    kept.pop()
print("nearly full")
while True:
    kept.append(list(range(1000, 2000)))"""


@pytest.fixture(scope="module")
def faults():
    return {"early-worker.js": begun_with(f"const YEAR = {YEAR};{CLOCK}")}


@pytest.fixture(scope="module")
def session(site, first, faults, tmp_path_factory):
    """One page for all of these tests."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "user").mkdir()
    (folder / "user/repo").symlink_to(SITE)
    with serving_faults(folder, faults) as url, site.browser.new_context() as context:
        context.add_init_script(f"const YEAR = {YEAR};{CLOCK}{PAGE}")
        lab = Lab(context.new_page(), f"{url}user/repo/")
        lab.open(first)
        yield lab


def write(lab, source: str) -> int:
    """Put `source` into the first cell of code; return the cell's index."""
    index = next(i for i, cell in enumerate(lab.cells()) if cell["cell_type"] == "code")
    lab.set_source(index, source)
    return index


def begin_to_run(lab, index: int) -> None:
    lab.page.evaluate(f"(index) => {{ {PANEL}.content.activeCellIndex = index; }}", index)
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")


def expect_it_begins_anew(lab, notice: str, source: str, button: str = "Stop Python") -> None:
    said = lab.page.locator(f"#course-notices [data-kind={notice}]")
    said.get_by_role("button", name=button).press("Enter", timeout=60_000)
    lab.page.locator("#course-notices [data-kind=stopped]").wait_for(timeout=120_000)
    assert not said.count()
    index = write(lab, f"{source}\n")
    assert lab.ask("print(6 * 7)").strip() == "42"
    assert lab.cells()[index]["source"] == f"{source}\n"


def test_below_a_path_and_in_another_year_it_runs_reads_and_is_saved(session):
    assert session.ask("import datetime; print(datetime.datetime.now().year)").strip() == str(YEAR)
    index = next(i for i, cell in enumerate(session.cells()) if cell["cell_type"] == "code")
    write(session, f"{session.cells()[index]['source']}\n{READ}")
    cells = [cell for cell in session.run_all() if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    assert not [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert session.cells()[index]["outputs"][0]["text"].split()[-1] == "True"
    session.page.wait_for_function(CLEAN, timeout=30_000)
    stored = session.page.evaluate(
        "async (path) => (await (await import('/user/repo/build/versions-store.js')).copyOf(path)).content.cells",
        session.page.evaluate(f"() => {PANEL}.context.localPath"),
    )
    assert "faithfulness" in stored[index]["source"] and stored[index]["outputs"]


@pytest.mark.parametrize("source", ["print('idle')", "while True:\n    pass"])
def test_a_python_that_was_killed_is_said_at_once_and_begins_anew(session, source):
    """Whether it runs a cell at that moment or waits for one."""
    index = write(session, source)
    if source.startswith("while"):
        begin_to_run(session, index)
        session.page.wait_for_function(f"() => {PANEL}.sessionContext.kernelDisplayStatus === 'busy'")
    notices = session.page.locator("#course-notices p")
    assert "Python has stopped answering" not in str(notices.all_inner_texts())
    session.page.evaluate(KILL)
    session.page.locator("#course-notices [data-kind=ended]").wait_for(timeout=SOON * 1000)
    (said,) = notices.all_inner_texts()
    assert said.startswith("Python has stopped answering") and "your notebook is not" in said
    expect_it_begins_anew(session, "ended", source, "Start Python anew")
    assert "Run to here" in notices.inner_text()


def test_a_memory_full_of_small_things_is_said_and_python_begins_anew(session):
    """If nothing is left to say so with, Python is silent: then the page says that it is busy."""
    index = write(session, FILL)
    begin_to_run(session, index)
    session.until(lambda: "nearly full" in str(session.cells()[index]["outputs"]), timeout=180)
    said = session.page.locator("#course-notices [data-kind=memory]")
    with contextlib.suppress(TimeoutError):
        said.wait_for(timeout=60_000)
    expect_it_begins_anew(session, "memory" if said.count() else "long", FILL)


def test_where_a_browser_knows_no_locks_a_python_that_was_killed_is_said_after_a_minute(session, faults):
    faults["early-worker.js"] = begun_with(NO_LOCKS)
    session.restart()
    index = write(session, "print('never')")
    session.page.evaluate(KILL)
    begin_to_run(session, index)
    expect_it_begins_anew(session, "long", "print('never')")
