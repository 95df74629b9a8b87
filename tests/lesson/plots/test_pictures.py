"""Pictures: what is drawn where, and what is said of it."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots import heatmap_picture, key_picture, share_picture, summarise, value_picture

KEYS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.5]])
WEIGHTS = np.array([0.25, 0.75, 0.0])
VALUES = np.array([[10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def parsed(drawn):
    tree = ElementTree.fromstring(drawn)
    assert tree.attrib["role"] == "img" and tree.attrib["aria-label"].endswith(".")
    return tree


def texts(tree):
    return [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_a_larger_weight_makes_a_larger_disc():
    discs = parsed(key_picture(np.array([1.0, 2.0]), KEYS, WEIGHTS)).findall("{*}circle")
    radii = [float(disc.attrib["r"]) for disc in discs]
    assert radii[1] > radii[0] > radii[2] > 0


def test_the_arrow_ends_at_the_query():
    tip = parsed(key_picture(np.array([3.0, 3.0]), KEYS, WEIGHTS)).find("{*}polygon").attrib["points"].split()[0]
    assert tip == "260.00,20.00"


def test_a_query_of_zero_can_be_drawn():
    assert "nan" not in key_picture(np.zeros(2), KEYS, WEIGHTS)


def test_the_output_is_drawn_between_the_values():
    tree = parsed(value_picture(VALUES, WEIGHTS, WEIGHTS @ VALUES))
    ends = {(line.attrib["x2"], line.attrib["y2"]) for line in tree.findall("{*}line")}
    assert len(ends) == 1
    x, y = map(float, ends.pop())
    assert 20 < x < 260 and 20 < y < 260


def test_values_in_one_place_can_be_drawn():
    assert "nan" not in value_picture(np.ones((2, 2)), np.array([0.5, 0.5]), np.ones(2))


def test_bars_are_as_long_as_the_weights():
    tree = parsed(share_picture(["k1", "k2", "k3"], WEIGHTS, np.array([1.0, 2.0, -0.00001])))
    widths = [float(bar.attrib["width"]) for bar in tree.findall("{*}rect")]
    assert widths == [240, 60, 240, 180, 240, 0]
    assert texts(tree) == [
        "score",
        "weight",
        "k1",
        "1.0000",
        "0.2500",
        "k2",
        "2.0000",
        "0.7500",
        "k3",
        "0.0000",
        "0.0000",
    ]
    assert tree.attrib["aria-label"] == "Shares: k1 0.2500, k2 0.7500, k3 0.0000."


def test_heatmap_shows_each_weight_and_each_word():
    tree = parsed(heatmap_picture(np.array([[0.25, 0.75], [1.0, 0.0]]), ["not", "boring"]))
    assert texts(tree) == ["not", "boring", "not", "boring", "0.25", "0.75", "1.00", "0.00"]
    hints = [cell.find("{*}title").text for cell in tree.findall("{*}rect")]
    assert hints[1] == "not to boring: 0.7500"


def test_a_wide_heatmap_keeps_its_words_and_drops_its_numbers():
    tree = parsed(heatmap_picture(np.full((2, 9), 1 / 9), ["a", "b"], list("abcdefghi")))
    assert len(texts(tree)) == 11 and len(tree.findall("{*}rect")) == 18


def test_long_words_are_cut_and_hostile_ones_escaped():
    drawn = heatmap_picture(np.eye(2), ["<b>bold</b>", "x" * 1000])
    assert "<b>" not in drawn and "xxxxxxxx…" in texts(parsed(drawn))


@pytest.mark.parametrize("drawn", [heatmap_picture, summarise])
def test_words_must_fit_the_weights(drawn):
    with pytest.raises(ValueError, match=re.escape("wanted weights (1, 1), a cell or more, got (2, 2)")):
        drawn(np.eye(2), ["one"])
    with pytest.raises(ValueError, match=re.escape("got (0, 0)")):
        drawn(np.zeros((0, 0)), [])


def test_the_summary_names_the_largest_weight_of_each_row():
    weights = np.array([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2], [1 / 3] * 3])
    assert summarise(weights, ["not", "very", "good"], ["a", "b", "c"]).splitlines() == [
        "'not' attends most to 'c' (0.5000).",
        "'very' attends most to 'a' and 'b' (0.4000).",
        "'good' attends to all alike (0.3333).",
    ]


def test_a_single_word_attends_to_itself():
    assert summarise(np.ones((1, 1)), ["great"]) == "'great' attends most to 'great' (1.0000)."


@pytest.mark.parametrize("columns", [2, 8, 9, 13, 14, 24])
def test_up_to_24_columns_a_heatmap_fits_a_telephone_and_its_words_do_not_overlap(columns):
    tree = parsed(heatmap_picture(np.full((3, columns), 1 / columns), list("abc"), [f"w{i}" for i in range(columns)]))
    assert float(tree.attrib["viewBox"].split()[2]) <= 392 + 1e-6
    first, second, *_ = (float(text.attrib["y"]) for text in tree.findall("{*}text"))
    size = float(tree.find("{*}text").attrib["font-size"])
    assert size >= 11 and second - first >= size


def test_a_wide_heatmap_is_shown_larger_where_there_is_room():
    few, many = (parsed(heatmap_picture(np.eye(n), [f"w{i}" for i in range(n)])) for n in (8, 24))
    assert "width:392px" in few.attrib["style"] and "width:548.8px" in many.attrib["style"]
