"""Masks, and the softmax that heeds them."""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import masks
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="02-heads-and-masks")

EMPTY = "A row that may attend to nothing has no shares to give: its weights should be 0, and the sum must not divide."
BEFORE = "Forbid before the softmax, by a score of -np.inf. Afterwards the shares are given away and rows sum to less."
BOOLEAN = "A mask answers yes or no. Compare, as in np.arange(size) <= 2, or end with .astype(bool)."


def _shares(scores: np.ndarray) -> np.ndarray:
    """Softmax as in lesson 1, which survives large scores, but not a row of nothing but -inf."""
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def _masked_cases(rng: np.random.Generator) -> list[tuple]:
    ragged = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 1, 0], [1, 1, 1, 1, 0]], dtype=bool)
    first_empty = np.tri(4, k=-1, dtype=bool)
    large = 800 * rng.normal(size=(3, 5)) + np.array([[0.0], [9e3], [-9e3]])
    return [(rng.normal(size=(3, 5)), ragged), (rng.normal(size=(4, 4)), first_empty), (large, ragged)]


masked_softmax = exercise(
    name="masked_softmax",
    arguments=("scores", "may_attend"),
    cases=_masked_cases,
    answer=lambda scores, may_attend: softmax(scores, where=may_attend),
    mistakes=(
        Mistake("Mask added after the softmax", lambda s, m: softmax(s) * m, BEFORE),
        Mistake("Mask inverted", lambda s, m: softmax(s, where=~m), "True means may attend: forbid where it is False."),
        Mistake("Nothing masked", lambda s, m: softmax(s), "Where may_attend is False, the weight has to be 0."),
        Mistake(
            "Forbidden scores set to zero",
            lambda s, m: softmax(s * m),
            "A score of 0 has the share e to the 0, which is 1: only minus infinity has the share 0.",
        ),
        Mistake(
            "Mask added as ones and zeros",
            lambda s, m: softmax(s + m),
            "One more in score is only e times the share. Put -np.inf where the mask is False, with np.where.",
        ),
        Mistake("Softmax over the wrong axis", lambda s, m: softmax(s, m, axis=0), "A row is a query: use axis=-1."),
        Mistake("Not divided", lambda s, m: np.where(m, np.exp(s), 0), "Divide each row by its sum."),
        Mistake("A row without keys becomes nan", lambda s, m: _shares(np.where(m, s, -np.inf)), EMPTY),
        Mistake("A row without keys shares itself out", lambda s, m: _shares(np.where(m, s, -1e9)), EMPTY),
        Mistake("A row without keys shares itself out", lambda s, m: _shares(s - 1e9 * ~m), EMPTY),
        Mistake(
            "A row without keys becomes nan",
            lambda s, m: softmax(s) * m / (softmax(s) * m).sum(axis=-1, keepdims=True),
            EMPTY,
        ),
        Mistake(
            "Overflow",
            lambda s, m: np.exp(s) * m / np.maximum((np.exp(s) * m).sum(axis=-1, keepdims=True), 1e-300),
            "np.exp(9000) is inf: subtract each row's largest allowed score first.",
        ),
    ),
    hints=(
        "Which score has the share 0? Put it where the mask is False, and share out as in lesson 1.",
        "`np.where(may_attend, scores, -np.inf)`. The package's `softmax` copes with a row of nothing but `-np.inf`.",
        "`softmax(scores, where=...)` does both steps at once.",
    ),
    solution=softmax,
    difficulty=2,
    importance=3,
    minutes=6,
)

causal_mask = exercise(
    name="causal_mask",
    arguments=("size",),
    cases=lambda rng: [(5,), (1,), (8,)],
    answer=masks.causal_mask,
    mistakes=(
        Mistake(
            "Mask inverted", lambda n: ~np.tri(n, dtype=bool), "True means may attend: here the past is forbidden."
        ),
        Mistake(
            "The future instead of the past",
            lambda n: np.tri(n, dtype=bool).T,
            "Rows are queries, columns keys: query t may attend to the keys s <= t, left of the diagonal and on it.",
        ),
        Mistake(
            "A position that may not see itself",
            lambda n: np.tri(n, k=-1, dtype=bool),
            "What is foretold at t is word t + 1. Word t is known, and the first has nothing else: see yourself.",
        ),
        Mistake(
            "Future leak",
            lambda n: np.tri(n, k=1, dtype=bool),
            "Query t sees key t + 1, the very word it is to foretell. The last one allowed is t itself.",
        ),
        Mistake("Numbers, not True and False", lambda n: np.tri(n), BOOLEAN),
        Mistake("Numbers, not True and False", lambda n: np.where(np.tri(n, dtype=bool), 0, -np.inf), BOOLEAN),
        Mistake("Everything allowed", lambda n: np.ones((n, n), dtype=bool), "Right of the diagonal lies the future."),
    ),
    hints=(
        "Write down the row of query 2 for size 5: which of the keys 0, 1, 2, 3, 4 may it see?",
        "Key s is allowed where s <= t. NumPy compares a column of t with a row of s, and makes a table of it.",
        "`np.arange(size)` is the row; `np.arange(size)[:, np.newaxis]` is the column. Compare with `<=`.",
    ),
    solution=masks.causal_mask,
    difficulty=1,
    importance=3,
    minutes=5,
)


def _padding_cases(rng: np.random.Generator) -> list[tuple]:
    return [
        (np.array([[7, 8, 9, 0, 0], [7, 0, 0, 0, 0], [4, 5, 6, 7, 8]]), 0),
        (np.array([[3, 3, 1], [3, 0, 2], [1, 2, 0]]), 3),
    ]


padding_mask = exercise(
    name="padding_mask",
    arguments=("ids", "pad"),
    cases=_padding_cases,
    answer=masks.padding_mask,
    mistakes=(
        Mistake("Mask inverted", lambda ids, pad: (ids == pad)[:, None], "True means may attend: ids != pad."),
        Mistake(
            "Axis of the queries missing",
            lambda ids, pad: ids != pad,
            "A mask has the axes (..., T, S). With (B, S) NumPy takes the examples for queries: put an axis between.",
        ),
        Mistake(
            "Queries masked instead of keys",
            lambda ids, pad: (ids != pad)[:, :, None],
            "Nobody may attend to padding: the keys are the last axis. What padding itself asks is simply not read.",
        ),
        Mistake(
            "Queries masked as well as keys",
            lambda ids, pad: (ids != pad)[:, :, None] & (ids != pad)[:, None],
            "Only the keys need it: what padding itself asks is not read by anyone. Wanted is (B, 1, S).",
        ),
        Mistake("Numbers, not True and False", lambda ids, pad: (ids != pad)[:, None] * 1, BOOLEAN),
        Mistake(
            "Padding taken for 0", lambda ids, pad: (ids != 0)[:, None], "Padding has the id `pad`, whatever it is."
        ),
        Mistake(
            "Padding taken for 0", lambda ids, pad: (ids > 0)[:, None], "Padding has the id `pad`, whatever it is."
        ),
    ),
    hints=(
        "First the question without its shape: which of the ids are words, not padding?",
        "`ids != pad` has shape (B, S). All queries of an example share its row: their axis has size 1.",
        "`[:, np.newaxis, :]` puts an axis of size 1 between the two.",
    ),
    solution=masks.padding_mask,
    difficulty=1,
    importance=2,
    minutes=5,
)
