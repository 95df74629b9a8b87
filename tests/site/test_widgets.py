"""Widgets of the first lesson, moved by keyboard: at each step the page says what the same code says natively."""

import json

import pytest
from coursekit.notebooks.compare import same_text

from lesson import TinyTransformerClassifier
from lesson.widgets import move_the_query
from lesson.widgets.sentence import draw_sentence

LESSON = "solutions/01-attention-by-hand.ipynb"
MOVES, STEP = 50, 10


@pytest.fixture(scope="module")
def opened(site):
    """One page for both, with a lesson that has run."""
    with site.lab() as lab:
        lab.open(LESSON)
        lab.run_all()
        yield lab
        assert site.unexplained(lab.errors) == []


def explorer(lab, control):
    """The widget that holds a control, and the words under its picture."""
    return control.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]").locator("[role=status]")


def test_every_slider_moves_fifty_times_and_stays_right(opened):
    sliders = opened.page.get_by_role("slider")
    assert sliders.count() >= 2
    model = move_the_query()
    controls = {control.description: control for control in model.controls.values()}
    for index in range(sliders.count()):
        slider = sliders.nth(index)
        name = slider.evaluate("handle => document.getElementById(handle.getAttribute('aria-labelledby')).textContent")
        control, key = controls[name], "ArrowRight"
        slider.focus()
        for move in range(1, MOVES + 1):
            value = float(slider.get_attribute("aria-valuenow"))
            if value >= control.max or value <= control.min:
                key = "ArrowLeft" if value >= control.max else "ArrowRight"
            slider.press(key)
            control.value = round(value + (control.step if key == "ArrowRight" else -control.step), 6)
            if move % STEP == 0:
                expect_words(opened, explorer(opened, slider), model.summary)


def test_the_sentence_box_follows_every_key(opened):
    box = opened.page.get_by_role("textbox", name="Sentence")
    words = explorer(opened, box)
    classifier = TinyTransformerClassifier()
    typed = "not bad but slow, great! <b>amazing</b> not boring"
    box.fill("")
    for count, letter in enumerate(typed, start=1):
        box.press_sequentially(letter)
        if count % STEP == 0:
            expect_words(opened, words, draw_sentence(classifier, typed[:count])[1])
    assert opened.page.locator(".jupyter-widgets b").count() == 0, "what was typed became part of the page"


def expect_words(lab, words, expected: str) -> None:
    """Wait until the words under the picture are those that the same code says natively."""
    deadline = 50
    while not same_text(expected, got := words.inner_text().strip()):
        deadline -= 1
        assert deadline, f"expected {json.dumps(expected)}, got {json.dumps(got)}"
        lab.page.wait_for_timeout(100)
