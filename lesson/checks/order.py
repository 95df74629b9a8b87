"""The exercises of "Order": positions that are added, turned or subtracted, and the ways they go wrong.

The first input's sizes differ in every axis, so that a wrong one shows; then come equal sizes, where shapes hide it.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import positions, rotary
from lesson.nn.alibi import alibi_bias as package_alibi_bias
from lesson.nn.alibi import alibi_positions
from lesson.nn.attention import scaled_dot_product_attention

exercise = partial(Check, lesson="03-order")

RECORD = "The package's attention returns two things, the output and a record. Return the first."
EARLY = "Queries and keys have to know the places, or the weights stay blind: add them to x before attention."
ALL_THREE = "Add the places to x once, and let query, key and value all be made of that sum."
FIRST_ROWS = "Row p of the table belongs to place p: x has len(x) places, so it takes table[:len(x)]."
SPEEDS = "Columns 2i and 2i + 1 turn at one speed, p / 10000^(2i / D): np.arange(0, width, 2) gives the 2i."
PAIRS = "Sine and cosine of one hand stand next to each other: columns 0 and 1, 2 and 3, and so on."
RADIANS = "np.sin takes radians, and p / 10000^(2i / D) is in radians already."
FIRST_PLACE = "The first place is 0, where every sine is 0 and every cosine 1."
WAY = "sin(a + d) = sin a cos d + cos a sin d: the sine on top needs a plus, the cosine below a minus."
NEIGHBOURS = (
    "That turns number i with number i + K/2, as some models do. Here pairs are neighbours: x[..., ::2], x[..., 1::2]."
)
BOTH = "The score feels the difference of both turns: turn the query by its place and the key by its own."
VALUES = "Places decide who is heard, not what is said: a value that is turned arrives differently at every place."
STEEP = "Head h of H has the slope 2^(-8 h / H), and h starts with 1."


def _attend(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return scaled_dot_product_attention(q, k, v)[0]


def _attend_to(make: Callable) -> Callable:
    """Attend with what `make(x, places)` gives for query, key and value."""
    return lambda x, table: _attend(*make(x, table[: len(x)]))


def _placed_by(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return _attend(x + rows, x + rows, x + rows)


attend_in_order = exercise(
    name="attend_in_order",
    arguments=("x", "table"),
    cases=lambda rng: [
        (rng.normal(size=(t, d)), rng.normal(size=(p, d))) for t, p, d in ((5, 11, 7), (4, 9, 4), (6, 6, 6))
    ],
    answer=_attend_to(lambda x, p: (x + p, x + p, x + p)),
    mistakes=(
        Mistake("Positions added after attention", lambda x, table: _attend(x, x, x) + table[: len(x)], EARLY),
        Mistake("Positions left out", lambda x, table: _attend(x, x, x), EARLY),
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


def _interleaved(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([first, second], axis=-1).reshape(len(first), -1)


def _waves(exponent: Callable, base: float = 10_000.0) -> Callable:
    """Sinusoids at the speeds base^-exponent(width), one for each pair."""

    def table(length, width):
        angle = np.arange(length)[:, None] / base ** exponent(width)
        return _interleaved(np.sin(angle), np.cos(angle))

    return table


def _own_speeds(length: int, width: int, factor: int = 1) -> np.ndarray:
    angle = np.arange(length)[:, None] / 10_000.0 ** (factor * np.arange(width) / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle))


def _of_angles(make: Callable) -> Callable:
    return lambda length, width: make(positions.angles(np.arange(length), width))


def _sinusoids(length: int, width: int) -> np.ndarray:
    return positions.sinusoidal_positions(np.arange(length), width)


sinusoids = exercise(
    name="sinusoids",
    arguments=("length", "width"),
    cases=lambda rng: [(7, 10), (4, 4), (101, 6)],
    answer=_sinusoids,
    mistakes=(
        Mistake("Sines and cosines in halves", _of_angles(lambda a: np.hstack([np.sin(a), np.cos(a)])), PAIRS),
        Mistake(
            "Sine and cosine exchanged",
            _of_angles(lambda a: _interleaved(np.cos(a), np.sin(a))),
            "Even columns are sines, odd ones cosines.",
        ),
        Mistake("A speed for every column", _own_speeds, SPEEDS),
        Mistake("A speed for every column", partial(_own_speeds, factor=2), SPEEDS),
        Mistake(
            "Wrong exponent: doubled twice",
            _waves(lambda width: 2 * np.arange(0, width, 2) / width),
            f"i counts hands. The number of the sine's column is 2i already. {SPEEDS}",
        ),
        Mistake("Wrong exponent: i / D, not 2i / D", _waves(lambda width: np.arange(width // 2) / width), SPEEDS),
        Mistake("Exponents up to 1", _waves(lambda width: np.linspace(0, 1, width // 2)), SPEEDS),
        Mistake("Wrong exponent: not divided by the width", _waves(lambda width: np.arange(0, width, 2)), SPEEDS),
        Mistake(
            "Multiplied by the power, not divided",
            _waves(lambda width: -np.arange(0, width, 2) / width),
            "Later hands are slower: divide p by 10000^(2i / D), or make the exponent negative.",
        ),
        Mistake(
            "Exponent without brackets",
            lambda n, d: _of_angle(np.arange(n)[:, None] / 10_000.0**2 * np.arange(d // 2) / d),
            "10000 ** 2 * i / D is (10000 ** 2) * i / D, for a power binds most closely: 10000 ** (2 * i / D).",
        ),
        Mistake("Degrees", _of_angles(lambda a: _of_angle(np.radians(a))), RADIANS),
        Mistake("Degrees", _of_angles(lambda a: _of_angle(np.degrees(a))), RADIANS),
        Mistake(
            "Positions from 1",
            lambda n, d: positions.sinusoidal_positions(np.arange(1, n + 1), d),
            FIRST_PLACE,
        ),
        Mistake(
            "Sines alone",
            _of_angles(lambda a: _interleaved(np.sin(a), np.sin(a))),
            "A sine alone leaves two places of each turn alike. Odd columns are cosines.",
        ),
        Mistake("Angles, without their sines", _of_angles(lambda a: _interleaved(a, a)), "Take np.sin and np.cos."),
        Mistake("Half the width", _of_angles(np.sin), "Each hand gives two numbers, a sine and a cosine."),
        Mistake("Places and numbers exchanged", lambda n, d: _sinusoids(n, d).T, "A row is a place: (length, width)."),
    ),
    hints=(
        "First a table of angles, a row for each place, a column for each of the width / 2 hands.",
        "`np.arange(length)[:, None] / 10_000 ** (np.arange(0, width, 2) / width)` is that table.",
        "Make `table = np.zeros((length, width))`; its even columns `table[:, ::2]` take `np.sin(angles)`.",
    ),
    solution=positions.sinusoidal_positions,
    difficulty=2,
    importance=3,
    minutes=8,
)


def _of_angle(angle: np.ndarray) -> np.ndarray:
    return _interleaved(np.sin(angle), np.cos(angle))


def _matrix(make: Callable) -> Callable:
    return lambda angle: np.array(make(np.cos(angle), np.sin(angle)))


_shift = _matrix(lambda c, s: [[c, s], [-s, c]])

shift_matrix = exercise(
    name="shift_matrix",
    arguments=("angle",),
    cases=lambda rng: [(0.7,), (2.5,), (-1.0,)],
    answer=_shift,
    mistakes=(
        Mistake("Turned the wrong way", _matrix(lambda c, s: [[c, -s], [s, c]]), WAY),
        Mistake(
            "A mirror, not a turn",
            _matrix(lambda c, s: [[c, s], [s, -c]]),
            f"One minus is in the wrong place. {WAY}",
        ),
        Mistake("Both signs plus", _matrix(lambda c, s: [[c, s], [s, c]]), WAY),
        Mistake("Both signs minus", _matrix(lambda c, s: [[c, -s], [-s, c]]), WAY),
        Mistake(
            "Sine and cosine exchanged",
            _matrix(lambda c, s: [[s, c], [c, -s]]),
            "A shift by 0 must change nothing: cosines, which are then 1, stand on the diagonal.",
        ),
        Mistake(
            "Sine and cosine exchanged",
            _matrix(lambda c, s: [[s, c], [-c, s]]),
            "A shift by 0 must change nothing: cosines, which are then 1, stand on the diagonal.",
        ),
        Mistake("Degrees", lambda angle: _shift(np.radians(angle)), "The angle is in radians."),
        Mistake(
            "The place itself, not the way there",
            _matrix(lambda c, s: [s, c]),
            "Wanted is the table (2, 2) that takes any place to the one shifted by the angle.",
        ),
    ),
    hints=(
        "Write sin(a + d) and cos(a + d) as sums of products: what stands before sin a, what before cos a?",
        "Row 0 makes the new sine, row 1 the new cosine; columns 0 and 1 take the old sine and the old cosine.",
        "sin(a + d) = cos d sin a + sin d cos a, so row 0 is `[np.cos(angle), np.sin(angle)]`.",
    ),
    solution="""\
