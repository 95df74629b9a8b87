"""What a head attends to, where that is plain: named by a share that was measured, left unnamed otherwise."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lesson.words import later

PLAIN, EVEN = 0.5, 0.9
RULE = later(
    "A head is said to attend to a place when {plain} or more of its weight goes there, on average over the rows "
    "that have a choice; to all places alike when {even} or more of it lies as even shares would."
)


class Pattern(NamedTuple):
    """What a head attends to, or no name where nothing is plain, and the largest share that was measured."""

    name: str
    share: float


def name_patterns(weights: np.ndarray, columns: Sequence[str]) -> list[list[Pattern]]:
    """Name what each head attends to: the same place, the place before or after, the first, the mirrored, or one word.

    weights (L, H, T, S)   columns: S words        Returns one list of patterns a layer.

    >>> name_patterns(np.array([[[[1, 0, 0], [0.9, 0.1, 0], [0, 0.8, 0.2]]]]), ["not", "very", "good"])
    [[Pattern(name='the place before', share=0.85)]]
    """
    choice = _rows_with_a_choice(weights)
    shares = measure_patterns(weights)
    one = _mean_over_rows(np.moveaxis(weights, -1, 0), choice)  # (S, L, H)
    even = _even_share(weights, choice)
    names = [*shares, ""]
    # What differs by rounding only is a tie, and a tie goes to the first: the same on every machine.
    stack = np.round(np.stack([*shares.values(), one.max(axis=0)], axis=-1), 9)
    best, word = stack.argmax(axis=-1), np.round(one, 9).argmax(axis=0)

    def name(layer: int, head: int) -> Pattern:
        if even[layer, head] >= EVEN:
            return Pattern(later("all places alike"), float(even[layer, head]))
        share = float(stack[layer, head].max())
        found = names[best[layer, head]] or f"'{columns[word[layer, head]]}'"
        return Pattern(found if share >= PLAIN else "", share)

    layers, heads = weights.shape[:2]
    return [[name(layer, head) for head in range(heads)] for layer in range(layers)]


def measure_patterns(weights: np.ndarray) -> dict[str, np.ndarray]:
    """Give the mean weight on each kind of place, over the rows that have such a place and a choice: (...) each.

    weights (..., T, S)
    """
    t, s = np.arange(weights.shape[-2])[:, np.newaxis], np.arange(weights.shape[-1])
    kinds = {
        later("the same place"): s == t,
        later("the place before"): s == t - 1,
        later("the place after"): s == t + 1,
        later("the first place"): (s == 0) & (t >= 0),
        later("the mirrored place"): s == len(s) - 1 - t,
    }
    choice = _rows_with_a_choice(weights)
    return {
        name: _mean_over_rows((weights * places).sum(axis=-1), choice & places.any(axis=-1))
        for name, places in kinds.items()
    }


def _choices(weights: np.ndarray) -> np.ndarray:
    """Count the columns that each row may weigh, (T, 1): those that some head does, for a mask is common to all."""
    return (weights.reshape(-1, *weights.shape[-2:]) > 0).any(axis=0).sum(axis=-1, keepdims=True)


def _rows_with_a_choice(weights: np.ndarray) -> np.ndarray:
    """Tell the rows that may weigh several columns, (T,); where there is none, those that weigh any."""
    counts = _choices(weights)[:, 0]
    return counts > (1 if (counts > 1).any() else 0)


def _even_share(weights: np.ndarray, choice: np.ndarray) -> np.ndarray:
    """Give how much of the weight lies as even shares among the columns that may be weighed would, (...)."""
    counts = _choices(weights)
    alike = np.minimum(weights, 1 / np.maximum(counts, 1)).sum(axis=-1)
    # A row without a choice is as even as it is anything else: it says nothing.
    return np.round(_mean_over_rows(alike, choice & (counts[:, 0] > 1)), 9)


def _mean_over_rows(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return (values * rows).sum(axis=-1) / np.maximum(rows.sum(axis=-1), 1)
