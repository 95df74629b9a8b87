"""How texts of different length are compared."""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="07-generate-well")

LONGER = "A text of 1 token is divided by (6 / 6)^penalty = 1, and longer ones by more, which brings them nearer to 0."

length_score = exercise(
    name="length_score",
    arguments=("total", "length", "penalty"),
    cases=lambda rng: [
        (-rng.uniform(1, 9, size=5), np.array([3, 1, 8, 4, 13]), 0.6),
        (-rng.uniform(1, 9, size=3), np.array([2, 30, 5]), 1.0),
        (-rng.uniform(1, 9, size=4), np.array([2, 3, 5, 7]), 0.0),
        (-2.5, 4, 1.7),
    ],
    answer=lambda total, length, penalty: total / ((5 + length) / 6) ** penalty,
    mistakes=(
        Mistake(
            "Multiplied, not divided",
            lambda total, length, penalty: total * ((5 + length) / 6) ** penalty,
            f"Logarithms of probabilities are negative: multiplied, the longer text gets further from 0. {LONGER}",
        ),
        Mistake(
            "Divided by the length itself",
            lambda total, length, penalty: total / length**penalty,
            f"That is a rule too, and common. Asked for is (5 + length) / 6, which is gentler to short texts. {LONGER}",
        ),
        Mistake(
            "Mean per token", lambda total, length, penalty: total / length, f"The penalty has no say in it. {LONGER}"
        ),
        Mistake(
            "Divided by 6 too early",
            lambda total, length, penalty: total / (5 + length / 6) ** penalty,
            "Brackets: (5 + length) / 6. Without them only the length is divided.",
        ),
        Mistake(
            "The power of the 6 alone",
            lambda total, length, penalty: total / ((5 + length) / 6**penalty),
            "Raise the whole fraction to the penalty: ((5 + length) / 6) ** penalty.",
        ),
        Mistake(
            "The power of the numerator alone",
            lambda total, length, penalty: total / ((5 + length) ** penalty / 6),
            "Raise the whole fraction to the penalty: ((5 + length) / 6) ** penalty.",
        ),
        Mistake(
            "The power of all",
            lambda total, length, penalty: -(np.abs(total / ((5 + length) / 6)) ** penalty),
            "The power belongs to what the total is divided by, not to the total.",
        ),
        Mistake(
            "Penalty as a factor",
            lambda total, length, penalty: total / ((5 + length) / 6 * penalty) if penalty else total,
            "The penalty is an exponent: 0 makes the divisor 1, whatever the length.",
        ),
        Mistake(
            "Penalty subtracted",
            lambda total, length, penalty: total - ((5 + length) / 6) ** penalty,
            "Divide by it. Despite its name it helps the longer text.",
        ),
        Mistake(
            "No penalty", lambda total, length, penalty: total, f"These are the totals, whatever their length. {LONGER}"
        ),
    ),
    hints=(
        "It is one line, and arrays of totals and lengths need nothing special.",
        "First the divisor: `((5 + length) / 6) ** penalty`.",
        "`total / ((5 + length) / 6) ** penalty`.",
    ),
    solution="def length_score(total, length, penalty):\n    return total / ((5 + length) / 6) ** penalty",
    difficulty=1,
    importance=2,
    minutes=4,
)
