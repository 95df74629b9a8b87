"""Curves, bars and similarities: what is drawn, what is said, and what is taken home."""

import re
import struct
from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots import (
    bars_of_heads,
    draw_bars,
    draw_curves,
    draw_similarity,
    save_picture,
    summarise_bars,
    summarise_curves,
    summarise_similarity,
)
from lesson.plots.lines import STYLES
from lesson.plots.svg import luminance

figures = pytest.importorskip("matplotlib.figure")
CURVES = {"gradient": np.array([4.0, 1.0, 0.0]), "attention": np.array([4.0, 3.0, 0.0])}


@pytest.fixture
def axes():
    return figures.Figure().subplots()


def test_curves_can_be_told_apart_without_colours(axes):
    assert draw_curves(axes, CURVES, "tokens taken away", "score", chance=np.array([4.0, 2.0, 0.0])) is axes
    lines = axes.get_lines()
    for line, curve in zip(lines, [*CURVES.values(), [4, 2, 0]], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), curve)
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["gradient", "attention", "chance"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("tokens taken away", "score")
    assert all(tick == int(tick) for tick in axes.get_xticks()), "there is no half token"


def test_no_two_styles_are_alike():
    assert len({style[1:] for style in STYLES}) == len({style[0] for style in STYLES}) == len(STYLES)
    assert all(luminance(colour) < 0.5 for colour, _, _ in STYLES)


def test_curves_in_words():
    assert summarise_curves(CURVES, chance=np.array([2.0, 2.0, 2.0])).splitlines() == [
        "'gradient' goes from 4.0000 to 0.0000, on average 1.5000.",
        "'attention' goes from 4.0000 to 0.0000, on average 2.5000.",
        "'chance' goes from 2.0000 to 2.0000, on average 2.0000.",
    ]


@pytest.mark.parametrize(
    ("curves", "chance", "wanted"),
    [
        ({}, None, "wanted 1 to 6 curves, got 0"),
        ({str(i): np.ones(2) for i in range(7)}, None, "wanted 1 to 6 curves, got 7"),
        (CURVES, np.ones(2), "wanted curves of one length, 2 or more, got [(2,), (3,)]"),
        ({"a": np.ones(1)}, None, "wanted curves of one length, 2 or more, got [(1,)]"),
        ({"a": np.ones((2, 2))}, None, "wanted curves of one length, 2 or more, got [(2, 2)]"),
    ],
)
def test_what_are_no_curves_is_refused(axes, curves, chance, wanted):
    with pytest.raises(ValueError, match=re.escape(wanted)):
        draw_curves(axes, curves, "x", "y", chance)
    with pytest.raises(ValueError, match=re.escape(wanted)):
        summarise_curves(curves, chance)


def test_bars_are_as_long_as_their_numbers(axes):
    bars = bars_of_heads({"encoder/0/attention": np.array([0.5, -0.25])})
    assert draw_bars(axes, bars, "loss") is axes
    assert [bar.get_width() for bar in axes.patches] == [0.5, -0.25]
    assert [text.get_text() for text in axes.texts] == ["0.50", "-0.25"]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(bars)
    assert axes.patches[0].get_facecolor() != axes.patches[1].get_facecolor()
    low, high = axes.get_ylim()
    assert low > high, "the first bar is on top"


def test_bars_in_words():
    said = summarise_bars({"a": 1.0, "b": 3.0, "c": -2.0})
    assert said == "From the largest to the smallest: 'b' 3.0000, 'a' 1.0000, 'c' -2.0000."


def test_no_bars_are_refused(axes):
    for refused in (lambda: draw_bars(axes, {}, "loss"), lambda: summarise_bars({})):
        with pytest.raises(ValueError, match="wanted a bar at least"):
            refused()


def test_similarity_runs_from_opposite_to_alike(axes):
    vectors = np.array([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])
    assert draw_similarity(axes, vectors) is axes
    np.testing.assert_allclose(axes.images[0].get_array(), [[1, 0, -1], [0, 1, 0], [-1, 0, 1]], rtol=0, atol=1e-12)
    assert axes.get_xlabel() == axes.get_ylabel() == "position"
    assert [other.get_ylabel() for other in axes.figure.axes if other is not axes] == ["cosine"]


def test_no_likeness_has_one_colour_wherever_it_is_found(axes):
    draw_similarity(axes, np.eye(2))
    assert axes.images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    ("vectors", "wanted"),
    [(np.ones((1, 2)), "wanted two vectors or more"), (np.eye(3) - np.eye(3)[1], r"got zeros at \[1\]")],
)
def test_vectors_without_an_angle_are_refused(vectors, wanted):
    with pytest.raises(ValueError, match=wanted):
        summarise_similarity(vectors)


def test_a_picture_is_taken_home_with_its_words(axes, tmp_path):
    words = 'A "curve" < a line & more.'
    draw_curves(axes, CURVES, "x", "y")
    png, svg = save_picture(axes.figure, tmp_path / "down.curve", words)
    assert (png.name, svg.name) == ("down.curve.png", "down.curve.svg")
    written = png.read_bytes()
    assert written.startswith(b"\x89PNG") and words.encode() in written and b"matplotlib" not in written
    assert min(struct.unpack(">II", written[16:24])) > 300
    tree = ElementTree.parse(svg).getroot()
    assert tree.attrib["role"] == "img" and tree.attrib["aria-label"] == words
    assert tree[0].tag.endswith("title") and tree[0].text == words
    assert any(node.text == "gradient" for node in tree.iter("{http://www.w3.org/2000/svg}text"))


def test_the_same_figure_gives_the_same_bytes(axes, tmp_path):
    draw_bars(axes, {"a": 1.0}, "loss")
    first, second = (save_picture(axes.figure, tmp_path / name, "A bar.") for name in ("one", "two"))
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_a_picture_without_words_stays_here(axes, tmp_path):
    with pytest.raises(ValueError, match="wanted a text that says what the picture shows"):
        save_picture(axes.figure, tmp_path / "mute", " ")
    assert not list(tmp_path.iterdir())
