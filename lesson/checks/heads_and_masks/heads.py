"""Cutting a width into heads, joining them again, and attention with several of them.

The first input's sizes are distinct primes, so that a wrong axis shows; then come equal sizes, where shapes hide it.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import attention as package

exercise = partial(Check, lesson="02-heads-and-masks")

BLOCKS = "A reshape alone keeps the order of the numbers: it gives a head whole rows, instead of a part of each row"
SPLIT = f"{BLOCKS}. Cut the width first, x.reshape(T, H, K), then exchange the first two axes."
MERGE = f"{BLOCKS}. Bring the positions to the front first, heads.swapaxes(0, 1), shape (T, H, K), then reshape."
ASIDE = "Each head owns K neighbouring numbers of a row: the width is cut as (H, K), not as (K, H)."
SIDE_BY_SIDE = "Heads are laid side by side, so that each keeps its own numbers: T rows, H times K columns."


def _cut(x: np.ndarray, num_heads: int, order: tuple = (0, 1, 2), interleaved: bool = False) -> np.ndarray:
    shape = (num_heads, x.shape[1] // num_heads)
    return x.reshape(len(x), *(shape[::-1] if interleaved else shape)).transpose(order)


def _blocks(x: np.ndarray, num_heads: int) -> np.ndarray:
    return x.reshape(num_heads, len(x), x.shape[1] // num_heads)


split_heads = exercise(
    name="split_heads",
    arguments=("x", "num_heads"),
    cases=lambda rng: [(rng.normal(size=(t, h * k)), h) for t, h, k in ((5, 3, 7), (4, 4, 4), (2, 7, 3))],
    answer=package.split_heads,
    mistakes=(
        Mistake("Reshaped without moving an axis", _blocks, SPLIT),
        Mistake("Head axis not in front", _cut, "Wanted is (H, T, K): exchange the first two axes of (T, H, K)."),
        Mistake("Every H-th number instead of neighbours", lambda x, h: _cut(x, h, (2, 0, 1), interleaved=True), ASIDE),
        Mistake(
            "Positions and width exchanged", lambda x, h: _cut(x, h, (1, 2, 0)), "Wanted is (H, T, K), T before K."
        ),
        Mistake("The first head only", lambda x, h: x[:, : x.shape[1] // h], "All H heads are wanted, on a new axis."),
    ),
    hints=(
        "Two moves: cut the last axis into H pieces, then bring the heads to the front.",
        "Cutting an axis in two is a `reshape` that leaves the others: (T, D) becomes (T, H, K), with K = D // H.",
        "`x.reshape(len(x), num_heads, -1)` has shape (T, H, K); `swapaxes(0, 1)` exchanges its first two axes.",
    ),
    solution=package.split_heads,
    difficulty=1,
    importance=3,
    minutes=5,
)

merge_heads = exercise(
    name="merge_heads",
    arguments=("heads",),
    cases=lambda rng: [(rng.normal(size=shape),) for shape in ((3, 5, 7), (4, 4, 4), (7, 2, 3))],
    answer=package.merge_heads,
    mistakes=(
        Mistake("Heads merged in the wrong order", lambda x: x.reshape(x.shape[1], -1), MERGE),
        Mistake("Heads interleaved", lambda x: x.transpose(1, 2, 0).reshape(x.shape[1], -1), ASIDE),
        Mistake("Heads added up", lambda x: x.sum(axis=0), SIDE_BY_SIDE),
        Mistake("Heads averaged", lambda x: x.mean(axis=0), SIDE_BY_SIDE),
        Mistake("Heads under one another", lambda x: x.reshape(-1, x.shape[2]), SIDE_BY_SIDE),
        Mistake(
            "Axes moved, heads not joined", lambda x: x.swapaxes(0, 1), "Two axes are wanted: reshape to (T, H K)."
        ),
    ),
    hints=(
        "Go back the way you came: what `split_heads` did last is undone first.",
        "First (H, T, K) becomes (T, H, K), then the last two axes become one.",
        "`heads.swapaxes(0, 1)` does the first; `.reshape(positions, -1)` joins what is left.",
    ),
    solution=package.merge_heads,
    difficulty=1,
    importance=3,
    minutes=5,
)


def _multi_head(
    x: np.ndarray,
    source: np.ndarray,
    tables: np.ndarray,
    num_heads: int,
    factor: Callable = lambda width, num_heads: 1,
    split: Callable = package.split_heads,
    merge: Callable = package.merge_heads,
) -> np.ndarray:
    """Several heads, put wrong at one place; the scores are multiplied by `factor` beside the package's scale."""
    q, k, v = (split(a @ w, num_heads) for a, w in zip((x, source, source), tables, strict=False))
    heads, _ = package.scaled_dot_product_attention(q * factor(x.shape[-1], num_heads), k, v)
    return merge(heads) @ tables[3]


