"""From queries and keys to weights: scores, their softmax, and the largest of a row."""

import math
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.softmax import softmax as shares_of

exercise = partial(Check, lesson="01-attention-by-hand")

ROWS = "Each query shares out one whole among the keys, so every row has to sum to 1: use axis=-1."
OVERFLOW = "np.exp(800) is inf, and inf / inf is nan: first subtract each row's maximum, which changes no weight."
KEEP = "Sums of rows have to stay a column, or they divide the columns: give sum keepdims=True."
TRANSPOSE = "Each row of one table meets each row of the other: query @ key.T."


def _exponentials(scores: np.ndarray) -> np.ndarray:
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


def naive_softmax(scores: np.ndarray) -> np.ndarray:
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)


scores = exercise(
    name="scores",
    arguments=("query", "key"),
    cases=lambda rng: [(rng.normal(size=(t, k)), rng.normal(size=(s, k))) for t, s, k in ((3, 5, 7), (4, 4, 4))],
    answer=lambda q, k: q @ k.T,
    mistakes=(
        Mistake("Keys not transposed", lambda q, k: q @ k, TRANSPOSE),
        Mistake("Rows and columns exchanged", lambda q, k: k @ q.T, "Rows are queries, columns keys: query @ key.T."),
        Mistake(
            "Multiplied, but not summed", lambda q, k: q * k, "A dot product multiplies pair by pair, then adds up."
        ),
        Mistake(
            "Scaled too early", lambda q, k: q @ k.T / math.sqrt(q.shape[-1]), "Here plain dot products are wanted."
        ),
    ),
    hints=(
        "Which axis do a query and a key share? It is the one to add up over, and the table wanted has lost it.",
        "The matrix product `a @ b` adds up over the last axis of `a` and the first of `b`. Wanted: the last of both.",
        "`key.T` has shape (K, S). So (T, K) times (K, S) gives (T, S), in one line: `return query @ ...`.",
    ),
    solution="def scores(query, key):\n    return query @ key.T",
    difficulty=1,
    importance=3,
    minutes=5,
)

softmax = exercise(
    name="softmax",
    arguments=("scores",),
    cases=lambda rng: [
        (rng.normal(size=(3, 5)),),
        (rng.normal(size=(4, 4)),),
        (800 * rng.normal(size=(3, 5)) + np.array([[0.0], [9e3], [-9e3]]),),
    ],
    answer=shares_of,
    mistakes=(
        Mistake("Softmax over the wrong axis", lambda x: shares_of(x, axis=0), ROWS),
        Mistake("Divided by the sum of the whole table", lambda x: np.exp(x) / np.exp(x).sum(), ROWS),
        Mistake("Lost axis", lambda x: _exponentials(x) / _exponentials(x).sum(axis=-1), KEEP),
        Mistake("Lost axis", lambda x: np.exp(x) / np.exp(x).sum(axis=-1), KEEP),
        Mistake("Not divided", _exponentials, ROWS),
        Mistake("Not divided", np.exp, ROWS),
        Mistake("No exponential", lambda x: x / x.sum(axis=-1, keepdims=True), "Scores may be negative: np.exp first."),
        Mistake("Overflow", naive_softmax, OVERFLOW),
        Mistake(
            "One maximum for all rows",
            lambda x: naive_softmax(x - x.max()),
            "A row far below the largest score becomes 0 / 0: subtract each row's own maximum, with keepdims=True.",
        ),
    ),
    hints=(
        "Three steps: take off what would overflow, raise e to what is left, divide so that each row sums to 1.",
        "Maximum and sum belong to a row, so both run along `axis=-1`; with `keepdims=True` they stay columns.",
        "`shares = np.exp(scores - scores.max(axis=-1, keepdims=True))`; what is missing is the division.",
    ),
    solution=shares_of,
    difficulty=2,
    importance=3,
    minutes=8,
)

most_attended = exercise(
    name="most_attended",
    arguments=("weights",),
    cases=lambda rng: [(shares_of(rng.normal(size=(t, s))),) for t, s in ((3, 5), (7, 5), (5, 5))],
    answer=lambda weights: weights.argmax(axis=-1),
    mistakes=(
        Mistake("Down the columns, not along the rows", lambda w: w.argmax(axis=0), "A row is a query: use axis=-1."),
        Mistake(
            "One answer for the whole table", lambda w: w.argmax(), "The question is put to each query: use axis=-1."
        ),
        Mistake(
            "The largest weight, not where it stands", lambda w: w.max(axis=-1), "argmax says where, max how large."
        ),
        Mistake(
            "The least attended", lambda w: w.argmin(axis=-1), "argmin finds the smallest weight, argmax the largest."
        ),
    ),
    hints=(
        "Where the largest number stands is another question than how large it is.",
        "NumPy's `max` tells how large, `argmax` tells where. Both take an `axis`.",
        "A row is a query, so look along the rows: `weights.argmax(axis=...)`.",
    ),
    solution="def most_attended(weights):\n    return weights.argmax(axis=-1)",
    difficulty=1,
    importance=1,
    minutes=3,
)
