"""A block and its parts: right answers however they are spelled, and the mistakes people make."""

import math
from itertools import pairwise

import numpy as np
from spelled import asked_of

from lesson.checks import the_block as checks


def relu(x):
    return x * (x > 0)


def by_loops(x, w_1, b_1, w_2, b_2):
    rows = x.reshape(-1, x.shape[-1])
    out = [[max(0.0, float(row @ column) + b) for column, b in zip(w_1.T, b_1, strict=True)] for row in rows]
    return (np.array(out) @ w_2 + b_2).reshape(x.shape)


def standardised(x, weight, bias, epsilon, axis=-1, ddof=0):
    return (x - np.mean(x, axis, keepdims=True)) / (np.var(x, axis, keepdims=True, ddof=ddof) + epsilon) ** 0.5


def row_by_row(x, weight, bias, epsilon):
    result = np.zeros_like(x)
    for place in np.ndindex(x.shape[:-1]):
        row = x[place]
        mean = sum(row) / len(row)
        variance = sum((n - mean) ** 2 for n in row) / len(row)
        result[place] = [
            (n - mean) / math.sqrt(variance + epsilon) * w + b for n, w, b in zip(row, weight, bias, strict=True)
        ]
    return result


def in_place(x, attend, feed, norm_1, norm_2):
    x = x.copy()
    x += attend(norm_1(x))
    x += feed(norm_2(x))
    return x


def counted(d, heads, f, biases=3, norms=2):
    k = d // heads
    query_key_value = sum(d * k for _ in range(heads) for _ in range(3))
    return query_key_value + heads * k * d + biases * d + (d * f + f) + (f * d + d) + norms * (d + d)


RIGHT = [
    ("feed_forward", by_loops),
    ("feed_forward", lambda x, w_1, b_1, w_2, b_2: b_2 + relu(np.einsum("...d,df->...f", x, w_1) + b_1) @ w_2),
    ("feed_forward", lambda x, w_1, b_1, w_2, b_2: np.where((h := x @ w_1 + b_1) < 0, 0, h) @ w_2 + b_2),
    ("layer_norm", row_by_row),
    ("layer_norm", lambda x, w, b, eps: b + w * standardised(x, w, b, eps)),
    ("layer_norm", lambda x, w, b, eps: ((x.T - x.T.mean(0)) / np.sqrt(x.T.var(0) + eps)).T * w + b if x.ndim == 2
     else row_by_row(x, w, b, eps)),
    ("pre_norm_block", in_place),
    ("pre_norm_block", lambda x, a, f, n, m: x + (y := a(n(x))) + f(m(x + y))),
    ("post_norm_block", lambda x, a, f, n, m: m(n(a(x) + x) + f(n(a(x) + x)))),
    ("writes", lambda stream: np.diff(stream, axis=0)),
    ("writes", lambda stream: [after - before for before, after in pairwise(stream)]),
    ("count_parameters", counted),
    ("count_parameters", lambda d, h, f: 4 * d**2 + 2 * d * f + 8 * d + f),
]  # fmt: skip

