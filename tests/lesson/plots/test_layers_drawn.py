"""Figures along the layers: heights that follow their logarithms, lines that are powers of ten, words escaped."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.layers import HIGH, TOP, layer_picture, magnitude


def drawn(values, at=-1, **settings):
    return ElementTree.fromstring(layer_picture(np.array(values), "<size>", at, **settings))


def heights(picture):
    return [TOP + HIGH - float(dot.attrib["cy"]) for dot in picture.findall("{*}circle")]


def test_ten_times_as_much_is_one_step_higher_wherever_it_stands():
    low, middle, high = heights(drawn([1e-5, 1e-4, 1e-3]))
    assert high - middle == pytest.approx(middle - low, abs=1e-2) and middle > low + 1


def test_what_hardly_changes_looks_level():
    one, other = heights(drawn([1.0, 1.1]))
    assert 0 < other - one < 3 and one == pytest.approx(HIGH / 2)


def test_shares_stand_between_0_and_1():
    assert heights(drawn([-0.1, 0.5, 1.0], shares=True)) == pytest.approx([0, HIGH / 2, HIGH])


@pytest.mark.parametrize(("at", "told"), [(0, "at the bottom: 2.0 × 10⁻⁷"), (-1, "at the top: 5.0 × 10⁴")])
def test_the_diamond_stands_where_it_is_said_to(at, told):
    picture = drawn([2e-7, 1.0, 5e4], at)
    x, y = picture.find("{*}path").attrib["d"][1:].split("l")[0].split()
    dot = picture.findall("{*}circle")[at]
    assert (float(x), float(y) + 8) == pytest.approx((float(dot.attrib["cx"]), float(dot.attrib["cy"])), abs=1e-2)
    assert picture.find("{*}title").text == f"<size> from layer to layer, {told}."
    assert told in [text.text for text in picture.findall("{*}text")]


def test_lines_are_named_by_their_powers():
    labels = [text.text for text in drawn([1e-6, 1e6]).findall("{*}text")]
    assert {"10⁻⁶", "10⁻⁴", "0.01", "1", "100", "10⁴", "10⁶"} <= set(labels)


def test_nothing_at_all_is_drawn_and_no_layer_is_refused():
    assert heights(drawn([1.0, 0.0]))[1] == pytest.approx(0, abs=1e-6)
    with pytest.raises(ValueError, match=r"wanted figures \(L \+ 1,\) of a layer or more, got \(1,\)"):
        drawn([1.0])


def test_a_size_is_seen():
    sizes = (0, 0.05, 999.0, 1e3, 0.0051)
    assert [magnitude(v) for v in sizes] == ["0.00", "0.05", "999.00", "1.0 × 10³", "5.1 × 10⁻³"]
