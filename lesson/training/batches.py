"""Batches from a fixed set of examples."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np


def shuffled(examples: NamedTuple, size: int, seed: int) -> Callable:
    """Go through a NamedTuple of arrays again and again, each time in a new order: draw(rng, step) -> batch.

    An epoch's last batch is smaller when the size does not divide the number of examples. The batch depends on the seed
    and the step alone, so a resumed run sees what it would have seen. Raises ValueError for no examples or a size
    below 1.
    """
    count = len(examples[0])
    if count < 1 or size < 1:
        raise ValueError(f"wanted at least one example and a size of 1 or more, got {count} and size={size}")
    batches = -(-count // size)

    @lru_cache(maxsize=1)
    def order(epoch):
        return np.random.default_rng((seed, epoch)).random(count).argsort(kind="stable")

    def draw(rng, step):
        epoch, batch = divmod(step - 1, batches)
        chosen = order(epoch)[batch * size : (batch + 1) * size]
        return type(examples)(*(array[chosen] for array in examples))

    return draw
