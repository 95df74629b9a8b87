"""ALiBi: scores that fall with the distance, in each head at its own slope."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.alibi import alibi_bias as package_alibi_bias
from lesson.nn.alibi import alibi_positions

exercise = partial(Check, lesson="03-order")

STEEP = "Head h of H has the slope 2^(-8 h / H), and h starts with 1."


def _slopes(num_heads: int) -> np.ndarray:
    return alibi_positions(np.arange(1), num_heads).slopes


def _alibi(num_heads: int, size: int) -> np.ndarray:
    return package_alibi_bias(_slopes(num_heads), np.arange(size), np.arange(size))


def _sloped(slopes: Callable) -> Callable:
    return lambda h, size: package_alibi_bias(np.asarray(slopes(h)), np.arange(size), np.arange(size))


alibi_bias = exercise(
    name="alibi_bias",
    arguments=("num_heads", "size"),
    cases=lambda rng: [(3, 5), (4, 4), (8, 7), (1, 3)],
    answer=_alibi,
    mistakes=(
        Mistake(
            "Wrong sign",
            lambda h, size: -_alibi(h, size),
            "Softmax prefers the larger score, so yours prefers the farthest key. Subtract: -slope * (t - s).",
        ),
        Mistake(
            "Distance without its sign",
            lambda h, size: -np.abs(_alibi(h, size)),
            "Up to the diagonal it is right, and a causal mask hides the rest; wanted here is t - s without np.abs.",
        ),
        Mistake(
            "One slope for all heads",
            lambda h, size: np.broadcast_to(_alibi(h, size)[:1], (h, size, size)),
            f"{STEEP} One head looks near, another far.",
        ),
        Mistake("Not per head", lambda h, size: _alibi(h, size)[0], "Each head has its own table: (H, T, S)."),
        Mistake(
            "Future cut off",
            lambda h, size: np.tril(_alibi(h, size)),
            "Hiding what lies ahead is the mask's work, and a 0 hides nothing. Wanted is -slope * (t - s) everywhere.",
        ),
        Mistake("Slopes of 2^(-8 / h)", _sloped(lambda h: 2.0 ** (-8 / np.arange(1, h + 1))), STEEP),
        Mistake("Slopes from h = 0", _sloped(lambda h: 2.0 ** (-8 * np.arange(h) / h)), STEEP),
        Mistake("Slopes not spread over the heads", _sloped(lambda h: 2.0 ** -np.arange(1, h + 1)), STEEP),
        Mistake("Slopes in the wrong order", lambda h, size: _alibi(h, size)[::-1], f"{STEEP} The first is steepest."),
        Mistake(
            "Slope of 2 to a positive power",
            _sloped(lambda h: 2.0 ** (8 * np.arange(1, h + 1) / h)),
            f"{STEEP} Mind the minus in the exponent: slopes are below 1.",
        ),
        Mistake(
            "Head axis last",
            lambda h, size: np.moveaxis(_alibi(h, size), 0, -1),
            "Scores have the axes (H, T, S), and the bias is added to them: heads come first.",
        ),
        Mistake(
            "Heads added up", lambda h, size: _alibi(h, size).sum(axis=0), "Each head has its own table: (H, T, S)."
        ),
        Mistake(
            "Slopes alone", lambda h, size: _slopes(h), "The slope is what one step costs; multiply it by the distance."
        ),
        Mistake(
            "Distances alone",
            lambda h, size: _alibi(h, size)[0] / _slopes(h)[0],
            f"Multiply the distances by each head's slope. {STEEP}",
        ),
    ),
    hints=(
        "Two small tables make it: the distances (T, S), and one slope for each head (H,).",
        "`places[:, None] - places` holds every t - s. Slopes of shape (H, 1, 1) multiply it head by head.",
        "`slopes = 2.0 ** (-8 * np.arange(1, num_heads + 1) / num_heads)`; then `-slopes[:, None, None] * ...`.",
    ),
    solution="""\
def alibi_bias(num_heads, size):
    slopes = 2.0 ** (-8 * np.arange(1, num_heads + 1) / num_heads)
    places = np.arange(size)
    return -slopes[:, None, None] * (places[:, None] - places)""",
    difficulty=2,
    importance=2,
    minutes=6,
)
