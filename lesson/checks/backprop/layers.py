"""Backward through a linear map and through softmax.

The first input's sizes are distinct primes, so that a wrong axis shows; then come equal sizes, where shapes hide it.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import linear, softmax

exercise = partial(Check, lesson="05-backprop-you-can-trust")

BIAS = "The bias was added to every row, so every row's gradient comes back to it: d_output.sum(axis=0), shape (O,)."
SUM = (
    "The weight was used once a row, and what is used many times collects a sum. "
    "If the loss is a mean, d_output has been divided already."
)
WEIGHT = "d_weight has the weight's shape, (I, O): x.T @ d_output."
BACK = "Forward multiplies by the weight, so backward multiplies by it turned over: d_output @ weight.T, shape (N, I)."
ROWS = "Each row is a softmax of its own: sum with axis=-1."
WHOLE = "d_x_j = y_j (d_y_j - sum): all shares of a row hang together, and what one gains the others lose."


def _linear(d_output: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple:
    d_x, grads = linear.linear_backward(d_output, linear.LinearCache(x, weight, True))
    return d_x, grads["weight"], grads["bias"]


def _linear_but(
    d_x: Callable | None = None, d_weight: Callable | None = None, d_bias: Callable | None = None
) -> Callable:
    """Go back right but for the parts given as functions of d_output, x and weight."""

    def backward(d_output: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple:
        right = _linear(d_output, x, weight)
        return tuple(
            part(d_output, x, weight) if part else own for part, own in zip((d_x, d_weight, d_bias), right, strict=True)
        )

    return backward


linear_backward = exercise(
    name="linear_backward",
    arguments=("d_output", "x", "weight"),
    returns=("d_x", "d_weight", "d_bias"),
    cases=lambda rng: [
        (rng.normal(size=(n, o)), rng.normal(size=(n, i)), rng.normal(size=(i, o)))
        for n, i, o in ((3, 5, 7), (4, 4, 4), (1, 3, 2))
    ],
    answer=_linear,
    mistakes=(
        Mistake("Bias gradient forgotten", lambda d, x, w: _linear(d, x, w)[:2], BIAS),
        Mistake("Bias gradient forgotten", _linear_but(d_bias=lambda d, x, w: np.zeros(w.shape[1])), BIAS),
        Mistake("Bias gradient forgotten", _linear_but(d_bias=lambda d, x, w: np.ones(w.shape[1])), BIAS),
        Mistake("Bias gradient not summed", _linear_but(d_bias=lambda d, x, w: d), BIAS),
        Mistake(
            "Bias gradient kept as a row of a table",
            _linear_but(d_bias=lambda d, x, w: d.sum(axis=0, keepdims=True)),
            "A gradient has the shape of its array, here (O,): leave keepdims out.",
        ),
        Mistake("Bias gradient summed over the wrong axis", _linear_but(d_bias=lambda d, x, w: d.sum(axis=1)), BIAS),
        Mistake("Bias gradient summed over the wrong axis", _linear_but(d_bias=lambda d, x, w: d.sum()), BIAS),
        Mistake(
            "Averaged over the rows, not summed",
            _linear_but(None, lambda d, x, w: x.T @ d / len(d), lambda d, x, w: d.mean(axis=0)),
            SUM,
        ),
        Mistake("Averaged over the rows, not summed", _linear_but(d_bias=lambda d, x, w: d.mean(axis=0)), SUM),
        Mistake("Averaged over the rows, not summed", _linear_but(d_weight=lambda d, x, w: x.T @ d / len(d)), SUM),
        Mistake("Weight gradient transposed", _linear_but(d_weight=lambda d, x, w: d.T @ x), WEIGHT),
        Mistake("Weight not transposed", lambda d, x, w: (d @ w, x.T @ d, d.sum(axis=0)), BACK),
        Mistake("Forward instead of backward", _linear_but(d_x=lambda d, x, w: x @ w), BACK),
        Mistake(
            "Parts in another order",
            lambda d, x, w: _linear(d, x, w)[1::-1] + _linear(d, x, w)[2:],
            "Wanted are d_x, d_weight, d_bias, in this order.",
        ),
    ),
    hints=(
        "Write the shapes down first: d_x (N, I), d_weight (I, O), d_bias (O,). Only one product fits each.",
        "For d_x the O has to go: (N, O) times (O, I). For d_weight the N has to go: (I, N) times (N, O).",
        "`d_x = d_output @ weight.T`, `d_weight = x.T @ d_output`; the bias collects the sum of all rows, axis=0.",
    ),
    solution=linear.linear_backward,
    difficulty=2,
    importance=3,
    minutes=8,
)


def _minus(d_y: np.ndarray, y: np.ndarray, taken: object) -> np.ndarray:
    """y (d_y - what is taken off): the form of the right answer and of most wrong ones."""
    return y * (d_y - taken)


def _shares(rng: np.random.Generator, *shape: int, size: float = 1.0) -> np.ndarray:
    return softmax.softmax(size * rng.normal(size=shape))


softmax_backward = exercise(
    name="softmax_backward",
    arguments=("d_y", "y"),
    cases=lambda rng: [
        (rng.normal(size=(3, 5)), _shares(rng, 3, 5)),
        (rng.normal(size=(4, 4)), _shares(rng, 4, 4)),
        (rng.normal(size=(2, 3, 5)), _shares(rng, 2, 3, 5, size=800)),
    ],
    answer=softmax.softmax_backward,
    mistakes=(
        Mistake(
            "The diagonal of the Jacobian only",
            lambda d, y: d * y * (1 - y),
            f"y (1 - y) says how a share answers to its own score. {WHOLE}",
        ),
        Mistake("The sum left out", lambda d, y: d * y, WHOLE),
        Mistake("Summed over the wrong axis", lambda d, y: softmax.softmax_backward(d, y, axis=0), ROWS),
        Mistake("Summed over the whole table", lambda d, y: _minus(d, y, (d * y).sum()), ROWS),
        Mistake(
            "Lost axis",
            lambda d, y: _minus(d, y, (d * y).sum(axis=-1)),
            "The sum of a row has to stay a column, or NumPy lines it up with the columns: give sum keepdims=True.",
        ),
        Mistake(
            "Sign turned round",
            lambda d, y: -softmax.softmax_backward(d, y),
            "A share grows with its own score: d_y comes first, the sum is taken off it.",
        ),
        Mistake(
            "The sum not weighted",
            lambda d, y: _minus(d, y, d.sum(axis=-1, keepdims=True)),
            "In the sum each d_y counts by its share: (d_y * y).sum.",
        ),
        Mistake(
            "The mean taken off",
            lambda d, y: _minus(d, y, d.mean(axis=-1, keepdims=True)),
            "In the sum each d_y counts by its share: (d_y * y).sum, no mean.",
        ),
        Mistake(
            "The sum not multiplied by the share",
            lambda d, y: d * y - (d * y).sum(axis=-1, keepdims=True),
            "y stands before the bracket: y * (d_y - sum), so the sum is multiplied by it too.",
        ),
        Mistake(
            "Softmax taken once more",
            lambda d, y: softmax.softmax_backward(d, softmax.softmax(y)),
            "y is what softmax returned: the shares themselves. They need no softmax again.",
        ),
    ),
    hints=(
        "Two things: what each share feels by itself, and what the whole row feels, which is taken off.",
        "The row's part is the sum of d_y times y along the row, kept as a column.",
        "`(d_y * y).sum(axis=-1, keepdims=True)` is taken off d_y; what is left is multiplied by y.",
    ),
    solution=softmax.softmax_backward,
    difficulty=2,
    importance=3,
    minutes=6,
)
