"""Sines and cosines: a table of places, and the turn from each to another."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import positions

exercise = partial(Check, lesson="03-order")

SPEEDS = "Columns 2i and 2i + 1 turn at one speed, p / 10000^(2i / D): np.arange(0, width, 2) gives the 2i."
PAIRS = "Sine and cosine of one hand stand next to each other: columns 0 and 1, 2 and 3, and so on."
RADIANS = "np.sin takes radians, and p / 10000^(2i / D) is in radians already."
FIRST_PLACE = "The first place is 0, where every sine is 0 and every cosine 1."
WAY = "sin(a + d) = sin a cos d + cos a sin d: the sine on top needs a plus, the cosine below a minus."


def interleaved(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([first, second], axis=-1).reshape(len(first), -1)


def _waves(exponent: Callable, base: float = 10_000.0) -> Callable:
    """Sinusoids at the speeds base^-exponent(width), one for each pair."""

    def table(length, width):
        angle = np.arange(length)[:, None] / base ** exponent(width)
        return interleaved(np.sin(angle), np.cos(angle))

    return table


def _own_speeds(length: int, width: int, factor: int = 1) -> np.ndarray:
    angle = np.arange(length)[:, None] / 10_000.0 ** (factor * np.arange(width) / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle))


def _of_angles(make: Callable) -> Callable:
    return lambda length, width: make(positions.angles(np.arange(length), width))


def table_of_waves(length: int, width: int) -> np.ndarray:
    return positions.sinusoidal_positions(np.arange(length), width)


sinusoids = exercise(
    name="sinusoids",
    arguments=("length", "width"),
    cases=lambda rng: [(7, 10), (4, 4), (101, 6)],
    answer=table_of_waves,
    mistakes=(
        Mistake("Sines and cosines in halves", _of_angles(lambda a: np.hstack([np.sin(a), np.cos(a)])), PAIRS),
        Mistake(
            "Sine and cosine exchanged",
            _of_angles(lambda a: interleaved(np.cos(a), np.sin(a))),
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
            _of_angles(lambda a: interleaved(np.sin(a), np.sin(a))),
            "A sine alone leaves two places of each turn alike. Odd columns are cosines.",
        ),
        Mistake("Angles, without their sines", _of_angles(lambda a: interleaved(a, a)), "Take np.sin and np.cos."),
        Mistake("Half the width", _of_angles(np.sin), "Each hand gives two numbers, a sine and a cosine."),
        Mistake(
            "Places and numbers exchanged", lambda n, d: table_of_waves(n, d).T, "A row is a place: (length, width)."
        ),
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
    return interleaved(np.sin(angle), np.cos(angle))


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
