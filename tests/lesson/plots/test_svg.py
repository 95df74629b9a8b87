"""SVG helpers: numbers without a minus zero, escaping, contrast."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.plots.svg import BLUE, VERMILION, caption, element, luminance, number, picture, shade, side_by_side, words

HOSTILE = "<script>alert('x')</script>\"&' onload=\"x\" ]]> <!--"


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_numbers_are_close_and_never_minus_zero(value, decimals):
    written = number(value, decimals)
    assert abs(float(written) - value) <= 0.5 * 10**-decimals + 1e-9
    assert not (written.startswith("-") and float(written) == 0)


@pytest.mark.parametrize(("value", "written"), [(-0.0, "0.0000"), (-0.00004, "0.0000"), (-10.0, "-10.0000")])
def test_numbers_by_example(value, written):
    assert number(value) == written


def test_text_is_escaped_wherever_it_goes():
    drawn = picture(10, 10, HOSTILE, words(1, 2, HOSTILE), element("g", caption(HOSTILE), data=HOSTILE))
    assert "<script" not in drawn and 'onload="' not in drawn
    tree = ElementTree.fromstring(drawn)
    assert tree.attrib["aria-label"] == HOSTILE
    assert [node.text for node in tree.iter() if node.text] == [HOSTILE] * 3
    assert tree.find("{*}g").attrib["data"] == HOSTILE


def test_a_picture_is_an_image_with_a_name_that_fits_a_narrow_screen():
    tree = ElementTree.fromstring(picture(640, 480, "A title"))
    assert tree.attrib["role"] == "img"
    assert (tree.attrib["aria-label"], tree.find("{*}title").text) == ("A title", "A title")
    assert tree.attrib["viewBox"] == "0 0 640 480" and "max-width:100%" in tree.attrib["style"]


def test_words_take_the_colour_of_the_page():
    assert ElementTree.fromstring(words(0, 0, "a")).attrib["fill"] == "currentColor"


def test_pictures_in_a_row_wrap():
    assert "flex-wrap:wrap" in side_by_side("<svg></svg>", "<svg></svg>")


@given(st.integers(0, 510))
def test_what_differs_by_rounding_only_is_one_shade(halves):
    share = halves / 510
    assert shade(share + 1e-13) == shade(share - 1e-13)


@given(st.floats(-1, 2))
def test_ink_can_be_read_on_every_shade(share):
    assert contrast(*shade(share)) >= 4.5


def test_shades_darken_steadily():
    darkness = [luminance(shade(i / 50)[0]) for i in range(51)]
    assert darkness == sorted(darkness, reverse=True) and darkness[0] > 0.9 and darkness[-1] < 0.05


@pytest.mark.parametrize("colour", [BLUE, VERMILION])
@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_lines_stand_out_on_a_light_and_on_a_dark_page(colour, page):
    assert contrast(colour, page) >= 3


def test_luminance_of_black_and_white():
    assert (luminance("#000000"), luminance("#ffffff")) == pytest.approx((0, 1))
