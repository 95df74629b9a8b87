"""From scores to one token: the likeliest, or a draw from a distribution that was sharpened or trimmed first."""

from collections.abc import Callable

import numpy as np

from lesson.nn.softmax import softmax


def temper(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Sharpen (below 1) or flatten (above 1) the distribution that scores stand for.

        logits / temperature        Hinton, Vinyals & Dean 2015, eq. 1

    logits (..., V)        Raises ValueError unless the temperature is above 0.
    """
    if not temperature > 0:
        raise ValueError(f"wanted a temperature above 0 (greedy choice is its limit), got {temperature}")
    return logits / temperature


def keep_top_k(logits: np.ndarray, k: int) -> np.ndarray:
    """Forbid all but the k best tokens: exactly k, of equal ones those with the smaller ids.

        logits where rank < k, else -inf        Fan, Lewis & Dauphin 2018, section 5.4

    logits (..., V)        Raises ValueError for k below 1.

    >>> keep_top_k(np.array([1.0, 3.0, 3.0]), 1).tolist()
    [-inf, 3.0, -inf]
    """
    if k < 1:
        raise ValueError(f"wanted to keep at least 1 token, got {k}")
    return np.where(_ranks(logits) < k, logits, -np.inf)


def keep_top_p(logits: np.ndarray, p: float) -> np.ndarray:
    """Forbid all but the nucleus: the fewest best tokens whose shares add up to at least p.

        smallest set with sum of softmax(logits) >= p        Holtzman et al. 2020, eq. 2

    logits (..., V)        Raises ValueError unless p is above 0 and at most 1. At least one token stays.

    >>> keep_top_p(np.log([0.5, 0.3, 0.2]), 0.6).round(4).tolist()
    [-0.6931, -1.204, -inf]
    """
    if not 0 < p <= 1:
        raise ValueError(f"wanted p above 0 and at most 1, got {p}")
    ranks = _ranks(logits)
    ordered = np.flip(np.sort(softmax(logits), axis=-1), axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    return np.where(np.take_along_axis(before, ranks, axis=-1) < p, logits, -np.inf)


def greedy(logits: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Choose the best token, of equal ones that with the smallest id. logits (B, V) -> ids (B,)"""
    return np.argmax(logits, axis=-1)


def sampling(temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None) -> Callable:
    """Make a choice by chance: choose(logits (B, V), rng) -> ids (B,), drawn from `token_shares` of the same settings.

    Raises ValueError, when called, for settings that cannot be.
    """
    token_shares(np.zeros(1), temperature, top_k, top_p)

    def choose(logits, rng):
        if rng is None:
            raise ValueError("wanted a generator (numpy.random.default_rng(seed)) to sample with, got None")
        return draw(token_shares(logits, temperature, top_k, top_p), rng)

    return choose


def token_shares(
    logits: np.ndarray, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> np.ndarray:
    """Give every token's probability of being sampled: tempered, then cut to k tokens, then to the nucleus.

    logits (..., V)        Returns shares (..., V), exact zeros for what is forbidden.
    """
    logits = temper(logits, temperature)
    logits = logits if top_k is None else keep_top_k(logits, top_k)
    logits = logits if top_p is None else keep_top_p(logits, top_p)
    return softmax(logits)


def draw(shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw one token a row: where a uniform number falls on the shares laid end to end.

        min { v : u < share_0 + ... + share_v },  u ~ uniform(0, 1)        Devroye 1986, section III.2

    shares (B, V) -> ids (B,)        A token without a share is never drawn.
    """
    ends = np.cumsum(shares, axis=-1)
    # Scaled to the last end, u stays below it even where rounding left the sum short of 1.
    u = rng.random((len(shares), 1)) * ends[:, -1:]
    return np.argmax(u < ends, axis=-1)


def _ranks(logits: np.ndarray) -> np.ndarray:
    """Rank the tokens of each row from 0, the best; of equal ones the one with the smaller id comes first."""
    order = np.argsort(-logits, axis=-1, kind="stable")
    return np.argsort(order, axis=-1, kind="stable")
