"""The curve of a loss: points where they belong, whatever the losses are, on a sheet of one size."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.curve import HIGH, LEFT, MOST_POINTS, TOP, WIDE, curve_picture


def drawn(losses, total=4, top=2.0, **more):
    picture = ElementTree.fromstring(curve_picture(losses, total, top, **more))
    line = picture.find("{*}polyline").attrib["points"]
    return picture, np.array([list(map(float, point.split(","))) for point in line.split()])


def test_points_lie_at_their_step_and_height():
    _, points = drawn([2.0, 1.0, 0.0])
    np.testing.assert_allclose(points[:, 0], LEFT + WIDE * np.array([1, 2, 3]) / 4, atol=0.01)
    np.testing.assert_allclose(points[:, 1], TOP + HIGH * np.array([0, 0.5, 1]), atol=0.01)


def test_what_is_too_high_or_no_number_stays_on_the_sheet():
    _, points = drawn([9.0, np.inf, np.nan, -1.0])
    np.testing.assert_allclose(points[:, 1], [TOP, TOP, TOP, TOP + HIGH], atol=0.01)


def test_before_the_first_step_there_is_an_empty_sheet_that_says_so():
    picture, points = drawn([])
    assert len(points) == 0 and picture.find("{*}circle") is None
    assert picture.attrib["aria-label"] == "Curve: loss after 0 of 4 steps, no step done."


def test_it_is_named_by_what_it_shows():
    picture, _ = drawn([2.0, 0.123], name="surprise <b>")
    assert picture.attrib["aria-label"] == "Curve: surprise <b> after 2 of 4 steps, now 0.12."
    assert "surprise <b>" in [text.text for text in picture.findall("{*}text")]


def test_guessing_is_a_dashed_line_with_its_name():
    assert "guessing" not in curve_picture([1.0], 4, 2.0)
    picture, _ = drawn([1.0], chance=0.5)
    (line,) = [path for path in picture.findall("{*}path") if "stroke-dasharray" in path.attrib]
    assert f"M{LEFT} {TOP + HIGH * 0.75:g}" in line.attrib["d"]
    assert "guessing" in [text.text for text in picture.findall("{*}text")]


def test_a_long_run_is_drawn_by_its_first_last_and_some_between():
    losses = np.linspace(2, 0, 5000)
    _, points = drawn(losses, total=5000)
    assert len(points) <= MOST_POINTS
    np.testing.assert_allclose(points[[0, -1]], [[LEFT, TOP], [LEFT + WIDE, TOP + HIGH]], atol=0.1)


@pytest.mark.parametrize(("total", "top"), [(0, 1.0), (5, 0.0), (5, -1.0)])
def test_no_room_is_refused(total, top):
    with pytest.raises(ValueError, match="wanted room for a step and a height above 0, got total="):
        curve_picture([1.0], total, top)
