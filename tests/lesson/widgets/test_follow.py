"""The threads: of the heads that are on, of the word that is followed, as strong as asked for."""

import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.plots.threads import thread_picture
from lesson.widgets import follow_the_lines

WORDS = ["not", "very", "not"]
WEIGHTS = np.random.default_rng(0).dirichlet(np.ones(3), (2, 3, 3)).round(4)
HOSTILE = '</svg><script>alert(\'x\')</script>" onload="x" &'
SIMPLE = np.array([[[[0.9, 0.1], [0.0, 1.0]], [[0.5, 0.5], [0.2, 0.8]]]])


def test_all_heads_and_words_in_words():
    assert repr(follow_the_lines(SIMPLE, ["a", "b"])) == (
        "Follow the lines.\nShown: layer 1, the mean of all 2 heads; lines of 0.10 or more.\n"
        "'a' attends most to 'a' (0.7000).\n'b' attends most to 'b' (0.9000)."
    )


def test_one_word_in_words():
    widget = follow_the_lines(SIMPLE, ["a", "b"], ["x", "y"])
    widget.controls["focus"].value = 1
    assert widget.summary.splitlines()[1:] == [
        "'b' attends to 'y' (0.9000), 'x' (0.1000).",
        "Most in each head: 1 'y' (1.0000), 2 'y' (0.8000).",
    ]
    widget.controls["head_2"].value = False
    assert widget.summary.splitlines() == [
        "Shown: layer 1, head 1; lines of 0.10 or more.",
        "'b' attends to 'y' (1.0000).",
    ]


def test_words_that_come_twice_are_told_apart():
    widget = follow_the_lines(WEIGHTS, WORDS)
    labels = [label for label, _ in widget.controls["focus"].options]
    assert labels == ["every word", "not (1)", "very", "not (3)"]
    widget.controls["focus"].value = 2
    assert "'not (3)' attends to " in widget.summary


def test_of_many_words_the_first_few_are_named():
    weights = np.linspace(1, 3, 8) / 16
    widget = follow_the_lines(np.broadcast_to(weights, (1, 1, 8, 8)), list("abcdefgh"))
    widget.controls["focus"].value = 0
    assert widget.summary.splitlines()[1] == (
        "'a' attends to 'h' (0.1875), 'g' (0.1696), 'f' (0.1518), 'e' (0.1339), 'd' (0.1161); to others less."
    )


def test_fifty_moves_each_right():
    widget = follow_the_lines(WEIGHTS, WORDS)
    on = [True, True, True]
    for move in range(50):
        layer, focus, least = move % 2, (None, 0, 1, 2)[move % 4], round(0.05 * (move % 5), 2)
        on[move % 3] = move % 7 < 4
        widget.controls["layer"].value, widget.controls["focus"].value = layer, -1 if focus is None else focus
        widget.controls["least"].value, widget.controls[f"head_{move % 3 + 1}"].value = least, on[move % 3]
        heads = [head for head in range(3) if on[head]]
        if not heads:
            assert widget.summary == "This cannot be drawn: wanted one head or more, got none."
            continue
        numbers = [head + 1 for head in heads]
        expected = thread_picture(WEIGHTS[layer, heads], numbers, WORDS, None, focus, least)
        assert widget.picture.value == expected
        assert f"lines of {least:.2f} or more" in widget.summary


def test_no_head_keeps_the_picture_and_says_so():
    widget = follow_the_lines(SIMPLE, ["a", "b"])
    widget.controls["head_1"].value = False
    before = widget.picture.value
    widget.controls["head_2"].value = False
    assert widget.picture.value == before and "wanted one head or more, got none" in widget.summary
    widget.controls["head_1"].value = True
    assert widget.summary.startswith("Shown: layer 1, head 1;")


def test_hostile_words_stay_text():
    widget = follow_the_lines(WEIGHTS, [HOSTILE] * 3)
    widget.controls["focus"].value = 1
    for shown in (widget.picture.value, widget.children[-1].value):
        assert "<script" not in shown and ' onload="' not in shown and "&lt;/svg&gt;" in shown
    ElementTree.fromstring(widget.picture.value)


def test_controls_are_labelled_and_the_boxes_break_into_rows():
    widget = follow_the_lines(WEIGHTS, WORDS)
    assert all(control.description and control.tooltip for control in widget.controls.values())
    (boxes,) = (child for child in widget.children if child._model_name == "HBoxModel")
    assert [box.description for box in boxes.children] == ["head 1", "head 2", "head 3"]
    assert boxes.layout.flex_flow == "row wrap"
    assert widget.children[-2] is widget.picture


def test_two_made_alike_are_alike_in_all_they_show():
    first, second = (follow_the_lines(WEIGHTS, WORDS) for _ in range(2))
    assert (first.picture.value, repr(first)) == (second.picture.value, repr(second))


@pytest.mark.native
@pytest.mark.parametrize("size", [(6, 8, 24, 24), (12, 12, 24, 24)])
def test_a_move_takes_less_than_150_ms(size):
    weights = np.random.default_rng(0).dirichlet(np.ones(24), size[:3])
    widget, times = follow_the_lines(weights, [f"word{i}" for i in range(24)]), []
    widget.controls["least"].value = 0
    # Time of this process, not of the clock: what else the machine does is not the widget's doing.
    for move in range(20):
        begun = time.process_time()
        widget.controls["layer"].value = (move + 1) % 6
        times.append(time.process_time() - begun)
    assert sorted(times)[10] < 0.15
