"""The exercises of "Attention by hand": right answers, inputs, and the mistakes people really make.

Shapes of the first input are distinct primes, so that a wrong axis shows; a square one follows, where shapes hide a
missing transpose; the last has scores so large that a careless exponential overflows.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.softmax import softmax as shares_of

exercise = partial(Check, lesson="01-attention-by-hand")

ROWS = "Each query shares out one whole among the keys, so every row has to sum to 1: use axis=-1."
ROOT = "Divide the scores by np.sqrt(K), where K is the width of a query: query.shape[-1]."
HEAD = "D is the width of x; K, the width of the head, is w_query.shape[-1]. Divide the scores by np.sqrt(K)."
OVERFLOW = "np.exp(800) is inf, and inf / inf is nan: first subtract each row's maximum, which changes no weight."
KEEP = "Sums of rows have to stay a column, or they divide the columns: give sum keepdims=True."
TRANSPOSE = "Each row of one table meets each row of the other: query @ key.T."
VALUES = "Keys decide how much, values what: weights @ value."


def _exponentials(scores: np.ndarray) -> np.ndarray:
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


def _naive_softmax(scores: np.ndarray) -> np.ndarray:
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)


def _weights(q: np.ndarray, k: np.ndarray) -> np.ndarray:
    return shares_of(q @ k.T / math.sqrt(q.shape[-1]))


def _attend(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return scaled_dot_product_attention(q, k, v)[0]


def _divided_by(divisor: Callable[..., float]) -> Callable:
    return lambda q, k, v: shares_of(q @ k.T / divisor(q, k, v)) @ v


def _head_divided_by(divisor: Callable[..., float]) -> Callable:
    return lambda x, w_q, w_k, w_v: shares_of(x @ w_q @ (x @ w_k).T / divisor(x, w_q)) @ (x @ w_v)


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
        Mistake("Overflow", _naive_softmax, OVERFLOW),
        Mistake(
            "One maximum for all rows",
            lambda x: _naive_softmax(x - x.max()),
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

attention = exercise(
    name="attention",
    arguments=("query", "key", "value"),
    cases=lambda rng: [
        (size * rng.normal(size=(t, k)), rng.normal(size=(s, k)), rng.normal(size=(s, m)))
        for t, s, k, m, size in ((3, 5, 7, 11, 1), (4, 4, 4, 4, 1), (3, 5, 7, 11, 2000))
    ],
    answer=_attend,
    mistakes=(
        Mistake("No scaling", _divided_by(lambda q, k, v: 1), ROOT),
        Mistake("Scaled by the width, not by its square root", _divided_by(lambda q, k, v: q.shape[-1]), ROOT),
        Mistake("Multiplied by the root, not divided", _divided_by(lambda q, k, v: 1 / math.sqrt(q.shape[-1])), ROOT),
        Mistake("Scaled by the number of keys", _divided_by(lambda q, k, v: math.sqrt(len(k))), ROOT),
        Mistake("Scaled by the number of queries", _divided_by(lambda q, k, v: math.sqrt(len(q))), ROOT),
        Mistake("Scaled by the width of the values", _divided_by(lambda q, k, v: math.sqrt(v.shape[-1])), ROOT),
        Mistake(
            "Scaled after the softmax",
            lambda q, k, v: shares_of(q @ k.T) / math.sqrt(q.shape[-1]) @ v,
            "Divide the scores, before the softmax: afterwards the weights no longer sum to 1.",
        ),
        Mistake(
            "Softmax over the wrong axis", lambda q, k, v: shares_of(q @ k.T / math.sqrt(q.shape[-1]), axis=0) @ v, ROWS
        ),
        Mistake(
            "No softmax",
            lambda q, k, v: q @ k.T / math.sqrt(q.shape[-1]) @ v,
            "Scores may be negative and sum to anything: turn them into weights before you mix.",
        ),
        Mistake("Values not mixed", lambda q, k, v: _weights(q, k), "These are the weights; return weights @ value."),
        Mistake("Keys mixed instead of values", lambda q, k, v: _weights(q, k) @ k, VALUES),
        Mistake("Weights transposed", lambda q, k, v: _weights(q, k).T @ v, "Rows are queries: weights @ value."),
        Mistake("Keys not transposed", lambda q, k, v: shares_of(q @ k / math.sqrt(q.shape[-1])) @ v, TRANSPOSE),
        Mistake("Overflow", lambda q, k, v: _naive_softmax(q @ k.T / math.sqrt(q.shape[-1])) @ v, OVERFLOW),
    ),
    hints=(
        "Score, share out, mix: three lines, and you have written the first two already.",
        "The scores are those of exercise 1, divided by the root of the width that was added up over.",
        "`weights = softmax(query @ key.T / np.sqrt(query.shape[-1]))`; what is missing is the mixing of the values.",
    ),
    solution=scaled_dot_product_attention,
    difficulty=2,
    importance=3,
    minutes=8,
)

head = exercise(
    name="head",
    arguments=("x", "w_query", "w_key", "w_value"),
    cases=lambda rng: [
        (rng.normal(size=(t, d)), *(rng.normal(size=(d, k)) for _ in range(3))) for t, d, k in ((5, 7, 3), (4, 4, 4))
    ],
    answer=lambda x, w_q, w_k, w_v: _attend(x @ w_q, x @ w_k, x @ w_v),
    mistakes=(
        Mistake(
            "Scaled by the square root of D, not of K", _head_divided_by(lambda x, w: math.sqrt(x.shape[-1])), HEAD
        ),
        Mistake("No scaling", _head_divided_by(lambda x, w: 1), HEAD),
        Mistake("Scaled by the width, not by its square root", _head_divided_by(lambda x, w: w.shape[-1]), HEAD),
        Mistake(
            "Query and key exchanged",
            lambda x, w_q, w_k, w_v: _attend(x @ w_k, x @ w_q, x @ w_v),
            "Rows of the scores are queries: x @ w_query comes first.",
        ),
        Mistake(
            "Values not projected", lambda x, w_q, w_k, w_v: _attend(x @ w_q, x @ w_k, x), "Mix x @ w_value, not x."
        ),
        Mistake(
            "Queries and keys not projected",
            lambda x, w_q, w_k, w_v: _attend(x, x, x @ w_v),
            "A query is x @ w_query, a key is x @ w_key.",
        ),
        Mistake("Keys mixed instead of values", lambda x, w_q, w_k, w_v: _attend(x @ w_q, x @ w_k, x @ w_k), VALUES),
    ),
    hints=(
        "First make three tables of `x`, one by each table of weights. Then it is exercise 3.",
        "`query = x @ w_query` has shape (T, K); key and value are made alike, from the same `x`.",
        "`output, _ = scaled_dot_product_attention(query, key, value)` scales by the root of K by itself.",
    ),
    solution="""
def head(x, w_query, w_key, w_value):
    output, _ = scaled_dot_product_attention(x @ w_query, x @ w_key, x @ w_value)
    return output
""",
    difficulty=2,
    importance=2,
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
