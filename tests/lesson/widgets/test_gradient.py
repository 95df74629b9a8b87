"""The gradient held against differences: bugs found where they are, steps that mislead, whatever a learner wrote."""

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.gradcheck import numerical_gradient
from lesson.nn.attention import scaled_dot_product_attention, scaled_dot_product_attention_backward
from lesson.widgets import check_a_gradient
from lesson.widgets.gradient import BUGS, PACKAGES, RIDDLE, STEPS, a_place, all_gradients, differences, draw_check

PLACE = a_place()
GRADIENTS = all_gradients(PLACE)
GOOD = STEPS.index("1e-05")


def told(name, step=GOOD, one_sided=False, valley=False):
    return draw_check(PLACE, name, GRADIENTS, step, one_sided, valley)[1]


def marked(summary):
    """How many entries of d_query, d_key and d_value are marked."""
    return [int(count) for count in re.findall(r"d_\w+ (\d+) of \d+", summary)]


def test_the_state_at_first():
    assert repr(check_a_gradient()) == (
        "Check a gradient.\nGradient: the package's. Each entry nudged by 0.1, to both sides. Marked, for fewer than "
        "4 decimals agree: d_query 0 of 6, d_key 2 of 8, d_value 0 of 8. They differ most at d_key [3, 0]: the "
        "gradient says -0.0966, the differences say -0.0963."
    )


def test_differences_are_those_of_the_package():
    inputs = [x.copy() for x in PLACE.inputs]
    for x, measured in zip(inputs, differences(PLACE, 1e-5, one_sided=False), strict=True):
        exact = numerical_gradient(lambda: scaled_dot_product_attention(*inputs)[0], x, PLACE.projection)
        np.testing.assert_allclose(measured, exact, atol=1e-8)


def test_one_side_errs_with_the_step_and_both_with_its_square():
    def error(step, one_sided):
        pairs = zip(GRADIENTS[PACKAGES], differences(PLACE, step, one_sided), strict=True)
        return max(np.abs(one - other).max() for one, other in pairs)

    assert error(1e-2, True) / error(1e-3, True) == pytest.approx(10, rel=0.05)
    assert error(1e-2, False) / error(1e-3, False) == pytest.approx(100, rel=0.05)
    assert error(1e-13, False) > 1e-5


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (PACKAGES, [0, 0, 0]),
        ("no scale", [6, 8, 0]),
        ("no scale for key", [0, 8, 0]),
        ("no softmax", [6, 8, 0]),
        ("wrong axis", [6, 8, 0]),
        ("diagonal only", [6, 8, 0]),
        ("no weights", [0, 0, 8]),
        ("heads turned", [0, 0, 0]),
        ("nothing to key", [0, 8, 0]),
        (RIDDLE, [4, 8, 0]),
    ],
)
def test_a_bug_is_found_where_it_is(name, wrong):
    assert marked(told(name)) == wrong


def test_each_bug_has_a_name_that_fits_beside_a_slider():
    assert set(GRADIENTS) == {PACKAGES, *BUGS, RIDDLE} and all(len(name) <= 16 for name in BUGS)


def test_the_riddle_spares_the_first_row():
    markup = ElementTree.fromstring(draw_check(PLACE, RIDDLE, GRADIENTS, GOOD, False, False)[0])
    cells = [text.text for text in markup.find("{*}svg").findall("{*}text")][6:12]
    assert ["✗" in cell for cell in cells] == [False, False, True, True, True, True]


def test_a_valley_says_at_which_steps_all_agrees_or_that_none_does():
    assert re.search(r"4 decimals agree everywhere at steps from 0.01 to 1e-1[123]\.", told(PACKAGES, valley=True))
    assert "everywhere at steps from 1e-04 to" in told(PACKAGES, one_sided=True, valley=True)
    assert "At no step do 4 decimals agree everywhere." in told("no scale", valley=True)


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (lambda d_output, record: None, "This cannot be drawn: your function returns nothing yet."),
        (lambda d_output: None, "This cannot be drawn: your function raised TypeError"),
        (lambda d_output, record: 1 / 0, "This cannot be drawn: your function raised ZeroDivisionError"),
        (lambda d_output, record: (record.q, record.k), "has to return three gradients of shapes (3, 2), (4, 2), (4"),
        (lambda d_output, record: "<b>", "has to return three gradients of shapes"),
        (lambda d_output, record: (record.q.astype(str), record.k, record.v), "has to return three gradients"),
        (scaled_dot_product_attention_backward, "Everywhere the gradient and the differences agree."),
    ],
)
def test_whatever_a_learners_function_does_is_told(yours, said):
    widget = check_a_gradient(yours)
    widget.controls["step"].value = GOOD
    before = widget.picture.value
    widget.controls["gradient"].value = 1
    assert said in widget.summary
    assert ("cannot be drawn" in widget.summary) <= (widget.picture.value == before)
    widget.controls["gradient"].value = 0
    assert marked(widget.summary) == [0, 0, 0]


def test_a_function_without_end_is_given_up():
    def endless(d_output, record):
        while True:
            pass

    widget = check_a_gradient(endless)
    widget.controls["gradient"].value = 1
    assert widget.summary == "This cannot be drawn: your function did not end."


def test_a_learner_may_not_change_what_is_measured():
    def spoils(d_output, record):
        record.q[:] = 0
        d_output[:] = 0
        return scaled_dot_product_attention_backward(d_output, record)

    widget = check_a_gradient(spoils)
    widget.controls["step"].value = GOOD
    assert marked(widget.summary) == [0, 0, 0]
    widget.controls["gradient"].value = 1
    assert sum(marked(widget.summary)) > 0


def test_fifty_moves_each_right_and_soon():
    widget, slowest, rng = check_a_gradient(), 0.0, np.random.default_rng(58)
    names = [name for name, _ in widget.controls["gradient"].options]
    assert names == list(GRADIENTS)
    for move in range(50):
        name = ("gradient", "step", "one_sided", "valley")[move % 4]
        begun = time.process_time()
        if name in ("gradient", "step"):
            widget.controls[name].value = int(rng.integers(len(widget.controls[name].options)))
        else:
            widget.controls[name].value = not widget.controls[name].value
        slowest = max(slowest, time.process_time() - begun)
        gradient, *state = (control.value for control in widget.controls.values())
        assert (widget.picture.value, widget.summary) == draw_check(PLACE, names[gradient], GRADIENTS, *state)
    assert slowest < 0.4


@pytest.mark.native
def test_a_move_takes_less_than_20_ms():
    widget, times = check_a_gradient(), []
    widget.controls["valley"].value = True
    for move in range(25):
        begun = time.process_time()
        widget.controls["step"].value = (move + 1) % len(STEPS)
        times.append(time.process_time() - begun)
    assert sorted(times)[12] < 0.02


def test_controls_and_pictures_have_names():
    widget = check_a_gradient()
    assert all(control.description and control.tooltip for control in widget.controls.values())
    for valley, count in ((False, 1), (True, 2)):
        widget.controls["valley"].value = valley
        pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
        assert len(pictures) == count and all(picture.attrib["aria-label"] for picture in pictures)
