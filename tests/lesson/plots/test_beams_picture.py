"""The tree of a search drawn: every branch below its parent, kept and dropped told apart, words escaped."""

from xml.etree import ElementTree

import pytest

from lesson.plots.beams import Branch, beam_picture

ROWS = [
    [Branch("the", 0.5, 0), Branch("<b>", 0.4, 0, winning=True), Branch("once", 0.1, 0, kept=False)],
    [Branch("ends", 0.35, 1, winning=True), Branch("dog", 0.2, 0)],
]


def drawn(rows=ROWS):
    return ElementTree.fromstring(beam_picture(rows, "."))


def middles(rectangles):
    return [float(box.attrib["x"]) + float(box.attrib["width"]) / 2 for box in rectangles]


def test_a_line_leads_from_each_parent_to_its_branch():
    root, the, b, once, ends, dog = middles(drawn().findall("{*}rect"))
    lines = [(float(line.attrib["x1"]), float(line.attrib["x2"])) for line in drawn().findall("{*}line")]
    assert lines == [(root, the), (root, b), (root, once), (b, ends), (the, dog)]
    assert root == the == ends < b == dog < once


def test_dropped_ones_are_dashed_and_the_winners_bold():
    dashed = [("stroke-dasharray" in box.attrib) for box in drawn().findall("{*}rect")]
    assert dashed == [False, False, False, True, False, False]
    texts = [(text.text, "font-weight" in text.attrib) for text in drawn().findall("{*}text")]
    assert texts[::2] == [("“.”", True), ("the", False), ("<b>", True), ("once", False), ("ends", True), ("dog", False)]
    assert texts[1::2][:3] == [("1.000", True), ("0.500", False), ("0.400", True)]


def test_every_box_says_what_it_is():
    hints = [box.find("{*}title").text for box in drawn().findall("{*}rect")]
    assert hints[1] == "the: 0.5000, kept" and hints[3] == "once: 0.1000, dropped"
    assert drawn().attrib["aria-label"].startswith("Tree of 2 steps")


@pytest.mark.parametrize("parent", [2, 3, -1])
def test_nothing_grows_from_what_was_dropped_or_is_not_there(parent):
    with pytest.raises(ValueError, match=f"wanted a parent among those kept at step 1, got {parent}"):
        beam_picture([ROWS[0], [Branch("on", 0.1, parent)]], ".")
