"""Rotary positions: queries and keys turned by their places."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.checks.order.added import RECORD, attend
from lesson.checks.order.waves import interleaved, table_of_waves
from lesson.nn import rotary
from lesson.nn.attention import scaled_dot_product_attention

exercise = partial(Check, lesson="03-order")

NEIGHBOURS = (
    "That turns number i with number i + K/2, as some models do. Here pairs are neighbours: x[..., ::2], x[..., 1::2]."
)
BOTH = "The score feels the difference of both turns: turn the query by its place and the key by its own."
VALUES = "Places decide who is heard, not what is said: a value that is turned arrives differently at every place."


def _turned(make: Callable, joined: Callable = interleaved) -> Callable:
    """Give x (T, K) with `make(a, b, cos, sin)` done to each pair of neighbours."""
    return lambda x, angles: joined(*make(x[:, ::2], x[:, 1::2], np.cos(angles), np.sin(angles)))


def _turn(a: np.ndarray, b: np.ndarray, c: np.ndarray, s: np.ndarray) -> tuple:
    return a * c - b * s, a * s + b * c


def _halves(joined: Callable) -> Callable:
    def turned(x, angles):
        a, b = np.split(x, 2, axis=-1)
        return joined(*_turn(a, b, np.cos(angles), np.sin(angles)))

    return turned


def _side_by_side(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.hstack([a, b])


rotate = exercise(
    name="rotate",
    arguments=("x", "angles"),
    cases=lambda rng: [
        (rng.normal(size=(t, k)), rng.uniform(-3, 3, size=(t, k // 2))) for t, k in ((5, 6), (4, 4), (1, 2), (3, 14))
    ],
    answer=lambda x, angles: rotary.rotate(x, rotary.Rotary(np.cos(angles), np.sin(angles))),
    mistakes=(
        Mistake(
            "Turned the wrong way",
            _turned(lambda a, b, c, s: (a * c + b * s, b * c - a * s)),
            "The first number becomes a cos - b sin, the second a sin + b cos. Yours turns by minus the angle.",
        ),
        Mistake("Halves paired, not neighbours", _halves(_side_by_side), NEIGHBOURS),
        Mistake("Halves paired, not neighbours", _halves(interleaved), NEIGHBOURS),
        Mistake(
            "First numbers and second numbers in halves",
            _turned(_turn, _side_by_side),
            "The numbers are right, but no longer in their places: write them back to [..., ::2] and [..., 1::2].",
        ),
        Mistake(
            "First number overwritten too early",
            _turned(lambda a, b, c, s: (a * c - b * s, (a * c - b * s) * s + b * c)),
            "x[..., ::2] is a window on x, not a copy. The second number was made of a first one already turned.",
        ),
        Mistake(
            "Both signs plus",
            _turned(lambda a, b, c, s: (a * c + b * s, a * s + b * c)),
            "The first number is a cos - b sin, with a minus.",
        ),
        Mistake(
            "Both signs minus",
            _turned(lambda a, b, c, s: (a * c - b * s, b * c - a * s)),
            "The second number is a sin + b cos, with a plus.",
        ),
        Mistake(
            "Sine and cosine exchanged",
            _turned(lambda a, b, c, s: (a * s - b * c, a * c + b * s)),
            "A turn by 0 changes nothing, and there the cosine is 1: a cos - b sin.",
        ),
        Mistake(
            "Stretched, not turned",
            _turned(lambda a, b, c, s: (a * c, b * s)),
            "Each new number needs both old ones: a cos - b sin, and a sin + b cos.",
        ),
        Mistake("Nothing turned", lambda x, angles: x, "This is x as it came: return the new numbers."),
    ),
    hints=(
        "Look at one pair (a, b) only. What becomes of it stands above; the rest is the same for all pairs at once.",
        "`a, b = x[..., ::2], x[..., 1::2]` are the first and second numbers of all pairs, as wide as `angles`.",
        "Start with `turned = np.zeros_like(x)`, then `turned[..., ::2] = a * np.cos(angles) - b * np.sin(angles)`.",
    ),
    solution=rotary.rotate,
    difficulty=2,
    importance=3,
    minutes=8,
)


def _places(x: np.ndarray, sign: int = 1) -> np.ndarray:
    return rotary.rotate(x, rotary.rotary_positions(sign * np.arange(len(x)), x.shape[-1]))


def _rotary_attention(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return attend(_places(q), _places(k), v)


rotary_attention = exercise(
    name="rotary_attention",
    arguments=("query", "key", "value"),
    cases=lambda rng: [
        (rng.normal(size=(t, k)), rng.normal(size=(t, k)), rng.normal(size=(t, m)))
        for t, k, m in ((7, 10, 10), (4, 4, 4), (11, 6, 2))
    ],
    answer=_rotary_attention,
    mistakes=(
        Mistake("Values turned too", lambda q, k, v: attend(_places(q), _places(k), _places(v)), VALUES),
        Mistake("Output turned", lambda q, k, v: _places(_rotary_attention(q, k, v)), VALUES),
        Mistake("Output turned, not query and key", lambda q, k, v: _places(attend(q, k, v)), VALUES),
        Mistake(
            "Output and record returned",
            lambda q, k, v: scaled_dot_product_attention(_places(q), _places(k), v),
            RECORD,
        ),
        Mistake("Queries turned alone", lambda q, k, v: attend(_places(q), k, v), BOTH),
        Mistake("Keys turned alone", lambda q, k, v: attend(q, _places(k), v), BOTH),
        Mistake("Turned opposite ways", lambda q, k, v: attend(_places(q), _places(k, -1), v), BOTH),
        Mistake("Nothing turned", attend, BOTH),
        Mistake("Values turned alone", lambda q, k, v: attend(q, k, _places(v)), VALUES),
        Mistake(
            "Sinusoids added, not turned",
            lambda q, k, v: attend(q + table_of_waves(*q.shape), k + table_of_waves(*k.shape), v),
            "Added positions leave cross terms that feel the place itself. Turn query and key with rotate.",
        ),
    ),
    hints=(
        "Three things go into attention. Which of them decide the weights?",
        "`turns = rotary_positions(np.arange(len(query)), query.shape[-1])` are the turns of all places.",
        "`rotate(query, turns)` and `rotate(key, turns)` go into attention, together with `value` as it is.",
    ),
    solution="""\
def rotary_attention(query, key, value):
    turns = rotary_positions(np.arange(len(query)), query.shape[-1])
    output, _ = scaled_dot_product_attention(rotate(query, turns), rotate(key, turns), value)
    return output""",
    difficulty=1,
    importance=3,
    minutes=5,
)
