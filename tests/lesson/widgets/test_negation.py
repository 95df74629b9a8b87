"""A "not" before each word: the readers' own numbers, whom it concerns, and any text at all."""

import time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("ipywidgets")

from lesson import recipes
from lesson.models.reader import Reader
from lesson.models.tiny import TinyTransformerClassifier
from lesson.widgets import place_a_not
from lesson.widgets.negation import MOST_WORDS, draw_negation

RECIPE = recipes.start_from("sentiment")
READER = Reader(RECIPE.params, RECIPE.config, RECIPE.task.vocabulary)
FIRST = TinyTransformerClassifier()
TEXTS = ("product great service support", "boring", "slow, slow film", "a great " * 9, "not not")


def test_the_state_at_first():
    assert repr(place_a_not(READER)).splitlines()[:4] == [
        "Place a not.",
        "product great service support: positive 1.0000 (trained), 0.8972 (lesson 1).",
        "trained: a \"not\" turns the verdict before 'great'; with one, it says 0.0001 to 0.9998.",
        'lesson 1: a "not" turns the verdict nowhere; with one, it says 0.8437 wherever it stands.',
    ]


@pytest.mark.parametrize("place", range(5))
def test_its_numbers_are_the_readers(place):
    words = ["terrible", "product", "service", "support"]
    text = " ".join([*words[: place - 1], "not", *words[place - 1 :]] if place else words)
    trained, first = (each.read(text).probs["positive"] for each in (READER, FIRST))
    markup, summary = draw_negation(READER, FIRST, " ".join(words), place)
    assert summary.startswith(f"{text}: positive {trained:.4f} (trained), {first:.4f} (lesson 1).\n")
    assert f'font-weight="bold">{trained:.4f}<' in markup


def test_a_not_concerns_the_word_after_it():
    summary = draw_negation(READER, FIRST, "terrible product service support", 0)[1]
    assert "trained: a \"not\" turns the verdict before 'terrible'; with one" in summary
    assert 'lesson 1: a "not" turns the verdict nowhere' in summary


@given(st.text(max_size=60), st.integers(0, MOST_WORDS))
@settings(max_examples=40, deadline=None)
def test_any_text_is_drawn_or_refused(text, place):
    try:
        markup, summary = draw_negation(READER, FIRST, text, place)
    except ValueError as error:
        assert "got an empty text" in str(error)
    else:
        assert len(ElementTree.fromstring(markup)) == 2 and summary


def test_hostile_text_stays_text_and_no_text_is_told():
    widget = place_a_not(READER, "<img src=x onerror=alert(1)> </svg><script>")
    for shown in (widget.picture.value, widget.children[-1].value):
        assert "<script" not in shown and "<img" not in shown
    before = widget.picture.value
    widget.controls["text"].value = " ... "
    assert widget.summary == "This cannot be drawn: wanted a word at least, got an empty text."
    assert widget.picture.value == before


def test_what_was_left_out_or_not_understood_is_said():
    summary = draw_negation(READER, FIRST, "a great film " * 4, 0)[1]
    assert "Only the first 8 of 12 words are read here." in summary
    assert "It never learned a, film, and reads <unk>." in summary
    assert (
        'There is no word 7; the "not" stands before the last, word 2.'
        in draw_negation(READER, FIRST, "great box", 7)[1]
    )


def test_fifty_moves_each_right_and_soon():
    widget, slowest = place_a_not(READER), 0.0
    for move in range(50):
        begun = time.process_time()
        if move % 3:
            widget.controls["place"].value = (5 * move) % (MOST_WORDS + 1)
        else:
            widget.controls["text"].value = TEXTS[move % len(TEXTS)]
        slowest = max(slowest, time.process_time() - begun)
        text, place = (widget.controls[name].value for name in ("text", "place"))
        assert (widget.picture.value, widget.summary) == draw_negation(READER, FIRST, text, place)
    assert slowest < 0.4


@pytest.mark.native
def test_a_move_takes_less_than_20_ms():
    widget, times = place_a_not(READER), []
    for move in range(25):
        begun = time.process_time()
        widget.controls["place"].value = move % 8 + 1
        times.append(time.process_time() - begun)
    assert sorted(times)[12] < 0.02


def test_controls_are_labelled():
    assert all(control.description and control.tooltip for control in place_a_not(READER).controls.values())
