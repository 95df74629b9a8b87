"""Dropout: forget some numbers at random while training, so that none is relied on alone."""

from typing import NamedTuple

import numpy as np


class DropoutCache(NamedTuple):
    """What each number was multiplied by: 0 or 1 / (1 - rate); None where nothing was dropped."""

    factor: np.ndarray | None


def dropout(
    x: np.ndarray, rate: float = 0.0, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, DropoutCache]:
    """Set each number to zero with a probability, and enlarge the others so that the average stays.

        x keep / (1 - rate),  keep ~ Bernoulli(1 - rate)        Srivastava et al. 2014, section 4 (scaling: section 10)

    x (...)   rate from 0 up to, not including, 1   rng: the source of chance while training; None at evaluation
    Returns output (...) and a cache. Without a generator, or at rate 0, the output is x itself and nothing is drawn.
    Raises ValueError for another rate.

    >>> dropout(np.ones(6), 0.5, np.random.default_rng(0))[0]
    array([2., 0., 0., 0., 2., 2.])
    """
    if not 0 <= rate < 1:
        raise ValueError(f"wanted a rate from 0 up to, not including, 1, got {rate}")
    if rng is None or rate == 0:
        return x, DropoutCache(None)
    factor = ((rng.random(x.shape) >= rate) / (1 - rate)).astype(x.dtype, copy=False)
    return x * factor, DropoutCache(factor)


def dropout_backward(d_output: np.ndarray, cache: DropoutCache) -> np.ndarray:
    """Carry a gradient back through dropout.

        output_i = factor_i x_i, each number on its own
        d_x_i = factor_i d_output_i

    d_output (...)        Returns d_x (...).
    """
    return d_output if cache.factor is None else d_output * cache.factor
