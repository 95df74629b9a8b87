"""Order that is added: places in what query, key and value are made of."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention

exercise = partial(Check, lesson="03-order")

RECORD = "The package's attention returns two things, the output and a record. Return the first."
EARLY = "Queries and keys have to know the places, or the weights stay blind: add them to x before attention."
ALL_THREE = "Add the places to x once, and let query, key and value all be made of that sum."
FIRST_ROWS = "Row p of the table belongs to place p: x has len(x) places, so it takes table[:len(x)]."


def attend(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return scaled_dot_product_attention(q, k, v)[0]


def _attend_to(make: Callable) -> Callable:
    """Attend with what `make(x, places)` gives for query, key and value."""
    return lambda x, table: attend(*make(x, table[: len(x)]))


def _placed_by(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return attend(x + rows, x + rows, x + rows)


attend_in_order = exercise(
    name="attend_in_order",
    arguments=("x", "table"),
    cases=lambda rng: [
        (rng.normal(size=(t, d)), rng.normal(size=(p, d))) for t, p, d in ((5, 11, 7), (4, 9, 4), (6, 6, 6))
    ],
    answer=_attend_to(lambda x, p: (x + p, x + p, x + p)),
    mistakes=(
        Mistake("Positions added after attention", lambda x, table: attend(x, x, x) + table[: len(x)], EARLY),
        Mistake("Positions left out", lambda x, table: attend(x, x, x), EARLY),
        Mistake(
            "No attention", lambda x, table: x + table[: len(x)], "These words know their places; now let them attend."
        ),
        Mistake(
            "Output and record returned",
            lambda x, table: scaled_dot_product_attention(*[x + table[: len(x)]] * 3),
            RECORD,
        ),
        Mistake("Positions in the values alone", _attend_to(lambda x, p: (x, x, x + p)), EARLY),
        Mistake("Positions in the query alone", _attend_to(lambda x, p: (x + p, x, x)), ALL_THREE),
        Mistake("Positions not in the values", _attend_to(lambda x, p: (x + p, x + p, x)), ALL_THREE),
        Mistake("Multiplied, not added", _attend_to(lambda x, p: (x * p, x * p, x * p)), "Add: x + table[:len(x)]."),
        Mistake("Positions from 1", lambda x, table: _placed_by(x, table[1 : len(x) + 1]), FIRST_ROWS),
        Mistake("The last rows of the table", lambda x, table: _placed_by(x, table[-len(x) :]), FIRST_ROWS),
        Mistake(
            "The same place for every word",
            lambda x, table: _placed_by(x, table[:1]),
            "One row added to all words tells nobody apart: word p takes row p.",
        ),
        Mistake("Whole table added", _placed_by, f"The table is longer than the sentence. {FIRST_ROWS}"),
    ),
    hints=(
        "What attention computes from is `x`. So whatever it is to know has to be in there first.",
        "Word p takes row p of the table, so only the first `len(x)` rows are needed: `table[: len(x)]`.",
        "`placed = x + table[: len(x)]`; then query, key and value are all `placed`.",
    ),
    solution="""\
def attend_in_order(x, table):
    placed = x + table[: len(x)]
    output, _ = scaled_dot_product_attention(placed, placed, placed)
    return output""",
    difficulty=1,
    importance=3,
    minutes=5,
)
