"""A heatmap in words: what a reader who does not see the picture needs to know."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.svg import number
from lesson.words import say


def summarise(weights: np.ndarray, queries: Sequence[str], keys: Sequence[str] | None = None) -> str:
    """Say of each query which key it attends to most, and how much.

    weights (T, S)   queries: T words   keys: S words, the queries again unless given

    >>> print(summarise(np.array([[0.25, 0.75], [0.5, 0.5]]), ["not", "boring"]))
    'not' attends most to 'boring' (0.7500).
    'boring' attends to all alike (0.5000).
    """
    weights, keys = labelled(weights, queries, keys)
    return "\n".join(_sentence(query, row, keys) for query, row in zip(queries, weights, strict=True))


def labelled(
    weights: np.ndarray, queries: Sequence[str], keys: Sequence[str] | None
) -> tuple[np.ndarray, Sequence[str]]:
    """Return the weights as an array and the words of its columns; raise ValueError when words and cells do not fit."""
    weights = np.asarray(weights, dtype=float)
    keys = queries if keys is None else keys
    if weights.shape != (len(queries), len(keys)) or not weights.size:
        raise ValueError(f"wanted weights ({len(queries)}, {len(keys)}), a cell or more, got {weights.shape}")
    return weights, keys


def _sentence(query: str, row: np.ndarray, keys: Sequence[str]) -> str:
    top = row.max()
    best = [f"'{key}'" for key, weight in zip(keys, row, strict=True) if np.isclose(weight, top, rtol=0, atol=1e-9)]
    if len(best) == len(keys) > 1:
        return say("'{word}' attends to all alike ({weight}).", word=query, weight=number(top))
    told = {"word": query, "words": say(" and ").join(best), "weight": number(top)}
    return say("'{word}' attends most to {words} ({weight}).", **told)
