"""LoRA: what an adapter adds, and how it becomes part of the weights."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson import finetuning
from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="10-fine-tuning-playbook")

ONCE = "alpha / rank belongs to the product of A and B, once."
RANK = "The rank is what A and B share: `down.shape[1]`."


def _correct(scale: Callable) -> Callable:
    """Add the path through the adapter, `scale(alpha, rank, rows)` times, to that through the weight."""
    return lambda x, w, a, b, alpha: x @ w + scale(alpha, a.shape[1], a.shape[0]) * (x @ a @ b)


_lora = _correct(lambda alpha, rank, rows: alpha / rank)


def _layer(rng: np.random.Generator, rows: int, columns: int, rank: int) -> tuple:
    return tuple(rng.normal(size=shape) for shape in ((rows, columns), (rows, rank), (rank, columns)))


lora = exercise(
    name="lora",
    arguments=("x", "weight", "down", "up", "alpha"),
    cases=lambda rng: [
        (rng.normal(size=(count, rows)), *_layer(rng, rows, columns, rank), alpha)
        for count, rows, columns, rank, alpha in ((5, 7, 11, 3, 2.0), (4, 4, 4, 4, 10.0), (2, 13, 3, 1, 8.0))
    ],
    answer=_lora,
    mistakes=(
        Mistake(
            "LoRA scaled twice",
            _correct(lambda alpha, rank, rows: (alpha / rank) ** 2),
            f"Both A and B are scaled. {ONCE}",
        ),
        Mistake("Not scaled", _correct(lambda alpha, rank, rows: 1.0), ONCE),
        Mistake(
            "Not divided by the rank",
            _correct(lambda alpha, rank, rows: alpha),
            f"Then a larger rank would also mean a larger step. {ONCE}",
        ),
        Mistake(
            "Divided by the rank alone", _correct(lambda alpha, rank, rows: 1 / rank), f"Where has alpha gone? {ONCE}"
        ),
        Mistake(
            "Divided by the root of the rank",
            _correct(lambda alpha, rank, rows: alpha / np.sqrt(rank)),
            f"There is a variant that does so, for large ranks; here the paper's alpha / rank is wanted. {ONCE}",
        ),
        Mistake("Divided by the width", _correct(lambda alpha, rank, rows: alpha / rows), RANK),
        Mistake("Scale upside down", _correct(lambda alpha, rank, rows: rank / alpha), "It is alpha / rank."),
        Mistake(
            "The weight scaled too",
            lambda x, w, a, b, alpha: alpha / a.shape[1] * (x @ w + x @ a @ b),
            f"What was learned before stays as it is. {ONCE}",
        ),
        Mistake(
            "The adapter alone",
            lambda x, w, a, b, alpha: alpha / a.shape[1] * (x @ a @ b),
            "An adapter stands beside the weight and not in its place: add x @ weight.",
        ),
        Mistake("The weight alone", lambda x, w, a, b, alpha: x @ w, "Add the path through down and up."),
        Mistake(
            "A and B exchanged",
            lambda x, w, a, b, alpha: x @ w + alpha / a.shape[1] * (x @ b @ a),
            "First down to the rank, then up again: x @ down @ up. Exchanged they fit only where all is square.",
        ),
        Mistake(
            "The adapter after the weight",
            lambda x, w, a, b, alpha: x @ w + alpha / a.shape[1] * (x @ w @ a @ b),
            "Both paths start from x: the adapter stands beside the weight, not behind it.",
        ),
        Mistake(
            "x left out of the correction",
            lambda x, w, a, b, alpha: x @ w + alpha / a.shape[1] * (a @ b),
            "A B is a table; what it does to x is x A B.",
        ),
        Mistake(
            "x added once more",
            lambda x, w, a, b, alpha: x + _lora(x, w, a, b, alpha),
            "The residual is the block's affair, and widths need not even fit.",
        ),
    ),
    hints=(
        "Two paths lead from x to the output: one through the weight, one through down and up. Add them.",
        "`x @ down @ up` is the second path; the rank is `down.shape[1]`.",
        "`x @ weight + alpha / down.shape[1] * (x @ down @ up)`.",
    ),
    solution="""\
def lora(x, weight, down, up, alpha):
    scale = alpha / down.shape[1]
    return x @ weight + scale * (x @ down @ up)""",
    difficulty=2,
    importance=3,
    minutes=8,
)


def _sum(scale: Callable) -> Callable:
    return lambda w, a, b, alpha: w + scale(alpha, a.shape[1]) * (a @ b)


merge = exercise(
    name="merge",
    arguments=("weight", "down", "up", "alpha"),
    cases=lambda rng: [
        (*_layer(rng, rows, columns, rank), alpha)
        for rows, columns, rank, alpha in ((7, 11, 3, 2.0), (4, 4, 4, 10.0), (13, 3, 1, 8.0))
    ],
    answer=lambda w, a, b, alpha: finetuning.merge_lora({"w": w}, {"w": {"down": a, "up": b}}, alpha / a.shape[1])["w"],
    mistakes=(
        Mistake("LoRA scaled twice", _sum(lambda alpha, rank: (alpha / rank) ** 2), ONCE),
        Mistake("Not scaled", _sum(lambda alpha, rank: 1.0), f"The merged model would answer otherwise. {ONCE}"),
        Mistake("Not divided by the rank", _sum(lambda alpha, rank: alpha), ONCE),
        Mistake("Scale upside down", _sum(lambda alpha, rank: rank / alpha), "It is alpha / rank."),
        Mistake(
            "Taken off, not added",
            _sum(lambda alpha, rank: -alpha / rank),
            "With a minus an adapter that was merged is taken off again.",
        ),
        Mistake(
            "A and B exchanged",
            lambda w, a, b, alpha: w + alpha / a.shape[1] * (b @ a),
            "B A is (rank, rank); only A B has the weight's shape. Exchanged they fit only where all is square.",
        ),
        Mistake(
            "The weight forgotten", lambda w, a, b, alpha: alpha / a.shape[1] * (a @ b), "Add it to what was learned."
        ),
        Mistake(
            "The weight scaled too",
            lambda w, a, b, alpha: alpha / a.shape[1] * (w + a @ b),
            f"What was learned before stays as it is. {ONCE}",
        ),
        Mistake(
            "Multiplied into the weight",
            lambda w, a, b, alpha: w * (1 + alpha / a.shape[1] * (a @ b)),
            "The correction is added: x W + s x A B = x (W + s A B).",
        ),
    ),
    hints=(
        "x W + s x A B: take x out of the sum.",
        "What is left in the brackets is the merged weight, W + s A B.",
        "`weight + alpha / down.shape[1] * (down @ up)`.",
    ),
    solution=finetuning.merge_lora,
    difficulty=1,
    importance=3,
    minutes=3,
)
