"""Gradients measured by nudging, without any calculus."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="05-backprop-you-can-trust")

BOTH_SIDES = (
    "Nudge to both sides, f(x + h) - f(x - h): the errors of the two sides then cancel but for a rest of h * h."
)
TOGETHER = "That asks what happens when all entries move together. A gradient says it for each: nudge one at a time."
COPY = "Nudge a copy, x.copy(): `other = x` is a second name for the same array, not a second array."


def _along(x: np.ndarray, measure: Callable[[np.ndarray], float]) -> np.ndarray:
    """Ask for every entry, by an array that is 1 there and 0 elsewhere. Returns an array shaped like x."""
    return np.reshape([measure(entry) for entry in np.eye(x.size).reshape(-1, *x.shape)], x.shape)


def _quotient(right: float, left: float, divisor: float) -> Callable:
    """(f(x + right h) - f(x + left h)) / (divisor h), entry by entry."""

    def differences(function: Callable, x: np.ndarray, step: float) -> np.ndarray:
        return _along(x, lambda e: (function(x + right * step * e) - function(x + left * step * e)) / (divisor * step))

    return differences


def _not_taken_back(function: Callable, x: np.ndarray, step: float) -> np.ndarray:
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += step
        above = function(x)
        x[place] -= 2 * step
        gradient[place] = (above - function(x)) / (2 * step)
    return gradient


def _all_at_once(function: Callable, x: np.ndarray, step: float) -> float:
    return (function(x + step) - function(x - step)) / (2 * step)


def _row_by_row(function: Callable, x: np.ndarray, step: float) -> np.ndarray:
    gradient = np.zeros(x.shape)
    for row in range(len(x)):
        nudge = np.zeros(x.shape)
        nudge[row] = step
        gradient[row] = (function(x + nudge) - function(x - nudge)) / (2 * step)
    return gradient


def _difference_cases(rng: np.random.Generator) -> list[tuple]:
    weights = rng.normal(size=(3, 5))
    return [
        (lambda x: float((weights * x**3).sum()), rng.normal(size=(3, 5)), 0.1),
        (lambda x: float(np.exp(x[0]) * x[1] + x[2] ** 4), rng.normal(size=4), 0.01),
        (lambda x: float(np.sin(x).sum() ** 2), rng.normal(size=(2, 2, 2)), 1e-4),
    ]


finite_difference = exercise(
    name="finite_difference",
    arguments=("function", "x", "step"),
    cases=_difference_cases,
    answer=_quotient(1, -1, 2),
    mistakes=(
        Mistake("One side only", _quotient(1, 0, 1), BOTH_SIDES),
        Mistake("One side only", _quotient(0, -1, 1), BOTH_SIDES),
        Mistake("Divided by h, not by 2 h", _quotient(1, -1, 1), "From x - h to x + h it is 2 h: divide by 2 * step."),
        Mistake(
            "Divided by 2, but multiplied by h",
            lambda f, x, h: h * h * _quotient(1, -1, 2)(f, x, h),
            "`a / 2 * h` is read from left to right, as (a / 2) * h. Put the divisor in brackets: / (2 * step).",
        ),
        Mistake(
            "Not divided",
            lambda f, x, h: 2 * h * _quotient(1, -1, 2)(f, x, h),
            "How far the output moves is no slope yet: divide by how far x was moved, 2 * step.",
        ),
        Mistake(
            "Sign turned round",
            _quotient(-1, 1, 2),
            "A slope is positive where the output grows with x: above minus below.",
        ),
        Mistake(
            "Another step than the one given",
            lambda f, x, h: _quotient(1, -1, 2)(f, x, 1e-5),
            "Use `step`, whatever it is: the next section is about what becomes of the answer when it changes.",
        ),
        Mistake(
            "The nudge was not taken back",
            _not_taken_back,
            "Every entry is asked alone, all others where they were. Nudge a fresh copy each time, or put it back.",
        ),
        Mistake("Both names for one array", lambda f, x, h: np.zeros(x.shape), COPY),
        Mistake("All entries nudged at once", _all_at_once, TOGETHER),
        Mistake("All entries nudged at once", lambda f, x, h: (f(x + h) - f(x)) / h, TOGETHER),
        Mistake(
            "All entries nudged at once",
            lambda f, x, h: np.full(x.shape, _all_at_once(f, x, h)),
            TOGETHER,
        ),
        Mistake(
            "Whole rows nudged",
            _row_by_row,
            "x[i] is a whole row of a table. `np.ndindex(x.shape)` goes through the places of single entries.",
        ),
        Mistake(
            "Shape lost",
            lambda f, x, h: _quotient(1, -1, 2)(f, x, h).ravel(),
            "A gradient has the shape of what it is the gradient of: fill np.zeros(x.shape), or reshape at the end.",
        ),
    ),
    hints=(
        "For each entry: make it a little larger and call the function, make it a little smaller and call it again.",
        "`for place in np.ndindex(x.shape):` visits every entry, whatever the shape; `above = x.copy()` spares x.",
        "`above[place] += step`, `below[place] -= step`, then `(function(above) - function(below)) / (2 * step)`.",
    ),
    solution="""\
def finite_difference(function, x, step):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += step
        below[place] -= step
        gradient[place] = (function(above) - function(below)) / (2 * step)
    return gradient""",
    difficulty=2,
    importance=3,
    minutes=8,
)
