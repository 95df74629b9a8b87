"""Heatmap and overview: right numbers at every choice, said in words, soon."""

import time
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("ipywidgets")

from lesson.plots import heatmap_picture
from lesson.widgets import look_at_all_heads, look_at_weights

WORDS = ["not", "very", "good"]
HOSTILE = '</svg><script>alert(\'x\')</script>" onload="x" &'
#: what XML cannot say; a page can
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=20)


def some(layers=2, heads=3, rows=3, columns=3, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(columns), (layers, heads, rows))


def plain():
    """Two layers of two heads: the word itself, the first word; all alike, and one without a name."""
    first = np.broadcast_to([0.8, 0.1, 0.1], (3, 3))
    mixed = np.array([[0.6, 0.2, 0.2], [0.2, 0.2, 0.6], [0.2, 0.6, 0.2]])[:, [1, 2, 0]]
    return np.array([[np.eye(3) * 0.7 + 0.1, first], [np.full((3, 3), 1 / 3), mixed * 0.5 + 1 / 6]])


def test_the_heatmap_in_words():
    assert repr(look_at_weights(plain(), WORDS)) == (
        "Look at the weights.\nShown: layer 1, the mean of 2 heads.\n"
        "'not' attends most to 'not' (0.8000).\n'very' attends most to 'not' and 'very' (0.4500).\n"
        "'good' attends most to 'not' and 'good' (0.4500)."
    )


def test_all_heads_in_words():
    assert repr(look_at_all_heads(plain(), WORDS)) == (
        "Look at all heads.\nFramed: layer 1, head 1 attends to the same place (0.80).\n"
        "1 of 4 heads attend to the same place, the most: layer 1, head 1 (0.80).\n"
        "1 of 4 heads attend to the first place, the most: layer 1, head 2 (0.80).\n"
        "1 of 4 heads attend to all places alike, the most: layer 2, head 1 (1.00).\n"
        "1 of 4 heads attend to no place plainly.\n"
        "A head is said to attend to a place when 0.5 or more of its weight goes there, on average over the rows "
        "that have a choice; to all places alike when 0.9 or more of it lies as even shares would."
    )


def test_only_the_plainest_heads_are_named_one_by_one():
    share = np.linspace(0.6, 0.9, 8)[:, None, None]
    weights = share * np.eye(3) + (1 - share) / 2 * (1 - np.eye(3))
    line = look_at_all_heads(weights[None], WORDS).summary.splitlines()[1]
    assert line.startswith("8 of 8 heads attend to the same place, the most: layer 1, head 8 (0.90); layer 1, head 7 (")
    assert line.count("head ") == 5


def test_fifty_moves_through_layers_and_heads_each_right():
    weights, widget = some(6, 8, 4, 5), look_at_weights(some(6, 8, 4, 5), list("abcd"), list("vwxyz"))
    for move in range(50):
        layer, head = move % 6, None if move % 9 == 8 else move % 9
        widget.controls["layer"].value, widget.controls["head"].value = layer, -1 if head is None else head
        cells = weights[layer].mean(axis=0) if head is None else weights[layer, head]
        assert widget.picture.value == heatmap_picture(cells, list("abcd"), list("vwxyz"))
        assert f"layer {layer + 1}, {'the mean of 8 heads' if head is None else f'head {head + 1}'}." in widget.summary


def test_fifty_moves_of_the_frame():
    weights = some(6, 8)
    widget = look_at_all_heads(weights, WORDS)
    for move in range(50):
        layer, head = move % 6, move % 8
        widget.controls["layer"].value, widget.controls["head"].value = layer, head
        overview, large = ElementTree.fromstring(widget.picture.value)
        assert f"layer {layer + 1}, head {head + 1} is framed" in overview.attrib["aria-label"]
        assert ElementTree.tostring(large) == ElementTree.tostring(
            ElementTree.fromstring(heatmap_picture(weights[layer, head], WORDS))
        )
        assert widget.summary.startswith(f"Framed: layer {layer + 1}, head {head + 1} attends to ")


@pytest.mark.parametrize("make", [look_at_weights, look_at_all_heads])
def test_two_made_alike_are_alike_in_all_they_show(make):
    first, second = (make(some(), WORDS) for _ in range(2))
    assert (first.picture.value, repr(first)) == (second.picture.value, repr(second))


@pytest.mark.parametrize("make", [look_at_weights, look_at_all_heads])
def test_hostile_words_and_names_stay_text(make):
    widget = make({HOSTILE: some()[0]}, [HOSTILE] * 3)
    for shown in (widget.picture.value, widget.children[-1].value):
        assert "<script" not in shown and ' onload="' not in shown
    assert "&lt;/svg&gt;&lt;script" in widget.picture.value
    ElementTree.fromstring(widget.picture.value)


@given(st.lists(TEXT, min_size=3, max_size=3))
@settings(max_examples=30, deadline=None)
def test_any_words_can_be_drawn(words):
    for make in (look_at_weights, look_at_all_heads):
        ElementTree.fromstring(make(some(1, 1), words).picture.value)


@pytest.mark.parametrize("make", [look_at_weights, look_at_all_heads])
def test_controls_are_sliders_with_names_that_fit_a_telephone(make):
    for control in make(some(), WORDS).controls.values():
        assert control._model_name == "SelectionSliderModel" and control.description and control.tooltip
        assert control.layout.width == "98%"


def test_where_there_is_one_layer_or_head_only_there_is_nothing_to_slide():
    layer, head = look_at_all_heads(some(1, 1), WORDS).controls.values()
    assert layer._model_name == head._model_name == "DropdownModel" and (layer.value, head.value) == (0, 0)


@pytest.mark.native
@pytest.mark.parametrize("make", [look_at_weights, look_at_all_heads])
@pytest.mark.parametrize("size", [(6, 8, 24, 24), (12, 12, 24, 24)])
def test_a_move_takes_less_than_150_ms(make, size):
    widget, times = make(some(*size), [f"word{i}" for i in range(24)]), []
    # Time of this process, not of the clock: what else the machine does is not the widget's doing.
    for move in range(20):
        begun = time.process_time()
        widget.controls["head"].value = (move + 1) % 8
        times.append(time.process_time() - begun)
    assert sorted(times)[10] < 0.15
