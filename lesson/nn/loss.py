"""The loss: how surprised a model is by the right answers."""

from typing import NamedTuple

import numpy as np

from lesson.nn.embedding import require_ids


class CrossEntropyCache(NamedTuple):
    """The predicted shares (..., V), the targets (...), which of them were kept, how many, and the smoothing."""

    shares: np.ndarray
    targets: np.ndarray
    kept: np.ndarray
    count: int
    smoothing: float


def cross_entropy(
    logits: np.ndarray, targets: np.ndarray, smoothing: float = 0.0, pad: int | None = None
) -> tuple[np.ndarray, CrossEntropyCache]:
    """Give the mean surprise over the tokens that are no padding, with a share of each answer spread over all tokens.

        -sum_v q_v log softmax(logits)_v,  q_v = (1 - smoothing) [v = target] + smoothing / V
                                                                           Szegedy et al. 2016, section 7

    logits (..., V)   targets (...), integers from 0 to V - 1, or pad   smoothing from 0 to 1
    Returns the loss, a number, and a cache whose `count` is the number of tokens in the mean. All padding: loss 0.
    Raises ValueError for other shapes, targets or smoothing.

    >>> round(float(cross_entropy(np.array([[0.0, 0.0], [9.0, 0.0]]), np.array([1, 0]), pad=0)[0]), 4)
    0.6931
    """
    targets = np.asarray(targets)
    if np.ndim(logits) < 1 or logits.shape[:-1] != targets.shape:
        raise ValueError(f"wanted logits (..., V) and targets (...), got {np.shape(logits)} and {targets.shape}")
    if not 0 <= smoothing <= 1:
        raise ValueError(f"wanted a smoothing from 0 to 1, got {smoothing}")
    kept = np.ones(targets.shape, bool) if pad is None else targets != pad
    targets = np.where(kept, targets, 0)
    require_ids(targets, logits.shape[-1])
    count = int(kept.sum())
    # Measured from the largest logit, neither the exponentials nor the logarithm can overflow.
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=-1, keepdims=True)
    expected = (1 - smoothing) * _at(shifted, targets) + smoothing * shifted.mean(axis=-1)
    loss = np.sum((np.log(total[..., 0]) - expected) * kept) / max(count, 1)
    return loss, CrossEntropyCache(exponentials / total, targets, kept, count, smoothing)


def cross_entropy_backward(d_output: float | np.ndarray, cache: CrossEntropyCache) -> np.ndarray:
    """Carry a gradient back to the logits.

        loss = log sum_w exp(z_w) - sum_v q_v z_v, because the q_v sum to one
        d_z_v = softmax(z)_v - q_v, times d_output / count where the token is kept and 0 where it is not

    d_output, a number        Returns d_logits (..., V).
    """
    shares, targets, kept, count, smoothing = cache
    d_logits = shares - smoothing / shares.shape[-1]
    np.put_along_axis(d_logits, targets[..., np.newaxis], _at(d_logits, targets)[..., np.newaxis] - (1 - smoothing), -1)
    d_logits *= (kept * (d_output / max(count, 1)))[..., np.newaxis]
    return d_logits


def _at(x: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.take_along_axis(x, ids[..., np.newaxis], axis=-1)[..., 0]
