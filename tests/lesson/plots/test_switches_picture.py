"""Rows of what heads look at: on and off told by sign, right places by an arrow, shades by weight."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.svg import shade
from lesson.plots.switches import switches_picture

WEIGHTS = np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])


def drawn(on=(True, False), letters=("a", "<b>", "a"), right=(False, True, False)):
    return ElementTree.fromstring(switches_picture(WEIGHTS, ["head 1", "head 2"], on, letters, np.array(right)))


def test_a_cell_for_each_weight_pale_where_the_head_is_off():
    cells = drawn().findall("{*}rect")
    assert [cell.attrib["fill"] for cell in cells] == [shade(weight)[0] for weight in WEIGHTS.reshape(-1)]
    assert ["fill-opacity" in cell.attrib for cell in cells] == [False] * 3 + [True] * 3
    assert [cell.find("{*}title").text for cell in cells][1::3] == [
        "head 1 to <b>: 0.7500",
        "head 2 to <b>: 0.0000, switched off",
    ]


def test_signs_say_what_colours_do():
    texts = [text.text for text in drawn().findall("{*}text")]
    assert "✓ head 1" in texts and "– head 2" in texts
    assert texts.count("▼") == 1 and texts[texts.index("▼") - 1] == "<b>"
    assert [text.text for text in drawn((True, True)).findall("{*}text")].count("– head 2") == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"wanted weights \(2, 2\), on and right alike, got \(2, 3\)"):
        drawn(letters=("a", "b"))
    with pytest.raises(ValueError, match="on and right alike"):
        drawn(on=(True,))