def shift_matrix(angle):
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin], [-sin, cos]])""",
    difficulty=2,
    importance=2,
    minutes=6,
)


def _turned(make: Callable, joined: Callable = _interleaved) -> Callable:
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
        Mistake("Halves paired, not neighbours", _halves(_interleaved), NEIGHBOURS),
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
    return _attend(_places(q), _places(k), v)


rotary_attention = exercise(
    name="rotary_attention",
    arguments=("query", "key", "value"),
    cases=lambda rng: [
        (rng.normal(size=(t, k)), rng.normal(size=(t, k)), rng.normal(size=(t, m)))
        for t, k, m in ((7, 10, 10), (4, 4, 4), (11, 6, 2))
    ],
    answer=_rotary_attention,
    mistakes=(
        Mistake("Values turned too", lambda q, k, v: _attend(_places(q), _places(k), _places(v)), VALUES),
        Mistake("Output turned", lambda q, k, v: _places(_rotary_attention(q, k, v)), VALUES),
        Mistake("Output turned, not query and key", lambda q, k, v: _places(_attend(q, k, v)), VALUES),
        Mistake(
            "Output and record returned",
            lambda q, k, v: scaled_dot_product_attention(_places(q), _places(k), v),
            RECORD,
        ),
        Mistake("Queries turned alone", lambda q, k, v: _attend(_places(q), k, v), BOTH),
        Mistake("Keys turned alone", lambda q, k, v: _attend(q, _places(k), v), BOTH),
        Mistake("Turned opposite ways", lambda q, k, v: _attend(_places(q), _places(k, -1), v), BOTH),
        Mistake("Nothing turned", _attend, BOTH),
        Mistake("Values turned alone", lambda q, k, v: _attend(q, k, _places(v)), VALUES),
        Mistake(
            "Sinusoids added, not turned",
            lambda q, k, v: _attend(q + _sinusoids(*q.shape), k + _sinusoids(*k.shape), v),
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


def _slopes(num_heads: int) -> np.ndarray:
    return alibi_positions(np.arange(1), num_heads).slopes


def _alibi(num_heads: int, size: int) -> np.ndarray:
    return package_alibi_bias(_slopes(num_heads), np.arange(size), np.arange(size))


def _sloped(slopes: Callable) -> Callable:
    return lambda h, size: package_alibi_bias(np.asarray(slopes(h)), np.arange(size), np.arange(size))


alibi_bias = exercise(
    name="alibi_bias",
    arguments=("num_heads", "size"),
    cases=lambda rng: [(3, 5), (4, 4), (8, 7), (1, 3)],
    answer=_alibi,
    mistakes=(
        Mistake(
            "Wrong sign",
            lambda h, size: -_alibi(h, size),
            "Softmax prefers the larger score, so yours prefers the farthest key. Subtract: -slope * (t - s).",
        ),
        Mistake(
            "Distance without its sign",
            lambda h, size: -np.abs(_alibi(h, size)),
            "Up to the diagonal it is right, and a causal mask hides the rest; wanted here is t - s without np.abs.",
        ),
        Mistake(
            "One slope for all heads",
            lambda h, size: np.broadcast_to(_alibi(h, size)[:1], (h, size, size)),
            f"{STEEP} One head looks near, another far.",
        ),
        Mistake("Not per head", lambda h, size: _alibi(h, size)[0], "Each head has its own table: (H, T, S)."),
        Mistake(
            "Future cut off",
            lambda h, size: np.tril(_alibi(h, size)),
            "Hiding what lies ahead is the mask's work, and a 0 hides nothing. Wanted is -slope * (t - s) everywhere.",
        ),
        Mistake("Slopes of 2^(-8 / h)", _sloped(lambda h: 2.0 ** (-8 / np.arange(1, h + 1))), STEEP),
        Mistake("Slopes from h = 0", _sloped(lambda h: 2.0 ** (-8 * np.arange(h) / h)), STEEP),
        Mistake("Slopes not spread over the heads", _sloped(lambda h: 2.0 ** -np.arange(1, h + 1)), STEEP),
        Mistake("Slopes in the wrong order", lambda h, size: _alibi(h, size)[::-1], f"{STEEP} The first is steepest."),
        Mistake(
            "Slope of 2 to a positive power",
            _sloped(lambda h: 2.0 ** (8 * np.arange(1, h + 1) / h)),
            f"{STEEP} Mind the minus in the exponent: slopes are below 1.",
        ),
        Mistake(
            "Head axis last",
            lambda h, size: np.moveaxis(_alibi(h, size), 0, -1),
            "Scores have the axes (H, T, S), and the bias is added to them: heads come first.",
        ),
        Mistake(
            "Heads added up", lambda h, size: _alibi(h, size).sum(axis=0), "Each head has its own table: (H, T, S)."
        ),
        Mistake(
            "Slopes alone", lambda h, size: _slopes(h), "The slope is what one step costs; multiply it by the distance."
        ),
        Mistake(
            "Distances alone",
            lambda h, size: _alibi(h, size)[0] / _slopes(h)[0],
            f"Multiply the distances by each head's slope. {STEEP}",
        ),
    ),
    hints=(
        "Two small tables make it: the distances (T, S), and one slope for each head (H,).",
        "`places[:, None] - places` holds every t - s. Slopes of shape (H, 1, 1) multiply it head by head.",
        "`slopes = 2.0 ** (-8 * np.arange(1, num_heads + 1) / num_heads)`; then `-slopes[:, None, None] * ...`.",
    ),
    solution="""\
def alibi_bias(num_heads, size):
    slopes = 2.0 ** (-8 * np.arange(1, num_heads + 1) / num_heads)
    places = np.arange(size)
    return -slopes[:, None, None] * (places[:, None] - places)""",
    difficulty=2,
    importance=2,
    minutes=6,
)
