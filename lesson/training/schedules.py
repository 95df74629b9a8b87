"""Learning rates that change: functions of the step, which counts from 1."""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def warm_up(steps: int, after: float | Schedule) -> Schedule:
    """Rise in a straight line from 0 over so many steps to what the schedule `after` says; then follow it.

        rate(step) = after(step) min(1, step / steps)

    >>> [round(warm_up(4, 0.8)(step), 4) for step in (1, 2, 4, 9)]
    [0.2, 0.4, 0.8, 0.8]
    """
    _require_positive("steps", steps)
    return lambda step: (after(step) if callable(after) else after) * min(1.0, step / steps)


def inverse_square_root(width: int, steps: int, scale: float = 1.0) -> Schedule:
    """Rise in a straight line over so many steps, then fall with the square root of the step.

        rate(step) = scale width^-1/2 min(step^-1/2, step steps^-3/2)        Vaswani et al. 2017, eq. 3

    `width` is the model's width (512 there), `steps` the length of the warm-up (4000 there).

    >>> schedule = inverse_square_root(width=4, steps=100)
    >>> [round(schedule(step), 4) for step in (25, 100, 400)]
    [0.0125, 0.05, 0.025]
    """
    _require_positive("width", width)
    _require_positive("steps", steps)
    return lambda step: scale * width**-0.5 * min(step**-0.5, step * steps**-1.5)


def cosine(peak: float, steps: int, floor: float = 0.0) -> Schedule:
    """Fall along half a cosine wave from the peak to the floor, and stay there.

        rate(step) = floor + (peak - floor) (1 + cos(pi min(1, step / steps))) / 2

    Loshchilov and Hutter 2017 (SGDR), eq. 5, without restarts.

    >>> [round(cosine(0.2, 100)(step), 4) for step in (50, 100, 150)]
    [0.1, 0.0, 0.0]
    """
    _require_positive("steps", steps)
    return lambda step: floor + (peak - floor) * (1 + math.cos(math.pi * min(1.0, step / steps))) / 2


def _require_positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"wanted {name} above 0, got {value}")
