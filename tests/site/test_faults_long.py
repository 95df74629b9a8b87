"""What a long session does to a page: many restarts, many moves, no memory left. It answers, and grows no more."""

import statistics

import pytest

LESSON = "solutions/01-attention-by-hand.ipynb"
RESTARTS = 20
MOVES, ENOUGH = 200, 50
ANSWER = 400  # milliseconds
GROWTH = 10  # megabytes
SIZES = """() => ({
  cells: JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.toJSON().cells).length,
  elements: document.getElementsByTagName('*').length,
})"""
MODELS = "from ipywidgets.widgets import widget; print(len(widget._instances))"
#: from the key that is pressed next: `answered` becomes the milliseconds until the words under the picture are others
WATCH = """([slider, words]) => {
  const before = words.textContent;
  window.answered = new Promise((resolve) => slider.addEventListener('keydown', () => {
    const begun = performance.now();
    const seen = new MutationObserver(() => {
      if (words.textContent === before) return;
      seen.disconnect();
      resolve(performance.now() - begun);
    });
    seen.observe(words, { subtree: true, childList: true, characterData: true });
  }, { once: true, capture: true }));
}"""


@pytest.fixture(scope="module")
def session(site):
    """One page with a lesson that has run, for all of these tests, as a learner has it open all day."""
    with site.lab() as lab:
        lab.open(LESSON)
        lab.run_all()
        yield lab


def heap(lab) -> float:
    """Megabytes of the page's own objects that are in use."""
    devtools = lab.page.context.new_cdp_session(lab.page)
    devtools.send("HeapProfiler.collectGarbage")
    devtools.send("Performance.enable")
    found = devtools.send("Performance.getMetrics")
    devtools.detach()
    return next(one["value"] for one in found["metrics"] if one["name"] == "JSHeapUsedSize") / 1e6


def test_two_hundred_moves_are_answered_at_once_and_leave_nothing_behind(session):
    slider = session.page.get_by_role("slider").first
    words = slider.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]").locator("[role=status]")
    slider.focus()
    before, models, waits = None, None, []
    for move in range(MOVES):
        if move == MOVES // 4:
            before, models = session.page.evaluate(SIZES), session.ask(MODELS)
        session.page.evaluate(WATCH, [slider.element_handle(), words.element_handle()])
        session.page.keyboard.press("ArrowLeft" if move // 10 % 2 else "ArrowRight")
        waits.append(session.page.evaluate("() => window.answered"))
    assert statistics.median(waits) < ANSWER, waits
    assert statistics.median(waits[-ENOUGH:]) < 2 * statistics.median(waits[:ENOUGH]), "it became slower"
    print("median of", MOVES, "moves:", statistics.median(waits), "ms; longest:", max(waits))
    after = session.page.evaluate(SIZES)
    assert all(after[what] <= before[what] for what in after), (before, after)
    assert session.ask(MODELS) == models, "Python holds more widgets than before"


def test_python_without_memory_says_so_and_runs_the_next_cell(session):
    """Memory that is asked for and never touched costs this computer nothing."""
    index = max(i for i, cell in enumerate(session.cells()) if cell["cell_type"] == "code")
    session.set_source(index, "import numpy\nkept = []\nwhile True:\n    kept.append(numpy.empty(2**24))")
    session.run(index)
    (output,) = session.cells()[index]["outputs"]
    assert "MemoryError" in output["ename"] and output["evalue"].startswith("Unable to allocate 128. MiB")
    assert int(session.ask("print(len(kept))")) > 3, "that was not much"
    session.set_source(index, "kept.clear()\nprint(numpy.ones(2**20).sum())")
    session.run(index)
    (output,) = session.cells()[index]["outputs"]
    assert output["text"].strip() == "1048576.0"


def test_twenty_restarts_leave_one_python_and_no_litter(session):
    """Nine of ten are pressed again before Python is back, as impatient people do."""
    after = []
    for _ in range(RESTARTS // 10):
        for _ in range(9):
            session.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        session.restart()
        after.append(heap(session))
        assert len(session.page.workers) == 1, "an earlier Python is still there"
    assert session.page.locator("#course-notices [data-kind=ended]").count() == 0, "they were ended on purpose"
    assert session.ask("import lesson, numpy; print(numpy.ones(3).sum())").strip() == "3.0"
    print("megabytes of the page's objects:", after)
    assert after[-1] < after[0] + GROWTH, after
