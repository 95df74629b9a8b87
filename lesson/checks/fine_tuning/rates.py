"""How fast each layer moves."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="10-fine-tuning-playbook")

BOTTOM = "The top level, the last, has the whole rate; each level below it has the one above times decay."


def _paced(factors: Callable) -> Callable:
    return lambda levels, rate, decay: rate * np.asarray(factors(np.arange(levels), levels, decay))


layer_rates = exercise(
    name="layer_rates",
    arguments=("num_levels", "rate", "decay"),
    cases=lambda rng: [(5, 0.02, 0.4), (2, 1.0, 0.5), (7, 0.003, 1 / 2.6)],
    answer=_paced(lambda level, levels, decay: decay ** (levels - 1.0 - level)),
    mistakes=(
        Mistake(
            "Decay in the wrong direction",
            _paced(lambda level, levels, decay: decay**level),
            f"Yours moves the embeddings fastest and the head slowest. {BOTTOM}",
        ),
        Mistake(
            "The top is slowed too",
            _paced(lambda level, levels, decay: decay ** (levels - level)),
            f"The highest level is num_levels - 1, for the lowest is 0. {BOTTOM}",
        ),
        Mistake(
            "Divided, not multiplied",
            _paced(lambda level, levels, decay: decay ** (level - levels + 1.0)),
            f"A decay below 1 that one divides by makes the low levels faster. {BOTTOM}",
        ),
        Mistake(
            "Wrong direction and divided",
            _paced(lambda level, levels, decay: decay ** (-1.0 * level)),
            f"The factors are right from level to level, but the lowest has the whole rate here. {BOTTOM}",
        ),
        Mistake(
            "Equal steps, not equal factors",
            _paced(lambda level, levels, decay: (level + 1) / levels),
            f"From level to level the rate is multiplied by decay. {BOTTOM}",
        ),
        Mistake(
            "Slowed once only",
            _paced(lambda level, levels, decay: np.where(level == levels - 1, 1.0, decay)),
            f"Each level further down is slower again. {BOTTOM}",
        ),
        Mistake("One rate for all", _paced(lambda level, levels, decay: np.ones(levels)), BOTTOM),
        Mistake(
            "Factors without the rate",
            lambda levels, rate, decay: decay ** (levels - 1.0 - np.arange(levels)),
            "Multiply by the rate.",
        ),
    ),
    hints=(
        "How many levels is each one below the top?",
        "`num_levels - 1 - np.arange(num_levels)` counts them: 0 for the last.",
        "`rate * decay ** (num_levels - 1 - np.arange(num_levels))`.",
    ),
    solution="""\
def layer_rates(num_levels, rate, decay):
    return rate * decay ** (num_levels - 1 - np.arange(num_levels))""",
    difficulty=1,
    importance=2,
    minutes=4,
)
