"""Clocks and scores drawn: hands that point where they should, places without a score shaded, words escaped."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.places import clock_picture, score_picture


def clocks(first, second, names=("key", "<b>"), below=("6",)):
    return ElementTree.fromstring(clock_picture(np.array(first), np.array(second), names, below))


def hands(picture):
    lines = picture.findall("{*}line")
    return [tuple(float(line.attrib[end]) for end in ("x1", "y1", "x2", "y2")) for line in lines]


def test_hands_point_up_and_right_whatever_their_length():
    up, right = hands(clocks([[0.0, 0.5]], [[2.0, 0.0]]))
    assert up[0] == up[2] and up[3] == up[1] - 32
    assert right[1] == right[3] and right[2] == right[0] + 32


def test_the_second_hand_is_dashed_and_the_title_says_so():
    picture = clocks([[0.0, 1.0]], [[1.0, 0.0]])
    assert ["stroke-dasharray" in line.attrib for line in picture.findall("{*}line")] == [False, True]
    assert picture.find("{*}title").text == "Clocks in a row, each with a hand of key, whole, and one of <b>, dashed."


def test_hands_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"wanted two hands \(1, 2\), got \(2, 2\)"):
        clocks(np.ones((2, 2)), np.ones((2, 2)))


def scores(values, at, missing="<none>"):
    return ElementTree.fromstring(score_picture(np.array(values), at, "apart", (0.0, 2.0), missing))


def test_higher_scores_stand_higher_and_the_diamond_is_now():
    picture = scores([0.0, 2.0, 1.0], 1)
    low, high, middle = (float(dot.attrib["cy"]) for dot in picture.findall("{*}circle"))
    assert high < middle < low and middle == (low + high) / 2
    assert picture.find("{*}path").attrib["d"].split("l")[0].endswith(f" {high - 8:g}")
    assert "score now: 2.0000" in [text.text for text in picture.findall("{*}text")]


def test_places_without_a_score_are_shaded_not_drawn():
    picture = scores([0.0, np.nan, np.nan], 2)
    assert len(picture.findall("{*}circle")) == 1 and picture.find("{*}path") is None
    frame, shaded = picture.findall("{*}rect")
    assert float(shaded.attrib["width"]) == pytest.approx(float(frame.attrib["width"]) * 2 / 3, rel=1e-4)
    assert "<none>" in [text.text for text in picture.findall("{*}text")]


def test_a_flat_span_is_no_error_and_a_place_outside_is():
    ElementTree.fromstring(score_picture(np.ones(3), 0, "apart", (1.0, 1.0)))
    with pytest.raises(ValueError, match="wanted a place of the scores, 0 to 2, got 3"):
        scores([1.0, 1.0, 1.0], 3)
