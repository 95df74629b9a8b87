"""Layers drawn above one another: who knows is ticked, what carries is thick, what is one's own is dotted."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.reach import reach_picture

MASK = np.array([[True, True], [False, False]])


def drawn(known, mask=MASK, tokens=("a", "<b>"), followed=1):
    return ElementTree.fromstring(reach_picture(mask, np.array(known), tokens, followed))


def test_lines_are_the_mask_and_everybodys_memory():
    picture = drawn([[False, True], [True, True]])
    lines = picture.findall("{*}line")
    ends = {(float(line.attrib["x1"]), float(line.attrib["x2"])) for line in lines}
    left, right = sorted({x for pair in ends for x in pair})
    assert ends == {(left, left), (right, left), (right, right)}
    dotted = [line for line in lines if "stroke-dasharray" in line.attrib]
    assert [(float(line.attrib["x1"]), float(line.attrib["x2"])) for line in dotted] == [(right, right)]
    thick = {(float(line.attrib["x1"])) for line in lines if line.attrib.get("stroke-width") == "3"}
    assert thick == {right}


def test_a_place_that_knows_is_filled_and_ticked():
    picture = drawn([[False, True], [True, True], [True, True]])
    filled = [circle for circle in picture.findall("{*}circle") if circle.attrib.get("fill", "").startswith("#")]
    assert len(picture.findall("{*}circle")) == 6
    assert len(filled) == len(picture.findall("{*}path")) == 5


def test_it_has_a_title_and_escapes_words():
    assert drawn([[False, True], [True, True]]).find("{*}title").text == (
        "Layers above one another: where '<b>' is known after 1 of these layers."
    )


@pytest.mark.parametrize(
    ("mask", "known", "followed"),
    [(np.ones((2, 3)), np.ones((2, 2)), 0), (MASK, np.ones((2, 3)), 0), (MASK, np.ones((2, 2)), 2)],
)
def test_what_does_not_fit_is_refused(mask, known, followed):
    with pytest.raises(ValueError, match="wanted 2 tokens"):
        reach_picture(mask, known, ("a", "b"), followed)
