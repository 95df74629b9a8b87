"""Schedules: where they rise, peak and fall."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.training import cosine, inverse_square_root, warm_up

STEPS = st.integers(1, 5000)


@given(STEPS, STEPS)
def test_warm_up_is_a_straight_line_and_then_the_schedule_itself(steps, step):
    after = cosine(0.3, 10_000)
    wanted = after(step) * (step / steps if step < steps else 1)
    assert warm_up(steps, after)(step) == pytest.approx(wanted, rel=1e-12)
    assert warm_up(steps, 0.3)(step) == pytest.approx(0.3 * min(1, step / steps), rel=1e-12)


@given(st.integers(1, 1024), STEPS, STEPS)
def test_inverse_square_root_peaks_where_the_warm_up_ends(width, steps, step):
    schedule = inverse_square_root(width, steps)
    peak = 1 / math.sqrt(width * steps)
    assert schedule(steps) == pytest.approx(peak, rel=1e-12)
    wanted = peak * step / steps if step < steps else peak * math.sqrt(steps / step)
    assert schedule(step) == pytest.approx(wanted, rel=1e-12)
    assert inverse_square_root(width, steps, scale=3)(step) == pytest.approx(3 * wanted, rel=1e-12)


def test_inverse_square_root_has_the_papers_peak():
    # 512^-1/2 4000^-1/2, about 7e-4.
    assert inverse_square_root(512, 4000)(4000) == pytest.approx(6.9877e-4, rel=1e-4)


@given(STEPS, STEPS)
def test_cosine_falls_from_peak_to_floor_and_stays(steps, step):
    schedule = cosine(0.5, steps, floor=0.1)
    assert 0.1 - 1e-12 <= schedule(step + 1) <= schedule(step) <= 0.5
    assert schedule(steps + step) == pytest.approx(0.1, abs=1e-12)
    assert schedule(step) + schedule(steps - step) == pytest.approx(0.6, abs=1e-12) or step >= steps


@pytest.mark.parametrize(
    "make",
    [
        lambda: warm_up(0, 0.1),
        lambda: inverse_square_root(0, 10),
        lambda: inverse_square_root(10, 0),
        lambda: cosine(0.1, -1),
        lambda: cosine(0.1, math.nan),
    ],
)
def test_lengths_are_positive(make):
    with pytest.raises(ValueError, match=r"wanted (steps|width) above 0, got"):
        make()
