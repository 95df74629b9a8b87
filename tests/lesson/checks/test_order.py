"""Positions added, turned and subtracted: right answers however they are spelled, and the mistakes people make."""

import numpy as np
from spelled import asked_of

from lesson.checks import order as checks
from lesson.nn.attention import scaled_dot_product_attention as with_record
from lesson.nn.rotary import rotary_positions
from lesson.nn.rotary import rotate as turn
from lesson.nn.softmax import softmax


def attend(q, k, v):
    return softmax(q @ k.T / np.sqrt(k.shape[1])) @ v


def table(length, width, base=10_000, first=0, order=(np.sin, np.cos)):
    result = np.zeros((length, width))
    for p in range(length):
        for i in range(width // 2):
            angle = (p + first) / base ** (2 * i / width)
            result[p, 2 * i], result[p, 2 * i + 1] = order[0](angle), order[1](angle)
    return result


def in_degrees(factor):
    return lambda angle: np.sin(angle * factor), lambda angle: np.cos(angle * factor)


def turn_by(angle):
    return [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]


def as_complex(x, angles):
    z = (x[:, 0::2] + 1j * x[:, 1::2]) * np.exp(1j * angles)
    return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)


def by_matrices(x, angles):
    result = np.zeros(x.shape)
    for t in range(len(x)):
        for i, a in enumerate(angles[t]):
            result[t, 2 * i : 2 * i + 2] = (
                np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ x[t, 2 * i :][:2]
            )
    return result


def overwritten(x, angles):
    x = x.copy()
    a, b = x[..., ::2], x[..., 1::2]
    x[..., ::2] = a * np.cos(angles) - b * np.sin(angles)
    x[..., 1::2] = a * np.sin(angles) + b * np.cos(angles)
    return x


def rotate_half(x, angles):
    """As in models that pair number i with number i + K/2."""
    half = x.shape[-1] // 2
    cos, sin = np.tile(np.cos(angles), 2), np.tile(np.sin(angles), 2)
    return x * cos + np.hstack([-x[:, half:], x[:, :half]]) * sin


def turned(x, first=0, step=1):
    return turn(x, rotary_positions(first + step * np.arange(len(x)), x.shape[1]))


def slopes(num_heads):
    return [2 ** (-8 * (h + 1) / num_heads) for h in range(num_heads)]


def biased(size, slope, distance=lambda t, s: t - s):
    return [[-slope * distance(t, s) for s in range(size)] for t in range(size)]


RIGHT = [
    ("attend_in_order", lambda x, table: attend(*[x + table[: x.shape[0]]] * 3)),
    ("attend_in_order", lambda x, table: attend(*[np.array([w + p for w, p in zip(x, table, strict=False)])] * 3)),
    ("attend_in_order", lambda x, table: attend(*[x + table[np.arange(len(x))]] * 3)),
    ("sinusoids", table),
    ("sinusoids", lambda n, d: table(n, d, order=(np.sin, lambda a: np.sin(a + np.pi / 2)))),
    (
        "sinusoids",
        lambda n, d: np.sin(
            np.arange(n)[:, None] * 10_000.0 ** (-(np.arange(d) // 2 * 2) / d) + np.arange(d) % 2 * np.pi / 2
        ),
    ),
    ("shift_matrix", turn_by),
    ("shift_matrix", lambda a: np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]).T),
    ("rotate", as_complex),
    ("rotate", by_matrices),
    ("rotary_attention", lambda q, k, v: attend(turned(q), turned(k), v)),
    ("rotary_attention", lambda q, k, v: attend(turned(q, first=1), turned(k, first=1), v)),
    ("alibi_bias", lambda h, n: np.array([biased(n, slope) for slope in slopes(h)])),
    (
        "alibi_bias",
        lambda h, n: np.einsum("h,ts->hts", slopes(h), np.subtract.outer(np.arange(n), np.arange(n))) * -1.0,
    ),
]

WRONG = [
    ("attend_in_order", "Positions added after attention", lambda x, p: attend(x, x, x) + p[: len(x)]),
    ("attend_in_order", "Positions left out", lambda x, p: with_record(x, x, x)[0]),
    ("attend_in_order", "Positions in the values alone", lambda x, p: attend(x, x, x + p[: len(x)])),
    ("attend_in_order", "Positions in the query alone", lambda x, p: attend(x + p[: len(x)], x, x)),
    ("attend_in_order", "Positions from 1", lambda x, p: attend(*[x + p[np.arange(len(x)) + 1]] * 3)),
    ("attend_in_order", "Whole table added", lambda x, p: attend(x + p, x + p, x + p)),
    ("sinusoids", "Sines and cosines in halves", lambda n, d: np.hstack([table(n, d)[:, ::2], table(n, d)[:, 1::2]])),
    ("sinusoids", "Sine and cosine exchanged", lambda n, d: table(n, d, order=(np.cos, np.sin))),
    ("sinusoids", "Degrees", lambda n, d: table(n, d, order=in_degrees(np.pi / 180))),
    ("sinusoids", "Degrees", lambda n, d: table(n, d, order=in_degrees(180 / np.pi))),
    ("sinusoids", "Positions from 1", lambda n, d: table(n, d, first=1)),
    ("sinusoids", "Sines alone", lambda n, d: table(n, d, order=(np.sin, np.sin))),
    ("sinusoids", "Wrong exponent: i / D, not 2i / D", lambda n, d: table(n, d, base=100)),
    ("sinusoids", "Multiplied by the power, not divided", lambda n, d: table(n, d, base=1 / 10_000)),
    ("sinusoids", "Wrong exponent: doubled twice", lambda n, d: table(n, d, base=10_000**2)),
    ("shift_matrix", "Turned the wrong way", lambda a: turn_by(-a)),
    ("shift_matrix", "Degrees", lambda a: turn_by(np.deg2rad(a))),
    ("rotate", "First number overwritten too early", overwritten),
    ("rotate", "Halves paired, not neighbours", rotate_half),
    ("rotate", "Turned the wrong way", lambda x, angles: as_complex(x, -angles)),
    ("rotate", "Sine and cosine exchanged", lambda x, angles: as_complex(x, np.pi / 2 - angles)),
    ("rotate", "Nothing turned", lambda x, angles: x.copy()),
    ("rotary_attention", "Values turned too", lambda q, k, v: attend(turned(q, 3), turned(k, 3), turned(v))),
    ("rotary_attention", "Keys turned alone", lambda q, k, v: attend(q, turned(k), v)),
    ("rotary_attention", "Turned opposite ways", lambda q, k, v: attend(turned(q), turned(k, step=-1), v)),
    ("rotary_attention", "Nothing turned", attend),
    ("rotary_attention", "Output and record returned", lambda q, k, v: with_record(turned(q), turned(k), v)),
    ("alibi_bias", "Wrong sign", lambda h, n: [biased(n, slope, lambda t, s: s - t) for slope in slopes(h)]),
    ("alibi_bias", "Distance without its sign", lambda h, n: [-np.abs(biased(n, s)) for s in slopes(h)]),
    ("alibi_bias", "One slope for all heads", lambda h, n: [biased(n, slopes(h)[0])] * h),
    ("alibi_bias", "Slopes from h = 0", lambda h, n: [biased(n, 2 ** (-8 * i / h)) for i in range(h)]),
    ("alibi_bias", "Future cut off", lambda h, n: [np.minimum(biased(n, s), 0) for s in slopes(h)]),
    ("alibi_bias", "Head axis last", lambda h, n: np.dstack([biased(n, s) for s in slopes(h)])),
]  # fmt: skip


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)
