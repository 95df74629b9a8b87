"""Every gradient check in one table: `python tests/lesson/gradcheck_cases.py` prints it, a test asserts it.

A case is a function of a generator that returns (forward, backward, inputs) as `check_gradients` wants them.
"""

import sys

import numpy as np
from gradcheck_attention_cases import ATTENTION_CASES
from gradcheck_layer_cases import LAYER_CASES
from gradcheck_model_cases import MODEL_CASES

from lesson.gradcheck import Row, check_gradients, format_table

TOLERANCE = 1e-6
CASES = {**LAYER_CASES, **ATTENTION_CASES, **MODEL_CASES}


def run(name: str) -> list[Row]:
    """Check one case, from a seed of its own, and put its name before its paths."""
    forward, backward, inputs = CASES[name](np.random.default_rng(sum(name.encode())))
    rows = check_gradients(forward, backward, inputs, np.random.default_rng(1))
    return [row._replace(path=f"{name}: {row.path}") for row in rows]


def main() -> int:
    """Print the table; the exit status says whether every row is within the tolerance."""
    rows = [row for name in CASES for row in run(name)]
    print(format_table(rows))
    return int(max(row.error for row in rows) > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
