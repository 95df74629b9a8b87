"""What is done to gradients between the backward pass and the optimiser: measure, clip, accumulate.

An objective is a function (params, batch, rng) -> (loss, grads, kept): the loss is a mean over so many kept tokens.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson import tree

Objective = Callable[[dict, object, np.random.Generator], tuple[float, dict, int]]


def norm(grads: dict) -> float:
    """Measure all gradients as one vector: the square root of the sum of all squares.

    >>> norm({"a": np.array([3.0]), "b": np.array([[4.0]])})
    5.0
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(sum(np.vdot(leaf, leaf) for leaf in tree.flatten(grads).values())))


def clip(grads: dict, largest: float) -> tuple[dict, float]:
    """Shorten gradients whose norm exceeds `largest` to that norm, all by the same factor; their direction stays.

        g <- g min(1, largest / |g|)        Pascanu, Mikolov and Bengio 2013, algorithm 1

    Returns the gradients and the norm they had before; gradients whose norm is not finite come back as they are.
    """
    if not largest > 0:
        raise ValueError(f"wanted a largest norm above 0, got {largest}")
    length = norm(grads)
    if not largest < length < np.inf:
        return grads, length
    return tree.map(lambda g: g * (largest / length), grads), length


def accumulated(objective: Objective) -> Objective:
    """Turn an objective on a batch into one on a list of small batches, with the loss and gradients of them as one.

        loss = sum_i kept_i loss_i / sum_i kept_i

    and the same for the gradients: a plain mean over the batches would give a token in a batch with much padding more
    weight than one elsewhere. Raises ValueError when no batch keeps any token.
    """

    def whole(params, batches, rng):
        total_loss, total, total_kept = 0.0, None, 0
        for batch in batches:
            loss, grads, kept = objective(params, batch, rng)
            weighted = tree.map(lambda g, kept=kept: g * kept, grads)
            total = tree.map(np.add, total, weighted) if total else weighted
            total_loss, total_kept = total_loss + loss * kept, total_kept + kept
        if not total_kept:
            raise ValueError("wanted at least one kept token, got none in any batch")
        return total_loss / total_kept, tree.map(lambda g: g / total_kept, total), total_kept

    return whole


def split_batch(batch: NamedTuple, parts: int) -> list:
    """Cut a batch (a NamedTuple of arrays) along its first axis into so many small ones, as equal as can be.

    Raises ValueError when there are fewer examples than parts.
    """
    if not 1 <= parts <= len(batch[0]):
        raise ValueError(f"wanted 1 to {len(batch[0])} parts, got {parts}")
    return [type(batch)(*arrays) for arrays in zip(*(np.array_split(array, parts) for array in batch), strict=True)]
