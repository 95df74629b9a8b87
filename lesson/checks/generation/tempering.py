"""From the scores of one next token to shares, at a temperature."""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="07-generate-well")

BEFORE = "Scaling a share does not temper it: divide the scores, then take the softmax, so that the shares add up to 1."


def _tempered(scores: np.ndarray, temperature: float) -> np.ndarray:
    return softmax(scores / temperature)


tempered = exercise(
    name="tempered",
    arguments=("scores", "temperature"),
    cases=lambda rng: [
        *((2 * rng.normal(size=v), temperature) for v, temperature in ((7, 2.0), (5, 0.5), (4, 4.0))),
        (np.array([800.0, 799.0, 0.0]), 0.25),
    ],
    answer=_tempered,
    mistakes=(
        Mistake(
            "Multiplied, not divided",
            lambda s, t: softmax(s * t),
            "A high temperature is to make the shares more even, so the differences of the scores must shrink: divide.",
        ),
        Mistake("Applied after the softmax", lambda s, t: softmax(s) / t, BEFORE),
        Mistake("Applied after the softmax", lambda s, t: softmax(softmax(s) / t), BEFORE),
        Mistake("Applied after the softmax", lambda s, t: softmax(s) * t, BEFORE),
        Mistake(
            "Temperature without effect", lambda s, t: softmax(s), f"These are the shares at temperature 1. {BEFORE}"
        ),
        Mistake(
            "Scores, not shares",
            lambda s, t: s / t,
            "The scores are divided, and that is the idea; now make shares of them.",
        ),
        Mistake(
            "Shares that do not add up to 1",
            lambda s, t: softmax(s) ** (1 / t),
            "Shares raised to 1 / temperature have the right proportions. Divided by their sum they are shares again.",
        ),
        Mistake(
            "Shares that do not add up to 1",
            lambda s, t: np.exp(s / t),
            "The proportions are right. Divide by the sum, or take the package's softmax, which bears large scores.",
        ),
        Mistake(
            "Divided by the root",
            lambda s, t: softmax(s / np.sqrt(t)),
            "The root belongs to the width of a query, in attention. Here it is the temperature itself.",
        ),
        Mistake(
            "Subtracted, not divided",
            lambda s, t: softmax(s - t),
            "Softmax sees differences of scores only, so that subtracting the same from all changes nothing. Divide.",
        ),
        Mistake(
            "Overflow",
            lambda s, t: np.exp(s / t) / np.exp(s / t).sum(),
            "Scores of 800 are too large for np.exp. Lesson 1 has the remedy; the package's softmax has it built in.",
        ),
    ),
    hints=(
        "What should happen to the differences between scores when it gets hotter?",
        "Divide all scores by the temperature, before anything else.",
        "`softmax(scores / temperature)`.",
    ),
    solution="def tempered(scores, temperature):\n    return softmax(scores / temperature)",
    difficulty=1,
    importance=3,
    minutes=4,
)
