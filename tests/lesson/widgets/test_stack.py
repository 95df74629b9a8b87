"""Layers stacked: every move shows what was measured, soon, and says it."""

import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.models.wiring import NORMS, measure_depths
from lesson.widgets import stack_the_layers
from lesson.widgets.stack import DEEPEST, draw_stack


def test_the_state_at_first():
    assert repr(stack_the_layers()) == (
        "Stack the layers.\n6 layers, pre-norm, residual. The stream's numbers go from size 0.99 to 2.43. "
        "A gradient of size 1 at the top has size 2.86 at the bottom. "
        "Two words are alike by 0.03 at the bottom, by 0.59 at the top."
    )


@pytest.mark.parametrize("norm", range(len(NORMS)))
@pytest.mark.parametrize("residual", [True, False])
def test_the_words_say_what_was_measured(norm, residual):
    stream, gradient, alike = measure_depths(1, NORMS[norm], residual)
    told = draw_stack(1, norm, residual)[1]
    assert told.startswith("1 layer, ") and ("no residual" in told) is not residual
    assert f"go from size {stream[0]:.2f} to {stream[1]:.2f}. A gradient" in told
    assert f"has size {gradient[0]:.2f} at the bottom" in told
    assert f"alike by {alike[0]:.2f} at the bottom, by {alike[1]:.2f} at the top" in told


def test_fifty_moves_each_right_and_soon():
    widget, slowest, rng = stack_the_layers(), 0.0, np.random.default_rng(58)
    for move in range(50):
        name, choices = (("layers", DEEPEST), ("norm", len(NORMS)), ("residual", 2))[move % 3]
        value = int(rng.integers(choices))
        begun = time.process_time()
        widget.controls[name].value = {"layers": value + 1, "norm": value, "residual": bool(value)}[name]
        slowest = max(slowest, time.process_time() - begun)
        state = {name: control.value for name, control in widget.controls.items()}
        assert (widget.picture.value, widget.summary) == draw_stack(**state)
    assert slowest < 0.4


@pytest.mark.native
def test_a_move_at_the_deepest_takes_less_than_100_ms():
    widget, times = stack_the_layers(), []
    widget.controls["layers"].value = DEEPEST
    for move in range(9):
        begun = time.process_time()
        widget.controls["norm"].value = (move + 1) % 3
        times.append(time.process_time() - begun)
    assert sorted(times)[4] < 0.1


def test_controls_and_pictures_have_names():
    widget = stack_the_layers()
    assert all(control.description and control.tooltip for control in widget.controls.values())
    pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
    assert len(pictures) == 3 and all(picture.attrib["aria-label"] for picture in pictures)


@pytest.mark.parametrize(
    ("norm", "residual", "top", "bottom", "alike"),
    [
        (0, True, "4.72", "7.97", "0.82"),
        (2, False, "1.8 × 10⁻⁷", "4.1 × 10⁻⁷", "1.00"),
        (0, False, "0.52", "0.50", "1.00"),
        (2, True, "1.1 × 10⁵", "9.9 × 10⁷", "1.00"),
        (1, True, "1.00", "0.20", "1.00"),
    ],
)
def test_what_the_lesson_says_one_should_have_seen(norm, residual, top, bottom, alike):
    told = draw_stack(24, norm, residual)[1]
    assert (
        f"to {top}. A gradient" in told and f"has size {bottom} at" in told and told.endswith(f"by {alike} at the top.")
    )
