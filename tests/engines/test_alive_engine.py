"""A lesson on its reading page, alive in every engine: run, edited, judged, moved, stopped and restarted in place."""

from pathlib import Path

import nbformat
import pytest
from alive_page import AlivePage

from lesson.widgets import move_the_query

pytestmark = pytest.mark.xdist_group("alive")  # one page for all of them, one after the other

LESSON = "01-attention-by-hand"
NOTEBOOK = nbformat.read(Path(__file__).parents[2] / "notebooks" / f"{LESSON}.ipynb", as_version=4)
ANSWERS = {cell.id: cell.source for cell in NOTEBOOK.cells}
MOVES = 25
#: the cell tells of each turn past its worker, so a loop that goes on where nobody sees it is heard
LOOP = """import js, time
turns = js.BroadcastChannel.new("turns")
while True:
    turns.postMessage("another")
    time.sleep(0.05)"""
LISTEN = """() => {
  window.turns = 0;
  new BroadcastChannel('turns').onmessage = () => { window.turns += 1; };
}"""
#: in a second that begins a little later, when all that was told before has arrived
TURNS_LATER = """async () => {
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  await pause(500);
  window.turns = 0;
  await pause(1000);
  return window.turns;
}"""
CONTROL = """(role) => {
  const control = document.querySelector(`[data-cell='query-widget'] input[type=${role}]`);
  control?.focus();
  return Boolean(control) && document.activeElement === control;
}"""
#: from what the front page reads; to write it takes milliseconds, in which no learner leaves, but a test does
NOTED = """async ([exercise]) => {
  const { read } = await import(new URL('../build/home-progress.js', location));
  return (await read()).get(exercise)?.right;
}"""
DONE = "([lesson]) => document.querySelector(`[data-lesson='${lesson}'] .done`)?.innerText.startsWith('1 of')"


@pytest.fixture(scope="module")
def alive(site):
    """One page for all the tests that need its Python; nothing asked for elsewhere, no error unexplained."""
    asked_before = len(site.outsiders.asked)
    with site.lab() as lab:
        yield AlivePage(lab.page, lab.url, LESSON)
        errors = list(lab.errors)
    assert site.outsiders.asked[asked_before:] == []
    # Firefox complains when a page is left before its icon has come.
    assert [error for error in site.unexplained(errors) if "favicon.ico" not in error] == []


def test_run_to_here_and_edit_by_keyboard_alone(alive):
    alive.press("Run to here (3 cells)", "weights")
    assert alive.expect("Done") == "Done: 3 cells have run."
    assert alive.text("weights").split() == ["weights", "[0.2447", "0.6652", "0.09", "]", "sum", "1.0"]
    assert alive.text("scores").strip() == "scores [1. 2. 0.]"
    for key in ("Tab", "Enter", "Control+End"):
        alive.keyboard.press(key)
    alive.keyboard.type("\nfor i in range(2):\nprint('by', i)")
    alive.keyboard.press("Shift+Enter")
    alive.shows("weights", "by 1")
    assert alive.written("weights").endswith("\nfor i in range(2):\n    print('by', i)")
    for key in ("Home", "Tab"):
        alive.keyboard.press(key)
    assert alive.written("weights").endswith("\n        print('by', i)"), "Tab indents"
    for key in ("Escape", "Tab"):
        alive.keyboard.press(key)
    assert not alive.page.evaluate("() => document.activeElement.matches('textarea')")


def test_what_was_written_is_kept_over_a_reload(alive):
    alive.write("output", "print('mine')")
    alive.page.reload()
    alive.page.wait_for_function("() => document.querySelector('textarea')")
    assert alive.written("output") == "print('mine')"
    alive.press("Back to the original", "output")
    assert alive.written("output") == ANSWERS["output"]
    alive.press("Back to what you wrote", "output")
    alive.run("output")
    alive.shows("output", "mine")
    alive.press("Back to the original", "output")


def test_a_check_judges_and_the_front_page_knows(alive):
    alive.run("scores-check")
    alive.shows("scores-check", "not yet")
    alive.write("scores-exercise", ANSWERS["scores-exercise"])
    alive.run("scores-check")
    alive.shows("scores-check", "right: all")
    alive.page.wait_for_function(NOTED, arg=[f"{LESSON}/scores"])
    address = alive.page.evaluate("() => location.href")
    alive.page.goto(address.partition("read/")[0])
    alive.page.wait_for_function(DONE, arg=[LESSON])
    alive.page.goto(address)
    alive.page.wait_for_function("() => document.querySelector('textarea')")
    assert alive.written("scores-exercise") == ANSWERS["scores-exercise"]


def test_a_widget_moves_by_keyboard_and_says_what_python_says_elsewhere(alive):
    alive.run("query-widget")
    alive.page.wait_for_function(CONTROL, arg="range")
    for _ in range(MOVES):
        alive.keyboard.press("ArrowLeft")
    alive.page.wait_for_function(CONTROL, arg="checkbox")
    alive.keyboard.press("Space")
    model = move_the_query()
    for _ in range(MOVES):
        model.controls["x"].value = round(model.controls["x"].value - 0.1, 6)
    model.controls["scaled"].value = True
    alive.shows("query-widget", model.summary, "[role=status]")


def test_an_endless_loop_is_stopped_and_one_press_brings_the_rest_back(alive):
    alive.run("query-widget")
    alive.page.evaluate(LISTEN)
    alive.write("output", LOOP)
    alive.press("Run", "output")
    alive.page.wait_for_function("() => window.turns > 3")
    alive.press("Stop")
    alive.expect("Python was stopped")
    alive.shows("query-widget", "Python was stopped: run the cell again")
    assert alive.page.evaluate(TURNS_LATER) == 0, "the loop goes on where nobody sees it"
    alive.write("output", ANSWERS["output"])
    alive.press("Run to here (4 cells)", "output")
    alive.expect("Done: 4 cells")
    alive.shows("output", "output [3.3476 7.5527]")


def test_a_restart_forgets_what_has_run(alive):
    alive.run("output")
    assert not alive.has("Run to here", "weights")
    alive.press("Restart")
    alive.expect("Python starts anew: nothing has run yet.")
    alive.write("imports", "print('marker' in globals(), 'query' in globals())")
    alive.press("Run", "imports")
    alive.shows("imports", "False False")
    alive.press("Back to the original", "imports")
    alive.press("Run to here (3 cells)", "weights")
    alive.expect("Done: 3 cells")


def test_an_error_is_shown_and_a_picture_has_its_words(alive):
    alive.run("sentence-heatmap")
    alive.page.wait_for_function(
        "() => { const one = document.querySelector(`[data-cell='sentence-heatmap'] img`);"
        " return one?.naturalWidth > 100 && one.alt.includes('attends most to'); }"
    )
    alive.write("order-blind", "1 / 0")
    alive.press("Run", "order-blind")
    alive.expect("ended with an error")
    assert alive.text("order-blind", ".error").endswith("ZeroDivisionError: division by zero")
    alive.press("Back to the original", "order-blind")
