"""Values mixed by the weights: attention, and a head that makes its own queries, keys and values."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.attention_by_hand.shares import OVERFLOW, ROWS, TRANSPOSE, naive_softmax
from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.softmax import softmax as shares_of

exercise = partial(Check, lesson="01-attention-by-hand")

ROOT = "Divide the scores by np.sqrt(K), where K is the width of a query: query.shape[-1]."
HEAD = "D is the width of x; K, the width of the head, is w_query.shape[-1]. Divide the scores by np.sqrt(K)."
VALUES = "Keys decide how much, values what: weights @ value."


def _weights(q: np.ndarray, k: np.ndarray) -> np.ndarray:
    return shares_of(q @ k.T / math.sqrt(q.shape[-1]))


def _attend(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return scaled_dot_product_attention(q, k, v)[0]


def _divided_by(divisor: Callable[..., float]) -> Callable:
    return lambda q, k, v: shares_of(q @ k.T / divisor(q, k, v)) @ v


def _head_divided_by(divisor: Callable[..., float]) -> Callable:
    return lambda x, w_q, w_k, w_v: shares_of(x @ w_q @ (x @ w_k).T / divisor(x, w_q)) @ (x @ w_v)


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
        Mistake("Overflow", lambda q, k, v: naive_softmax(q @ k.T / math.sqrt(q.shape[-1])) @ v, OVERFLOW),
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
