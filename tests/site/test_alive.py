"""A lesson on its reading page, alive: cells edited and run in place, and nothing that was typed is lost."""

import re
from pathlib import Path

import nbformat
import pytest
from coursekit.testing.axe import COLOURS, violations

from lesson.widgets import move_the_query

LESSON = "01-attention-by-hand"
NOTEBOOK = nbformat.read(Path(__file__).parents[2] / "notebooks" / f"{LESSON}.ipynb", as_version=4)
ANSWERS = {cell.id: cell.source for cell in NOTEBOOK.cells}
WAIT = 120_000
SETTLED = "() => !document.querySelector('[aria-busy]')"


class Lesson:
    """The reading page of a lesson, and its cells by their ids."""

    def __init__(self, lab, name: str = LESSON):
        self.lab, self.page = lab, lab.page
        assert lab.page.goto(f"{lab.url}read/{name}.html").ok
        self.page.locator(".bar button").first.wait_for()

    def cell(self, name: str):
        return self.page.locator(f"[data-cell='{name}']")

    def button(self, name: str, words: str):
        return self.cell(name).get_by_role("button", name=re.compile(words))

    def output(self, name: str):
        return self.cell(name).locator(".output")

    def expect(self, words: str) -> str:
        """Wait until the status says `words`."""
        said = self.page.locator(".python [role=status]").filter(has_text=words)
        said.wait_for(timeout=WAIT)
        return said.inner_text()

    def run(self, name: str, words: str = "Done") -> None:
        self.button(name, "^Run").click()
        self.page.locator(f"[data-cell='{name}'][aria-busy]").or_(
            self.page.locator(".status", has_text=words)
        ).wait_for()
        self.page.wait_for_function(SETTLED, timeout=WAIT)
        self.expect(words)

    def write(self, name: str, code: str) -> None:
        edit = self.button(name, "^Edit")
        if edit.is_visible():
            edit.click()
        self.cell(name).locator("textarea").fill(code)


@pytest.fixture(scope="module")
def alive(site):
    """One page for all the tests that need its Python."""
    with site.lab() as lab:
        yield Lesson(lab)
        errors = list(lab.errors)
    # The browser says of a handler that it was not let through, though it is about to be taken away.
    assert [error for error in site.unexplained(errors) if "inline event handler" not in error] == []


def test_run_to_here_by_keyboard_alone(alive):
    """From the last of three cells: the two before it run first, and the page says so."""
    button = alive.button("weights", "^Run to here .3 cells.")
    button.focus()
    alive.page.keyboard.press("Enter")
    assert alive.expect("Done") == "Done: 3 cells have run."
    assert alive.output("weights").inner_text().split() == ["weights", "[0.2447", "0.6652", "0.09", "]", "sum", "1.0"]
    assert alive.output("scores").inner_text().strip() == "scores [1. 2. 0.]"
    alive.page.keyboard.press("Tab")
    alive.page.keyboard.press("Enter")
    box = alive.cell("weights").get_by_role("textbox", name="Code of cell 3")
    assert box.evaluate("box => box === document.activeElement")
    alive.page.keyboard.press("ControlOrMeta+End")
    alive.page.keyboard.type("\nfor i in range(2):\nprint('by', i)")
    alive.page.keyboard.press("Shift+Enter")
    alive.output("weights").get_by_text("by 1").wait_for()
    assert box.input_value().endswith("for i in range(2):\n    print('by', i)")
    alive.page.keyboard.press("Home")
    alive.page.keyboard.press("Tab")
    assert box.input_value().endswith("\n        print('by', i)"), "Tab indents"
    alive.page.keyboard.press("Escape")
    alive.page.keyboard.press("Tab")
    assert not box.evaluate("box => box === document.activeElement")


def test_what_was_written_is_kept_and_the_original_comes_back(alive):
    alive.write("output", "print('mine')")
    alive.page.reload()
    box = alive.cell("output").locator("textarea")
    assert box.input_value() == "print('mine')"
    alive.button("output", "^Back to the original").click()
    assert box.input_value() == ANSWERS["output"]
    alive.page.reload()
    assert not box.is_visible()
    alive.button("output", "^Back to what you wrote").click()
    assert box.input_value() == "print('mine')"
    alive.button("output", "^Back to the original").click()
    alive.write("output", "print('again')")
    alive.button("output", "^Back to what you wrote").click()
    assert box.input_value() == "print('mine')"
    alive.button("output", "^Back to what you wrote").click()
    assert box.input_value() == "print('again')", "nothing is dropped"
    alive.button("output", "^Back to the original").click()


def test_a_new_version_of_a_cell_does_not_take_what_was_written(alive):
    name = alive.page.evaluate(
        """() => {
          const name = `edits of ${new URL("..", location.href).pathname} 01-attention-by-hand/scale-experiment`;
          localStorage.setItem(name, JSON.stringify({text: "print('of old')", original: "print('once')", aside: []}));
          return name;
        }"""
    )
    alive.page.reload()
    assert alive.cell("scale-experiment").locator("textarea").input_value() == "print('of old')"
    assert alive.cell("scale-experiment").get_by_text("has a newer version of this cell").is_visible()
    assert "has a newer version" not in alive.cell("scores").inner_text()
    alive.button("scale-experiment", "^Back to the original").click()
    assert alive.cell("scale-experiment").locator("textarea").input_value() == ANSWERS["scale-experiment"]
    assert not alive.cell("scale-experiment").get_by_text("has a newer version of this cell").is_visible()
    alive.page.evaluate("name => localStorage.removeItem(name)", name)


