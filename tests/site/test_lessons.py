"""Each lesson in a learner's hands: nothing answered, then everything, and every widget moved fifty times."""

import json
import random
import statistics
import time

import pytest
from coursekit.notebooks.compare import same_text
from coursekit.testing.axe import COLOURS, violations
from probes import DARK, HEIGHT, LOST, MOVING, NAMES, SEEN, TOO_WIDE, WATCH

MOVES, WITHIN = 50, 0.4
CONTROLS = "[role=slider], input[type=checkbox], input[type=text], .widget-toggle-button, .widget-toggle-buttons button"
EXPLORERS = """
import json
from ipywidgets.widgets.widget import _instances
from lesson.widgets.explorer import Explorer

for explorer in _instances.values():
    if isinstance(explorer, Explorer):
        values = {name: control.value for name, control in explorer.controls.items()}
        try:
            drawn = explorer._draw(**values)[1]
        except ValueError as error:
            drawn = f"This cannot be drawn: {error}."
        print(json.dumps([explorer.summary, drawn]))
"""


@pytest.fixture(scope="module")
def lesson(site, notebook):
    """The learner's edition, opened once and run untouched from top to bottom."""
    asked_before = len(site.outsiders.asked)
    with site.lab() as lab:
        lab.open(notebook.name)
        lab.run_all()
        yield lab
        assert site.outsiders.asked[asked_before:] == []
        assert site.unexplained(lab.errors) == []


def test_untouched_it_runs_to_the_end_and_each_check_says_not_yet(lesson):
    code = [cell for cell in lesson.cells() if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert errors(code) == []
    judged = [text_of(cell) for cell in code if "check" in tags(cell)]
    assert judged
    assert [text for text in judged if not text.startswith("not yet")] == []


def test_every_control_has_a_name_and_takes_the_focus(lesson):
    """Every lesson has something to move, and all of it can be reached."""
    controls = lesson.page.locator(".jupyter-widgets").locator(CONTROLS)
    assert controls.count()
    lesson.page.keyboard.press("Shift")  # who uses keys is shown where the focus is
    for index in range(controls.count()):
        controls.nth(index).focus()
        assert controls.nth(index).evaluate(SEEN), controls.nth(index).evaluate("e => e.outerHTML")
    names = controls.evaluate_all(NAMES)
    assert all(name.strip() for name in names), names


def test_every_picture_has_its_words(lesson):
    pictures = lesson.page.locator(".widget-html svg, .jp-RenderedImage img")
    assert pictures.count()
    described = pictures.evaluate_all(
        """pictures => pictures.map(p => p.getAttribute('alt') || p.getAttribute('aria-label')
             || p.querySelector('title')?.textContent || '')"""
    )
    assert all(described), described


def test_axe_finds_nothing(lesson):
    """With all of the lesson in the window: of text that is not in it, axe would not see the colour."""
    page, before = lesson.page, lesson.page.viewport_size
    page.set_viewport_size({**before, "height": page.evaluate(HEIGHT)})
    try:
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(DARK)
        assert violations(page, COLOURS) == [], "in the dark"
    finally:
        page.emulate_media(color_scheme="light")
        page.wait_for_function(f"() => !({DARK})()")
        page.set_viewport_size(before)


@pytest.mark.parametrize("width", [320, 640], ids=["a small phone", "a laptop at 200 %"])
def test_nothing_is_wider_than_a_narrow_window(lesson, width):
    before = lesson.page.viewport_size
    lesson.page.set_viewport_size({"width": width, "height": 360})
    try:
        lesson.page.wait_for_timeout(300)
        assert lesson.page.evaluate(TOO_WIDE) == []
    finally:
        lesson.page.set_viewport_size(before)


def test_nothing_is_lost_in_the_colours_that_a_reader_forces(lesson):
    lesson.page.emulate_media(forced_colors="active", color_scheme="dark")
    try:
        assert lesson.page.evaluate("() => matchMedia('(forced-colors: active)').matches")
        assert lesson.page.evaluate(LOST) == []
    finally:
        lesson.page.emulate_media(forced_colors="none", color_scheme="light")


def test_every_widget_takes_fifty_moves_and_answers_each_soon(lesson):
    """Afterwards the page says what the kernel says, and the kernel what a fresh drawing of its controls would."""
    widgets = lesson.page.locator(".widget-vbox:has([role=status])")
    regions = widgets.locator("[role=status][aria-live]").element_handles()
    rng, before = random.Random(58), spoken(widgets)
    for index in range(widgets.count()):
        controls = widgets.nth(index).locator(CONTROLS)
        seconds = [move(lesson, controls.nth(rng.randrange(controls.count())), rng) for _ in range(MOVES)]
        assert statistics.median(seconds) <= WITHIN, f"widget {index} answered after {statistics.median(seconds):.2f} s"
    said = [json.loads(line) for line in lesson.ask(EXPLORERS).splitlines()]
    assert len(said) == widgets.count()
    assert [summary for summary, drawn_anew in said if drawn_anew not in summary] == []
    after = spoken(widgets)
    assert [text for text in after if not any(same_text(summary, text) for summary, _ in said)] == []
    assert [text for text, other in zip(before, after, strict=True) if text == other] == []
    # A screen reader hears a change inside a region, and may not hear a new region.
    assert [region.inner_text().strip() for region in regions if region.evaluate("e => e.isConnected")] == after
    assert lesson.page.evaluate(MOVING) == []


def test_nothing_moves_by_itself_where_motion_is_reduced(lesson):
    """A press on a slider's track would let its handle glide; what a training draws anew is still drawn."""
    page = lesson.page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(WATCH)
    for slider in page.locator(".widget-slider .noUi-target").all():
        slider.click(position={"x": 2, "y": 2})
        slider.click()
    train = page.get_by_role("button", name="Train", exact=True)
    for index in range(train.count()):
        train.nth(index).press("Enter")
        page.wait_for_function("index => document.querySelectorAll('progress')[index]?.value > 0", arg=index)
        page.get_by_role("button", name="Stop", exact=True).nth(index).press("Enter")
    assert page.evaluate("() => window.moved") == page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")


def test_answers_typed_into_it_are_right(lesson, committed):
    answers = {cell["id"]: cell["source"] for cell in committed.cells if "exercise" in cell.metadata.get("tags", [])}
    cells = lesson.cells()
    assert answers.keys() <= {cell["id"] for cell in cells}
    for index, cell in enumerate(cells):
        if cell["id"] in answers:
            lesson.set_source(index, answers[cell["id"]])
        if {"exercise", "check"} & set(tags(cell)):
            lesson.run(index)
    judged = [text_of(cell) for cell in lesson.cells() if "check" in tags(cell)]
    assert [text for text in judged if not text.startswith("right")] == []


def move(lesson, control, rng: random.Random) -> float:
    """Move a control a little, by keyboard, and return the seconds until the kernel had answered."""
    control.focus()
    start = time.perf_counter()
    if control.get_attribute("role") == "slider":
        lesson.page.keyboard.press(rng.choice(["ArrowLeft", "ArrowRight", "ArrowRight"]))
    elif control.get_attribute("type") == "text":
        lesson.page.keyboard.type(rng.choice("ab <!"))
    else:
        lesson.page.keyboard.press("Space")
    lesson.ask("pass")
    return time.perf_counter() - start


def spoken(widgets) -> list[str]:
    return [words.inner_text().strip() for words in widgets.locator("[role=status]").all()]


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def errors(cells: list[dict]) -> list[str]:
    return [output["evalue"] for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]


def text_of(cell: dict) -> str:
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
    return "".join("".join(text) for text in texts)
