"""The typed sentence: the classifier's own numbers, whatever anyone types."""

import time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("ipywidgets")

from lesson.models.tiny import TinyTransformerClassifier
from lesson.widgets import type_a_sentence
from lesson.widgets.sentence import draw_sentence

CLASSIFIER = TinyTransformerClassifier()
HOSTILE = "<img src=x onerror=alert(1)> </svg><script>alert('x')</script> \" & great"


def test_it_says_what_it_decides_and_attends_to():
    assert repr(type_a_sentence(CLASSIFIER, "not boring")) == (
        "Type a sentence.\nnegative 0.7225, positive 0.2775.\n"
        "'not' attends most to 'boring' (0.5050).\n'boring' attends most to 'not' (0.5036)."
    )


@given(st.lists(st.sampled_from([*CLASSIFIER.vocab[2:], "Great!", "product.", "why?"]), min_size=1, max_size=16))
@settings(max_examples=30, deadline=None)
def test_its_numbers_are_the_classifiers(words):
    text = " ".join(words)
    summary = draw_sentence(CLASSIFIER, text)[1]
    label = CLASSIFIER.classify(text)
    assert summary.startswith(f"{label} {CLASSIFIER.predict_proba(text)[label]:.4f}, ")
    assert f"({CLASSIFIER.attention_heatmap(text)[-1].max():.4f})." in summary.splitlines()[-1]


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_drawn(text):
    markup, summary = draw_sentence(CLASSIFIER, text)
    assert len(ElementTree.fromstring(markup)) == 2
    assert summary.splitlines()[-1].endswith(").")


def test_hostile_text_stays_text():
    odd = TinyTransformerClassifier(vocab=["<unk>", *HOSTILE.lower().split()])
    widget = type_a_sentence(odd, HOSTILE)
    for shown in (widget.picture.value, widget.children[-1].value):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;img" in shown
    assert [child.tag[-3:] for child in ElementTree.fromstring(widget.picture.value)] == ["svg", "svg"]


def test_empty_text_is_read_as_padding():
    assert "There is no word to read, so it reads <pad>." in draw_sentence(CLASSIFIER, "  ")[1]


@pytest.mark.parametrize("vocab", [None, ["great", "product"]])
def test_unknown_words_are_counted(vocab):
    markup, summary = draw_sentence(TinyTransformerClassifier(vocab=vocab), "great, great product.")
    assert "Words it does not know, and cannot tell apart: 2 of 3." in summary
    unknown, known = ("<unk>" if vocab is None else "<extra>"), "great"
    assert [line.split("'")[1] for line in summary.splitlines()[2:]] == [unknown, known, unknown]
    assert len(ElementTree.fromstring(markup)) == 2


@pytest.mark.parametrize("text", ["great " * 10_000, "great!" * 10_000])
def test_a_long_text_is_cut_and_said_to_be(text):
    begun = time.process_time()
    markup, summary = draw_sentence(CLASSIFIER, text)
    assert "Only the first 16 of 10000 words are read here." in summary
    assert len(markup) < 100_000 and time.process_time() - begun < 1


def test_fifty_edits_stay_right():
    widget = type_a_sentence(CLASSIFIER)
    for edit in range(50):
        text = "not boring and great support"[: edit % 28]
        widget.controls["text"].value = text
        assert (widget.picture.value, widget.summary) == draw_sentence(CLASSIFIER, text)


@pytest.mark.native
def test_an_edit_takes_less_than_20_ms():
    widget, times = type_a_sentence(CLASSIFIER), []
    # Time of this process, not of the clock: what else the machine does is not the widget's doing.
    for edit in range(50):
        begun = time.process_time()
        widget.controls["text"].value = f"not boring and great support {'slow ' * (edit % 10)}{edit}"
        times.append(time.process_time() - begun)
    assert sorted(times)[25] < 0.02


def test_the_box_is_labelled_and_follows_each_key():
    box = type_a_sentence().controls["text"]
    assert box.description and box.tooltip and box.continuous_update
