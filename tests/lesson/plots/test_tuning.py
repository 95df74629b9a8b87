"""Parts, scores and meters of fine-tuning: what is drawn is what is there, and said in words too."""

from xml.etree import ElementTree

import pytest

from lesson.plots.tuning import HIGH, LEFT, TOP, WIDE, Part, meter_picture, parts_picture, scores_picture


def read(markup):
    picture = ElementTree.fromstring(markup)
    return picture, [text.text for text in picture.findall("{*}text")]


def test_parts_stand_on_one_another_filled_where_they_move():
    picture, texts = read(parts_picture([Part("below", 9, False, 4), Part("above", 1234, True)]))
    below, above = (texts.index(name) for name in ("below", "above"))
    assert above < below and texts[above + 1] == "1,234 move" and texts[below + 1] == "9 stand still"
    first, second, beside = picture.findall("{*}rect")
    assert float(first.attrib["y"]) < float(second.attrib["y"]) == float(beside.attrib["y"])
    assert (first.attrib["fill"], second.attrib["fill"]) != ("none", "none") and "stroke-dasharray" in second.attrib
    assert "4 move" in texts
    assert picture.attrib["aria-label"] == "Parts: below, 9 stand still, an adapter of 4 moves; above, 1,234 move."


def test_scores_lie_where_they_belong_and_differ_by_their_dash():
    picture, texts = read(scores_picture({"new": [0.5, 1.0], "old": [1.0, 0.0]}, total=4, kept=1))
    lines = picture.findall("{*}polyline")
    places = [[tuple(map(float, p.split(","))) for p in line.attrib["points"].split()] for line in lines]
    quarter = LEFT + WIDE / 4
    assert places == [[(LEFT, TOP + HIGH / 2), (quarter, TOP)], [(LEFT, TOP), (quarter, TOP + HIGH)]]
    assert ["stroke-dasharray" in line.attrib for line in lines] == [False, True]
    assert {"new", "old", "guessing", "epoch 4"} <= set(texts)
    assert picture.attrib["aria-label"] == "Curves after 1 of 4 epochs: new 1.00, old 0.00; kept is epoch 1."


def test_meters_are_as_long_as_their_share_and_never_longer_than_their_frame():
    picture, texts = read(meter_picture({"known": 0.25, "forgotten": 1.5}))
    widths = [float(bar.attrib["width"]) for bar in picture.findall("{*}rect")]
    assert widths == [WIDE, WIDE / 4, WIDE, WIDE] and texts == ["known 0.25", "forgotten 1.50"]
    negative = ElementTree.fromstring(meter_picture({"forgotten": -0.1})).findall("{*}rect")
    assert float(negative[1].attrib["width"]) == 0


@pytest.mark.parametrize(
    ("scores", "kept"), [({"new": [0.5]}, 0), ({"a": [0.5], "b": [0.5, 1]}, 0), ({"a": [1], "b": [1]}, 1)]
)
def test_what_cannot_be_drawn_is_said(scores, kept):
    with pytest.raises(ValueError, match="wanted two curves"):
        scores_picture(scores, 4, kept)
    with pytest.raises(ValueError, match="wanted a part"):
        parts_picture([])
