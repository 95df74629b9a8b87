"""LoRA: how an adapter starts, so that at first it changes nothing."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson import finetuning
from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="10-fine-tuning-playbook")

NOT_ZERO = "Then A B is not zero, and before the first step the model has already lost what it knew. Let B be zero."
OTHER_WAY = "That changes nothing at first either, and can learn. Wanted is the paper's way: A random, B zero."


def _start(rng: np.random.Generator, rows: int, columns: int, rank: int) -> tuple[np.ndarray, np.ndarray]:
    adapter = finetuning.init_lora(rng, {"w": np.zeros((rows, columns))}, rank, "w")
    return adapter["w"]["down"], adapter["w"]["up"]


def _starting(make: Callable) -> Callable:
    """Give down and up of their shapes, each made of random numbers: `make(down, up)`."""
    return lambda rng, rows, columns, rank: make(rng.normal(size=(rows, rank)), rng.normal(size=(rank, columns)))


init_lora = exercise(
    name="init_lora",
    arguments=("rng", "rows", "columns", "rank"),
    returns=("down", "up"),
    cases=lambda rng: [
        (np.random.default_rng(7), 11, 5, 3),
        (np.random.default_rng(8), 4, 4, 2),
        (np.random.default_rng(9), 3, 13, 1),
    ],
    answer=_start,
    mistakes=(
        Mistake(
            "Both zero: nothing learns",
            _starting(lambda a, b: (0 * a, 0 * b)),
            "The gradient of A holds B as a factor, that of B holds A. With both zero, both gradients stay zero.",
        ),
        Mistake(
            "Both random: the model changes at once",
            _starting(lambda a, b: (a / np.sqrt(len(a)), b / np.sqrt(len(b)))),
            NOT_ZERO,
        ),
        Mistake(
            "Both random: the model changes at once",
            _starting(lambda a, b: (a / np.sqrt(len(a)), b)),
            NOT_ZERO,
        ),
        Mistake(
            "Both random: the model changes at once",
            _starting(lambda a, b: (a, b)),
            NOT_ZERO,
        ),
        Mistake(
            "Random numbers not scaled",
            _starting(lambda a, b: (a, 0 * b)),
            "Divide by the root of the rows, so that x @ down is about as large as x, however wide it is.",
        ),
        Mistake(
            "Divided by the rows, not by their root",
            _starting(lambda a, b: (a / len(a), 0 * b)),
            "The variance is 1 / rows, so the numbers are divided by np.sqrt(rows).",
        ),
        Mistake(
            "Scaled by the rank",
            _starting(lambda a, b: (a / np.sqrt(a.shape[1]), 0 * b)),
            "Each number of x @ down is a sum over the rows: those are as many terms as there are rows.",
        ),
        Mistake(
            "A zero and B random",
            lambda rng, rows, columns, rank: (np.zeros((rows, rank)), rng.normal(size=(rank, columns)) / np.sqrt(rank)),
            OTHER_WAY,
        ),
        Mistake(
            "A zero and B random",
            lambda rng, rows, columns, rank: (np.zeros((rows, rank)), rng.normal(size=(rank, columns)) / np.sqrt(rows)),
            OTHER_WAY,
        ),
        Mistake(
            "Up and down exchanged",
            lambda *inputs: _start(*inputs)[::-1],
            "down comes first: it has a row for each row of the weight, (rows, rank).",
        ),
        Mistake(
            "Uniform numbers, from 0 to 1",
            lambda rng, rows, columns, rank: (rng.random((rows, rank)) / np.sqrt(rows), np.zeros((rank, columns))),
            "`rng.random` never goes below 0; `rng.normal` has numbers of both signs.",
        ),
    ),
    hints=(
        "Which of the two has to be zero, so that A B is zero, and why not both?",
        "`rng.normal(size=(rows, rank)) / np.sqrt(rows)` is A.",
        "Return that together with `np.zeros((rank, columns))`.",
    ),
    solution=finetuning.init_lora,
    difficulty=2,
    importance=2,
    minutes=5,
)
