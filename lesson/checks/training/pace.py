"""How far a step goes: the rate at each, and gradients that are too long."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson import tree
from lesson.checks.core import Check, Mistake
from lesson.training import cosine, gradients, warm_up

exercise = partial(Check, lesson="06-train-an-encoder-decoder")


def _schedule(rise: Callable, wave: Callable = lambda x: (1 + np.cos(np.pi * x)) / 2) -> Callable:
    return lambda step, peak, warm, total: rise(step / warm) * peak * wave(step / total)


def _rise(x: float) -> float:
    return min(1.0, x)


rate = exercise(
    name="rate",
    arguments=("step", "peak", "warm", "total"),
    cases=lambda rng: [(17, 0.5, 7, 23), (3, 0.02, 7, 30), (1, 0.01, 10, 120), (5, 1.0, 5, 11), (120, 0.01, 10, 120)],
    answer=lambda step, peak, warm, total: float(warm_up(warm, cosine(peak, total))(step)),
    mistakes=(
        Mistake(
            "Step counted from 0",
            lambda step, peak, warm, total: _schedule(_rise)(step - 1, peak, warm, total),
            "Then the first step has the rate 0 and learns nothing. The first step is step 1.",
        ),
        Mistake(
            "Warm-up counted from 0",
            lambda step, peak, warm, total: _rise((step - 1) / warm) * _schedule(lambda x: 1)(step, peak, warm, total),
            "Then the first step has the rate 0 and learns nothing. The first step is step 1.",
        ),
        Mistake("Warm-up without an end", _schedule(lambda x: x), "After the warm-up the factor stays 1: min(1, ...)."),
        Mistake("No warm-up", _schedule(lambda x: 1), "Multiply by min(1, step / warm)."),
        Mistake("No cosine", _schedule(_rise, lambda x: 1), "Multiply by half of 1 + cos(pi step / total)."),
        Mistake(
            "Not halved",
            _schedule(_rise, lambda x: 1 + np.cos(np.pi * x)),
            "1 + cos runs from 2 to 0: halve it, or the peak is twice as high.",
        ),
        Mistake(
            "Below zero",
            _schedule(_rise, lambda x: np.cos(np.pi * x)),
            "cos alone runs from 1 to -1, and a rate below 0 climbs. Add 1 and halve.",
        ),
        Mistake("A whole wave", _schedule(_rise, lambda x: (1 + np.cos(2 * np.pi * x)) / 2), "Half a wave: not 2 pi."),
        Mistake("Pi forgotten", _schedule(_rise, lambda x: (1 + np.cos(x)) / 2), "The cosine is of pi step / total."),
        Mistake(
            "The wave begins after the warm-up",
            lambda step, peak, warm, total: (
                peak * step / warm if step < warm else peak * (1 + np.cos(np.pi * (step - warm) / (total - warm))) / 2
            ),
            "Many do it so. Here the two are multiplied, and the wave runs from the first step to the last.",
        ),
    ),
    hints=(
        "Two factors: one that rises to 1 and stays there, one that falls from the peak to 0.",
        "The first is `min(1, step / warm)`.",
        "The second is `peak * (1 + np.cos(np.pi * step / total)) / 2`.",
    ),
    solution="""\
def rate(step, peak, warm, total):
    return min(1, step / warm) * peak * (1 + np.cos(np.pi * step / total)) / 2""",
    difficulty=1,
    importance=2,
    minutes=5,
)


def _shortened(length: Callable, only_down: bool = True) -> Callable:
    """Scale each gradient to `largest` by a length, of all of them or of its own."""

    def clipped(grads, largest):
        def factor(g):
            return min(1.0, largest / length(grads, g)) if only_down else largest / length(grads, g)

        return {path: g * factor(g) for path, g in grads.items()}

    return clipped


def _clip_cases(rng: np.random.Generator) -> list[tuple]:
    def grads(scale):
        return {"query": scale * rng.normal(size=(3, 5)), "bias": scale * rng.normal(size=5)}

    return [(grads(1.0), 2.0), (grads(0.01), 1.0), (grads(1000.0), 1.0)]


clip = exercise(
    name="clip",
    arguments=("gradients", "largest"),
    cases=_clip_cases,
    answer=lambda grads, largest: gradients.clip(grads, largest)[0],
    mistakes=(
        Mistake(
            "Each gradient clipped by itself",
            _shortened(lambda _, g: np.linalg.norm(g)),
            "Then the direction changes: some gradients shrink and others do not. One length, one factor for all.",
        ),
        Mistake(
            "Each number clipped by itself",
            lambda grads, largest: {path: np.clip(g, -largest, largest) for path, g in grads.items()},
            "np.clip cuts single numbers, which bends the direction. Shorten all of them by one factor.",
        ),
        Mistake(
            "Short gradients lengthened",
            _shortened(lambda grads, _: gradients.norm(grads), only_down=False),
            "A gradient that is short enough stays as it is: the factor is at most 1.",
        ),
        Mistake(
            "Lengths added up",
            _shortened(lambda grads, _: sum(np.linalg.norm(g) for g in grads.values())),
            "Lengths do not add, their squares do: the root of the sum of all squares.",
        ),
        Mistake(
            "No root",
            _shortened(lambda grads, _: gradients.norm(grads) ** 2),
            "The length is the square root of the sum of squares.",
        ),
        Mistake(
            "Measured by the largest number",
            _shortened(lambda grads, _: max(np.abs(g).max() for g in grads.values())),
            "The length of a vector is the root of the sum of its squares.",
        ),
        Mistake("Not clipped", lambda grads, largest: grads, "Multiply each by min(1, largest / length)."),
        Mistake(
            "Divided by the length only",
            lambda grads, largest: tree.map(lambda g: g / gradients.norm(grads), grads),
            "That makes the length 1. Wanted is `largest`, and only where the gradient is longer.",
        ),
    ),
    hints=(
        "Think of all numbers of all gradients as one long vector. How long is it?",
        "`length = np.sqrt(sum((g**2).sum() for g in gradients.values()))`.",
        "`factor = min(1, largest / length)`; return a dict with every gradient times that factor.",
    ),
    solution="""\
def clip(gradients, largest):
    length = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    factor = min(1, largest / length)
    return {path: factor * g for path, g in gradients.items()}""",
    difficulty=2,
    importance=2,
    minutes=6,
)