def _multi_head_cases(rng: np.random.Generator) -> list[tuple]:
    sizes = ((5, 7, 6, 2), (3, 3, 9, 3), (4, 4, 16, 4))
    return [(rng.normal(size=(t, d)), rng.normal(size=(s, d)), rng.normal(size=(4, d, d)), h) for t, s, d, h in sizes]


multi_head = exercise(
    name="multi_head",
    arguments=("x", "source", "tables", "num_heads"),
    cases=_multi_head_cases,
    answer=_multi_head,
    mistakes=(
        Mistake(
            "One wide head",
            lambda x, source, tables, h: _multi_head(x, source, tables, 1),
            "Every number of a word is mixed by one and the same row of weights: split queries, keys and values.",
        ),
        Mistake(
            "Heads merged in the wrong order",
            partial(_multi_head, merge=lambda heads: heads.reshape(heads.shape[1], -1)),
            MERGE,
        ),
        Mistake("Reshaped without moving an axis", partial(_multi_head, split=_blocks), SPLIT),
        Mistake(
            "Scaled by the square root of D, not of K",
            partial(_multi_head, factor=lambda d, h: 1 / math.sqrt(h)),
            "Each head multiplies K = D / H numbers, so the scores are divided by the root of K.",
        ),
        Mistake(
            "No scaling",
            partial(_multi_head, factor=lambda d, h: math.sqrt(d / h)),
            "Divide each head's scores by the root of its width K, or let the package's attention do it.",
        ),
        Mistake(
            "Output table left out",
            lambda x, source, tables, h: _multi_head(x, source, [*tables[:3], np.eye(x.shape[-1])], h),
            "Merged heads only lie side by side. The last table, w_output, lets them be mixed.",
        ),
        Mistake(
            "Keys and values of x, not of the source",
            lambda x, source, tables, h: _multi_head(x, x, tables, h),
            "Only the query comes from x: what is asked, key and value, is the source.",
        ),
        Mistake(
            "Heads averaged",
            lambda x, source, tables, h: _multi_head(
                x, source, tables, h, merge=lambda heads: np.tile(heads.mean(axis=0), h)
            ),
            SIDE_BY_SIDE,
        ),
    ),
    hints=(
        "Five steps: three tables make query, key and value; split all three; attend; merge; the fourth table.",
        "`split_heads(x @ w_query, num_heads)` has shape (H, T, K). Attention treats the axis in front as it is.",
        "`heads, _ = scaled_dot_product_attention(query, key, value)`, then `merge_heads(heads) @ w_output`.",
    ),
    solution="""\
def multi_head(x, source, tables, num_heads):
    w_query, w_key, w_value, w_output = tables
    query = split_heads(x @ w_query, num_heads)
    key = split_heads(source @ w_key, num_heads)
    value = split_heads(source @ w_value, num_heads)
    heads, _ = scaled_dot_product_attention(query, key, value)
    return merge_heads(heads) @ w_output""",
    difficulty=3,
    importance=3,
    minutes=8,
)
