"""The moving query: right numbers at every place, and controls that can be found and used."""

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("ipywidgets")

from lesson.nn.attention import scaled_dot_product_attention
from lesson.widgets import move_the_query
from lesson.widgets.query import KEYS, VALUES, draw_query

KEYS, VALUES = np.array(KEYS), np.array(VALUES)


def told(summary):
    """The numbers of a summary: query, scores, weights, output."""
    return [np.array(list(map(float, part.split(",")))) for part in re.findall(r"\(([^)]*)\)", summary)]


def test_the_numbers_on_paper():
    assert repr(move_the_query()) == (
        "Move the query.\nThe query is (1.00, 2.00). It matches k2 best. Scores: (1.0000, 2.0000, 0.0000). "
        "Weights: (0.2447, 0.6652, 0.0900). Output: (3.3476, 7.5527)."
    )


@given(st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_scaled_it_is_the_packages_attention(x, y):
    query = np.array([x, y])
    output, cache = scaled_dot_product_attention(query[None], KEYS, VALUES)
    _, scores, weights, mixed = told(draw_query(query, KEYS, VALUES, scaled=True)[1])
    np.testing.assert_allclose(scores, KEYS @ query / np.sqrt(2), atol=6e-5)
    np.testing.assert_allclose(weights, cache.weights[0], atol=6e-5)
    np.testing.assert_allclose(mixed, output[0], atol=6e-5)


def test_ties_are_told_as_ties():
    assert "All keys match it alike." in draw_query(np.zeros(2), KEYS, VALUES, True)[1]
    assert "It matches k1 and k2 best." in draw_query(np.array([1.0, 1.0]), KEYS, VALUES, True)[1]


def test_fifty_moves_each_right_and_soon():
    widget, slowest = move_the_query(), 0.0
    for move in range(50):
        name, value = ("x", "y")[move % 2], round(-3 + 6 * move / 49, 1)
        begun = time.process_time()
        widget.controls[name].value = value
        slowest = max(slowest, time.process_time() - begun)
        query = np.array([widget.controls["x"].value, widget.controls["y"].value])
        assert (widget.picture.value, widget.summary) == draw_query(query, KEYS, VALUES, False)
        np.testing.assert_allclose(told(widget.summary)[0], query, atol=1e-9)
    assert slowest < 0.4


@pytest.mark.native
def test_a_move_takes_less_than_20_ms():
    widget, times = move_the_query(), []
    # Time of this process, not of the clock: what else the machine does is not the widget's doing.
    for move in range(50):
        begun = time.process_time()
        widget.controls["x"].value = -3 + move / 10
        times.append(time.process_time() - begun)
    assert sorted(times)[25] < 0.02


def test_the_box_divides_the_scores():
    widget = move_the_query()
    widget.controls["scaled"].value = True
    np.testing.assert_allclose(told(widget.summary)[1], [0.7071, 1.4142, 0], atol=1e-9)


def test_controls_are_labelled_wide_enough_and_bounded():
    for control in move_the_query().controls.values():
        assert control.description and control.tooltip
        assert control.layout.width == "98%"
    x = move_the_query().controls["x"]
    x.value = 99
    assert x.value == 3


def test_the_three_pictures_have_names():
    markup = ElementTree.fromstring(move_the_query().picture.value)
    pictures = markup.findall("{*}svg")
    assert len(pictures) == 3
    assert all(p.attrib["role"] == "img" and p.attrib["aria-label"] and p.find("{*}title").text for p in pictures)


def test_no_minus_zero_is_shown():
    summary = draw_query(np.array([0.0, -0.00001]), KEYS, VALUES, True)[1]
    assert "-0.00001" not in summary and not re.search(r"-0\.0+\b(?!\d)", summary)


@pytest.mark.parametrize("wrong", [{"keys": [[1.0]]}, {"values": [[1.0, 2.0]]}, {"query": (1.0,)}])
def test_what_is_no_plane_is_refused(wrong):
    with pytest.raises(ValueError, match=r"wanted keys \(S, 2\), values \(S, 2\), query \(2,\), got "):
        move_the_query(**wrong)
