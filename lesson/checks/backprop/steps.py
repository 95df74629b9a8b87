"""Steps taken with gradients: the way down, and how it goes wrong although every gradient is right."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="05-backprop-you-can-trust")


def _descend(weight: np.ndarray, batches: Sequence, gradient: Callable, rate: float, share: bool = False) -> np.ndarray:
    for pieces in batches:
        total = sum(gradient(weight, piece) for piece in pieces)
        weight = weight - rate * total / (len(pieces) if share else 1)
    return weight


def _stale(weight: np.ndarray, batches: Sequence, gradient: Callable, rate: float) -> np.ndarray:
    total = 0.0
    for pieces in batches:
        total = total + sum(gradient(weight, piece) for piece in pieces)
        weight = weight - rate * total
    return weight


def _one_by_one(weight: np.ndarray, batches: Sequence, gradient: Callable, rate: float) -> np.ndarray:
    return _descend(weight, [[piece] for pieces in batches for piece in pieces], gradient, rate)


def _too_early(weight: np.ndarray, batches: Sequence, gradient: Callable, rate: float) -> np.ndarray:
    for pieces in batches:
        total = 0.0
        for piece in pieces:
            total = total + gradient(weight, piece)
            weight = weight - rate * total
    return weight


def _pull(weight: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """The gradient of sum((weight - piece)^3) / 3, which is never the same at two weights."""
    return (weight - piece) ** 2


def _descend_cases(rng: np.random.Generator) -> list[tuple]:
    def batches(counts: Sequence[int], shape: tuple) -> list:
        return [[rng.normal(size=shape) for _ in range(count)] for count in counts]

    return [
        (rng.normal(size=(2, 3)), batches((2, 3, 2), (2, 3)), _pull, 0.01),
        (rng.normal(size=4), batches((1, 1), (4,)), _pull, 0.1),
        (rng.normal(size=4), batches((5,), (4,)), _pull, 0.1),
    ]


descend = exercise(
    name="descend",
    arguments=("weight", "batches", "gradient", "rate"),
    cases=_descend_cases,
    answer=_descend,
    mistakes=(
        Mistake(
            "Stale gradients",
            _stale,
            "The sum of the batch before is still in it, measured at a weight that is gone. Start from 0 each batch.",
        ),
        Mistake(
            "A step after each piece",
            _one_by_one,
            "All pieces of a batch are asked at one weight. Move once a batch, after the last piece.",
        ),
        Mistake(
            "A step after each piece",
            _too_early,
            "The line that moves the weight stands in the inner loop. It belongs after it, one step a batch.",
        ),
        Mistake(
            "Only the last piece counts",
            lambda w, batches, g, r: _descend(w, [pieces[-1:] for pieces in batches], g, r),
            "A piece's gradient is added to those before, not put in their place: total = total + ...",
        ),
        Mistake(
            "Only the first piece counts",
            lambda w, batches, g, r: _descend(w, [pieces[:1] for pieces in batches], g, r),
            "Each batch has several pieces: go through all of them before you move.",
        ),
        Mistake(
            "Averaged, not added up",
            partial(_descend, share=True),
            "The loss is a sum over the pieces, and the gradient of a sum is the sum of the gradients.",
        ),
        Mistake(
            "Uphill",
            lambda w, batches, g, r: _descend(w, batches, g, -r),
            "The gradient points to where the loss grows. Go the other way: weight - rate * total.",
        ),
        Mistake(
            "Rate forgotten",
            lambda w, batches, g, r: _descend(w, batches, g, 1.0),
            "Multiply by `rate`: the gradient says which way, the rate how far.",
        ),
        Mistake(
            "Only the first batch",
            lambda w, batches, g, r: _descend(w, batches[:1], g, r),
            "Is the `return` inside the loop? It belongs after the last batch.",
        ),
    ),
    hints=(
        "Two loops, one in the other: for each batch add up the gradients of its pieces, then move once.",
        "The sum begins at 0 inside the outer loop. The weight moves after the inner loop, not in it.",
        "For a batch: `total = 0.0`, for each piece `total += gradient(weight, piece)`, then move by `rate * total`.",
    ),
    solution="""\
def descend(weight, batches, gradient, rate):
    for pieces in batches:
        total = np.zeros(weight.shape)
        for piece in pieces:
            total = total + gradient(weight, piece)
        weight = weight - rate * total
    return weight""",
    difficulty=2,
    importance=3,
    minutes=6,
)
