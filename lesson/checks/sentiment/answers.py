"""Answers counted in a table: which label was taken for which."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.tasks import scores

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

ROWS = "A row is what is true, a column what was said: table[truth, said]."


def _assigned(truth: np.ndarray, said: np.ndarray, num_labels: int) -> np.ndarray:
    table = np.zeros((num_labels, num_labels), dtype=int)
    table[truth, said] += 1
    return table


def _of_what_occurs(truth: np.ndarray, said: np.ndarray, num_labels: int) -> np.ndarray:
    labels = np.unique(np.concatenate([truth, said]))
    return np.array([[np.sum((truth == row) & (said == column)) for column in labels] for row in labels])


def _for_two(truth: np.ndarray, said: np.ndarray, num_labels: int) -> np.ndarray:
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (truth, said), 1)
    return table


def _from_table(make: Callable) -> Callable:
    return lambda truth, said, num_labels: make(scores.confusion(truth, said, num_labels))


confusion = exercise(
    name="confusion",
    arguments=("truth", "said", "num_labels"),
    cases=lambda rng: [
        (np.array([0, 0, 1, 2, 2, 2, 0]), np.array([0, 1, 1, 0, 2, 2, 0]), 3),
        (np.array([1, 1, 1, 0]), np.array([1, 0, 1, 1]), 2),
        (rng.integers(0, 3, 23), rng.integers(0, 3, 23), 5),
    ],
    answer=scores.confusion,
    mistakes=(
        Mistake("Rows and columns exchanged", _from_table(np.transpose), ROWS),
        Mistake(
            "Repeated answers counted once",
            _assigned,
            "`table[truth, said] += 1` writes to a cell once, however often it is named. Loop, or use np.add.at.",
        ),
        Mistake("Shares of all, not counts", _from_table(lambda t: t / t.sum()), "Wanted are counts: whole numbers."),
        Mistake(
            "Shares of each row, not counts",
            _from_table(lambda t: t / np.maximum(t.sum(axis=1, keepdims=True), 1)),
            "Wanted are counts: whole numbers. Shares forget how many texts each row stands for.",
        ),
        Mistake(
            "The right answers alone",
            _from_table(lambda t: np.diag(np.diag(t))),
            "What is off the diagonal, the wrong answers, is what one draws the table for.",
        ),
        Mistake(
            "Accuracy, not the table",
            _from_table(lambda t: np.trace(t) / t.sum()),
            "One number cannot say which label is taken for which. Wanted is the table.",
        ),
        Mistake("Only labels that occur", _of_what_occurs, "A label that nobody used still has a row and a column."),
        Mistake(
            "One row in the place of all",
            lambda truth, said, num_labels: [list(np.bincount(said, minlength=num_labels))] * num_labels,
            "`[[0] * n] * n` holds one and the same list n times, so each answer is seen in every row. Use np.zeros.",
        ),
        Mistake("Always two labels", _for_two, "The table has num_labels rows and columns."),
    ),
    hints=(
        "Start with a table of zeros, `num_labels` rows and as many columns. Each answer adds 1 to one cell.",
        "`for t, s in zip(truth, said):` gives one true label and one answer at a time.",
        "In the loop, `table[t, s] += 1`: the true label chooses the row, the answer the column.",
    ),
    solution=scores.confusion,
    difficulty=1,
    importance=2,
    minutes=5,
)