WRONG = [
    ("feed_forward", "No bend", lambda x, w_1, b_1, w_2, b_2: (x @ w_1 + b_1) @ w_2 + b_2),
    ("feed_forward", "No bend", lambda x, w_1, b_1, w_2, b_2: x @ (w_1 @ w_2) + b_1 @ w_2 + b_2),
    ("feed_forward", "Bent twice", lambda x, w_1, b_1, w_2, b_2: relu(relu(x @ w_1 + b_1) @ w_2 + b_2)),
    ("feed_forward", "First bias after the bend", lambda x, w_1, b_1, w_2, b_2: (b_1 + relu(x @ w_1)) @ w_2 + b_2),
    ("feed_forward", "Residual added", lambda x, *maps: x + by_loops(x, *maps)),
    ("feed_forward", "The negative kept", lambda x, w_1, b_1, w_2, b_2: np.clip(x @ w_1 + b_1, None, 0) @ w_2 + b_2),
    ("feed_forward", "Second bias forgotten", lambda x, w_1, b_1, w_2, b_2: by_loops(x, w_1, b_1, w_2, 0 * b_2)),
    ("layer_norm", "Unbiased variance", lambda x, w, b, eps: w * standardised(x, w, b, eps, ddof=1) + b),
    ("layer_norm", "Norm over the wrong axis", lambda x, w, b, eps: w * standardised(x, w, b, eps, axis=0) + b),
    ("layer_norm", "Norm over the wrong axis", lambda x, w, b, eps: w * standardised(x, w, b, eps, axis=-2) + b),
    ("layer_norm", "Norm over the whole table", lambda x, w, b, eps: w * standardised(x, w, b, eps, axis=None) + b),
    ("layer_norm", "Epsilon outside the root", lambda x, w, b, eps: w * (x - x.mean(-1, keepdims=True))
     / (x.std(-1, keepdims=True) + eps) + b),
    ("layer_norm", "Epsilon forgotten", lambda x, w, b, eps: w * (x - x.mean(-1, keepdims=True))
     / x.std(-1, keepdims=True) + b),
    ("layer_norm", "Lost axis", lambda x, w, b, eps: w * (x - x.mean(-1)) / np.sqrt(x.var(-1) + eps) + b),
    ("layer_norm", "Weight and bias forgotten", standardised),
    ("layer_norm", "Bias before weight", lambda x, w, b, eps: w * (b + standardised(x, w, b, eps))),
    ("layer_norm", "Root mean square, mean not taken off",
     lambda x, w, b, eps: x / np.sqrt(eps + np.square(x).mean(-1)[..., None]) * w + b),
    ("pre_norm_block", "Norms after the sums", lambda x, a, f, n, m: m((y := n(x + a(x))) + f(y))),
    ("pre_norm_block", "The second half adds to x", lambda x, a, f, n, m: x + f(m(x + a(n(x))))),
    ("pre_norm_block", "The second half reads x", lambda x, a, f, n, m: x + a(n(x)) + f(m(x))),
    ("pre_norm_block", "The normalised x added, not x", lambda x, a, f, n, m: (h := (y := n(x)) + a(y)) + f(m(h))),
    ("pre_norm_block", "No residual", lambda x, a, f, n, m: f(m(a(n(x))))),
    ("pre_norm_block", "One norm used twice", lambda x, a, f, n, m: (h := x + a(n(x))) + f(n(h))),
    ("pre_norm_block", "Feed before attend", lambda x, a, f, n, m: (h := x + f(n(x))) + a(m(h))),
    ("post_norm_block", "Norms before the sub-layers", in_place),
    ("post_norm_block", "Residual outside the norm", lambda x, a, f, n, m: (h := x + n(a(x))) + m(f(h))),
    ("post_norm_block", "First norm missing", lambda x, a, f, n, m: m((h := x + a(x)) + f(h))),
    ("post_norm_block", "The second half adds to x", lambda x, a, f, n, m: m(x + f(n(x + a(x))))),
    ("writes", "Before minus after", lambda stream: -np.diff(stream, axis=0)),
    ("writes", "Difference along the width", np.diff),
    ("writes", "Change since the beginning", lambda stream: np.diff(stream, axis=0).cumsum(axis=0)),
    ("writes", "The embedding counted as a layer",
     lambda stream: np.concatenate([stream[:1], stream[1:] - stream[:-1]])),
    ("layer_norm", "The second axis, not the last", lambda x, w, b, eps: w * standardised(x, w, b, eps, axis=1) + b),
    ("pre_norm_block", "The second half reads the first write alone",
     lambda x, a, f, n, m: sum((x, a(n(x)), f(m(a(n(x))))))),
    ("pre_norm_block", "x added once, at the end", lambda x, a, f, n, m: f(m(a(n(x)))) + x),
    ("pre_norm_block", "Feed left out", lambda x, a, f, n, m: m(x + a(n(x)))),
    ("post_norm_block", "The halves side by side, added", lambda x, a, f, n, m: n(x + a(x)) + m(x + f(x))),
    ("writes", "The first compared with the last", lambda s: [s[i] - s[i - 1] for i in range(len(s))]),
    ("count_parameters", "F taken as 4 D", lambda d, h, f: 4 * d * d + 8 * d * d),
    ("count_parameters", "A bias for the key", lambda d, h, f: counted(d, h, f, biases=4)),
    ("count_parameters", "One norm", lambda d, h, f: counted(d, h, f, norms=1)),
    ("count_parameters", "Matrices alone", lambda d, h, f: 4 * d * d + d * f + f * d),
    ("count_parameters", "Every head as wide as the model", lambda d, h, f: (3 * h + 1) * d**2 + counted(d, h, f)
     - 4 * d**2),
]  # fmt: skip


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


def test_a_block_that_writes_into_its_input_is_told_so():
    def careless(x, attend, feed, norm_1, norm_2):
        x += attend(norm_1(x))
        return x + feed(norm_2(x))

    assert checks.pre_norm_block(careless).mistake == "Input changed"
