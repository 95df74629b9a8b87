"""Backward through attention: first through its scores, then all the way.

Sizes are distinct primes first, then equal, then with an axis of heads in front and a mask.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import AttentionCache, scaled_dot_product_attention
from lesson.nn.attention import scaled_dot_product_attention_backward as package
from lesson.nn.softmax import softmax_backward

exercise = partial(Check, lesson="05-backprop-you-can-trust")

SCALE = "Forward divides the scores by the root of K, so backward does it too: both d_query and d_key carry the scale."
KEY = "A key meets all queries: its gradient collects over them, so d_scores is turned over, (S, T) times (T, K)."
THROUGH = "Between the weights and the scores stands softmax: its backward pass has to be gone through."
WHOLE = (
    "The weights of a row hang together. The package's softmax_backward(d_weights, weights) takes the whole Jacobian."
)


def _scores(d_scores: np.ndarray, q: np.ndarray, k: np.ndarray, power: float = -0.5) -> tuple:
    scale = q.shape[-1] ** power
    return d_scores @ k * scale, d_scores.mT @ q * scale


def _first_of_both(right: Callable, wrong: Callable) -> Callable:
    """Take the gradient of the query from one function, and that of the key from another."""
    return lambda d, q, k: (right(d, q, k)[0], wrong(d, q, k)[1])


scores_backward = exercise(
    name="scores_backward",
    arguments=("d_scores", "query", "key"),
    returns=("d_query", "d_key"),
    cases=lambda rng: [
        (rng.normal(size=(t, s)), rng.normal(size=(t, k)), rng.normal(size=(s, k)))
        for t, s, k in ((3, 5, 7), (4, 4, 4), (2, 1, 9))
    ],
    answer=_scores,
    mistakes=(
        Mistake("Scale forgotten", partial(_scores, power=0), SCALE),
        Mistake("Scale forgotten for one of the two", _first_of_both(_scores, partial(_scores, power=0)), SCALE),
        Mistake("Scale forgotten for one of the two", _first_of_both(partial(_scores, power=0), _scores), SCALE),
        Mistake("Multiplied by the root instead of divided", partial(_scores, power=0.5), SCALE),
        Mistake(
            "Divided by the root of the number of keys", lambda d, q, k: _scores(d / len(k) ** 0.5, q, k, 0), SCALE
        ),
        Mistake("Divided by K, not by its root", partial(_scores, power=-1), SCALE),
        Mistake(
            "Gradient of the key transposed",
            lambda d, q, k: (_scores(d, q, k)[0], _scores(d, q, k)[1].T),
            "A gradient has the shape of its array, here (S, K): d_scores.T @ query.",
        ),
        Mistake(
            "Scores not turned over for the key",
            lambda d, q, k: (d @ k / q.shape[-1] ** 0.5, d @ q / q.shape[-1] ** 0.5),
            KEY,
        ),
        Mistake("Query and key exchanged", lambda d, q, k: _scores(d, q, k)[::-1], "Wanted are d_query, then d_key."),
        Mistake(
            "Gradients multiplied with their own arrays",
            lambda d, q, k: (d.mT @ q / q.shape[-1] ** 0.5, d @ k / q.shape[-1] ** 0.5),
            "In a product each factor's gradient is made with the other: d_query with keys, d_key with queries.",
        ),
    ),
    hints=(
        "It is a linear map: the queries are the input, and key.T is the weight. Mind the scale.",
        "d_query has shape (T, K): (T, S) times (S, K). d_key has shape (S, K): (S, T) times (T, K).",
        "`d_scores = d_scores / np.sqrt(query.shape[-1])` first; then one product with key, one with query.",
    ),
    solution='''\
def scores_backward(d_scores, query, key):
    """scores = query key^T / sqrt(K)"""
    d_scores = d_scores / np.sqrt(query.shape[-1])
    return d_scores @ key, d_scores.T @ query''',
    difficulty=2,
    importance=2,
    minutes=6,
)


def _back(
    d_output: np.ndarray,
    record: AttentionCache,
    softmax: Callable = softmax_backward,
    of_query: Callable = lambda scale: scale,
    of_key: Callable = lambda scale: scale,
    for_key: Callable = np.matrix_transpose,
) -> tuple:
    """Go back through attention, put wrong at one place: softmax, the scale of query or key, the scores for the key."""
    q, k, v, weights, scale = record
    d_scores = softmax(d_output @ v.mT, weights)
    return d_scores @ k * of_query(scale), for_key(d_scores) @ q * of_key(scale), weights.mT @ d_output


def _turned_over(d_output: np.ndarray, record: AttentionCache) -> tuple:
    """With .T, which reverses all axes, those of the heads too."""
    q, k, v, weights, scale = record
    d_value = weights.T @ d_output
    d_scores = softmax_backward(d_output @ v.T, weights) * scale
    return d_scores @ k, d_scores.T @ q, d_value


def _record(rng: np.random.Generator, *sizes: int, heads: tuple = (), mask: np.ndarray | None = None) -> tuple:
    t, s, k, m = sizes
    q, keys, v = (rng.normal(size=(*heads, *shape)) for shape in ((t, k), (s, k), (s, m)))
    return rng.normal(size=(*heads, t, m)), scaled_dot_product_attention(q, keys, v, mask)[1]


def _attention_cases(rng: np.random.Generator) -> list[tuple]:
    return [
        _record(rng, 3, 5, 7, 11),
        _record(rng, 4, 4, 4, 4),
        # With as many heads as all else, even axes turned the wrong way give numbers.
        _record(rng, 4, 4, 4, 4, heads=(4,)),
        _record(rng, 3, 5, 7, 2, heads=(2,), mask=np.tri(3, 5, dtype=bool)),
    ]


def _with(place: int, made: Callable) -> Callable:
    """Go back right, but for one of the three gradients."""
    return lambda d, record: tuple(made(d, record) if i == place else part for i, part in enumerate(package(d, record)))


attention_backward = exercise(
    name="attention_backward",
    arguments=("d_output", "record"),
    returns=("d_query", "d_key", "d_value"),
    cases=_attention_cases,
    answer=package,
    mistakes=(
        Mistake("Scale forgotten", partial(_back, of_query=lambda s: 1, of_key=lambda s: 1), SCALE),
        Mistake("Scale forgotten for the key", partial(_back, of_key=lambda s: 1), SCALE),
        Mistake("Scale forgotten for the query", partial(_back, of_query=lambda s: 1), SCALE),
        Mistake(
            "Divided by the scale",
            partial(_back, of_query=lambda s: 1 / s, of_key=lambda s: 1 / s),
            "record.scale is 1 / sqrt(K) already: multiply by it.",
        ),
        Mistake("Softmax: the diagonal only", partial(_back, softmax=lambda d, y: d * y * (1 - y)), WHOLE),
        Mistake("Softmax: the sum left out", partial(_back, softmax=lambda d, y: d * y), WHOLE),
        Mistake(
            "Weights and their gradient exchanged",
            partial(_back, softmax=lambda d, y: softmax_backward(y, d)),
            "The gradient that comes from above stands first, then what softmax returned.",
        ),
        Mistake("Softmax left out", partial(_back, softmax=lambda d, y: d), THROUGH),
        Mistake(
            "Softmax over the wrong axis",
            partial(_back, softmax=partial(softmax_backward, axis=-2)),
            "Softmax ran along the keys, so its backward pass does: axis=-1.",
        ),
        Mistake(
            "Heads turned over as well",
            _turned_over,
            ".T reverses all axes, those of the heads too. .mT exchanges only the last two.",
        ),
        Mistake(
            "Query and key exchanged",
            lambda d, r: tuple(package(d, r)[i] for i in (1, 0, 2)),
            "Wanted are d_query, d_key, d_value, in this order.",
        ),
        Mistake(
            "The value's gradient first",
            lambda d, r: tuple(package(d, r)[i] for i in (2, 0, 1)),
            "It is found first, but wanted last: d_query, d_key, d_value.",
        ),
        Mistake(
            "Weights not turned over for the value",
            _with(2, lambda d, r: r.weights @ d),
            "A value meets all queries: its gradient collects over them, weights.mT @ d_output.",
        ),
        Mistake(
            "The value's gradient without the weights",
            _with(2, lambda d, r: np.broadcast_to(d.sum(axis=-2, keepdims=True), r.v.shape)),
            "A value gets back as much as its weight gave: weights.mT @ d_output.",
        ),
        Mistake("Scores not turned over for the key", partial(_back, for_key=lambda d: d), KEY),
        Mistake(
            "Nothing goes back to the key",
            _with(1, lambda d, r: np.zeros(r.k.shape)),
            "Each key took part in every score of its column: d_key is d_scores turned over, times the queries.",
        ),
    ),
    hints=(
        "Go backwards through the three steps: the mixing, the softmax, the scores. Each hands on what it found.",
        "Mixing gives d_weights = d_output @ v.mT and d_value. softmax_backward gives d_scores. The rest: exercise 5.",
        "`d_scores = softmax_backward(d_output @ record.v.mT, record.weights) * record.scale`; three products follow.",
    ),
    solution=package,
    difficulty=3,
    importance=3,
    minutes=10,
)