def test_a_check_judges_what_was_written_and_the_front_page_knows(alive):
    alive.run("scores-check")
    alive.output("scores-check").get_by_text("not yet").wait_for()
    alive.write("scores-exercise", ANSWERS["scores-exercise"])
    alive.run("scores-check")
    alive.output("scores-check").get_by_text("right: all").wait_for()
    home = alive.page.context.new_page()
    home.goto(alive.lab.url)
    told = home.locator(f"[data-lesson='{LESSON}'] .done")
    told.filter(has_text=re.compile(r"^1 of \d+ exercises done")).wait_for()
    home.close()


def test_a_widget_moves_and_says_what_python_says_elsewhere(alive):
    alive.run("query-widget")
    slider = alive.cell("query-widget").get_by_role("slider", name="Query, across")
    slider.focus()
    for _ in range(25):
        alive.page.keyboard.press("ArrowLeft")
    box = alive.cell("query-widget").get_by_role("checkbox", name="Divide the scores by √2")
    box.check()
    model = move_the_query()
    for _ in range(25):
        model.controls["x"].value = round(model.controls["x"].value - 0.1, 6)
    model.controls["scaled"].value = True
    alive.cell("query-widget").get_by_role("status").filter(has_text=model.summary).wait_for(timeout=WAIT)
    assert slider.get_attribute("aria-valuetext") == "-1.5"
    assert alive.cell("query-widget").locator("svg[role=img]").count() == 3


def test_pictures_errors_and_hostile_markup(alive):
    alive.run("sentence-heatmap")
    picture = alive.output("sentence-heatmap").locator("img")
    assert "attends most to" in picture.get_attribute("alt")
    assert picture.evaluate("one => one.naturalWidth") > 100
    hostile = "<b>bold</b><img src=x onerror='hit=1'><p onclick='hit=1'>p</p><script>hit=1</script>"
    hostile += "<form><input name=x></form>"
    hostile += "<style>main{display:none}</style><iframe srcdoc='x'></iframe><a href='javascript:window.hit=1'>a</a>"
    alive.write("order-blind", f"from IPython.display import HTML, display\ndisplay(HTML({hostile!r}))\n1 / 0")
    alive.run("order-blind", "ended with an error")
    shown = alive.output("order-blind")
    assert shown.locator(".error").inner_text().endswith("ZeroDivisionError: division by zero")
    assert shown.locator("b").inner_text() == "bold"
    assert shown.locator("script, style, iframe, form, input, [onerror], [onclick], [src], [href]").count() == 0
    assert alive.page.evaluate("() => window.hit") is None
    alive.button("two-unknowns", "^Run to here").click()
    alive.expect("A cell above ended with an error")
    alive.button("order-blind", "^Back to the original").click()


def test_what_the_page_cannot_do_is_said_in_its_place(alive):
    alive.write("output", "from IPython.display import Math, display\ndisplay(Math('x^2'))\ninput('How many? ')")
    alive.run("output", "ended with an error")
    assert "x^2" in alive.output("output").locator("pre").first.inner_text()
    assert "input() cannot ask you anything on this page" in alive.output("output").locator(".error").inner_text()
    for made in ("Tab([w.IntSlider()])", "Accordion([w.IntSlider()])", "Output()"):
        alive.write("output", f"import ipywidgets as w\nw.{made}")
        alive.run("output")
        alive.output("output").get_by_text("This widget can be shown in the running lesson only").wait_for()
    alive.write("output", ANSWERS["output"])


def test_axe_finds_nothing_on_a_page_that_is_alive(alive):
    alive.write("output", "1 / 0")
    alive.run("output", "ended with an error")
    alive.write("output", ANSWERS["output"])
    alive.run("query-widget")
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        alive.page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            alive.page.set_viewport_size({"width": width, "height": 900})
            alive.page.wait_for_timeout(50)
            assert violations(alive.page, rules) == [], (scheme, width)
    alive.page.set_viewport_size({"width": 320, "height": 640})
    assert alive.page.evaluate("() => document.documentElement.scrollWidth") <= 320
    alive.page.set_viewport_size({"width": 1280, "height": 800})


def test_an_endless_loop_is_stopped_and_one_press_brings_the_rest_back(alive):
    alive.run("query-widget")
    alive.write("output", "print('before')\nwhile True:\n    pass")
    alive.button("output", "^Run").click()
    alive.output("output").get_by_text("before").wait_for(timeout=WAIT)
    ended = []
    alive.page.workers[-1].on("close", lambda worker: ended.append(worker))
    alive.page.get_by_role("button", name="Stop", exact=True).click()
    alive.expect("Python was stopped")
    assert alive.cell("output").locator("textarea").input_value().startswith("print('before')")
    alive.cell("query-widget").get_by_text("Python was stopped: run the cell again").wait_for()
    assert alive.cell("query-widget").get_by_role("slider").first.is_disabled()
    alive.write("output", ANSWERS["output"])
    alive.button("output", "^Run to here .4 cells.").click()
    alive.expect("Done: 4 cells")
    alive.output("output").get_by_text("output [3.3476 7.5527]").wait_for()
    assert ended, "the loop goes on where nobody sees it"


def test_a_python_that_ended_by_itself_is_said_and_begins_anew(alive):
    alive.write("output", "import js\njs.close()")
    alive.run("output", "Python has stopped answering")
    alive.write("output", ANSWERS["output"])
    alive.button("output", "^Run to here .4 cells.").click()
    alive.expect("Done: 4 cells")
