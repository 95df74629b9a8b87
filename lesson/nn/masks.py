"""Masks: who may attend to whom. Boolean, True = may attend, with the axes (..., T, S); `&` joins two of them."""

import numpy as np


def padding_mask(ids: np.ndarray, pad: int) -> np.ndarray:
    """Let every position attend to all that are no padding.

    ids (..., S) -> mask (..., 1, S)

    >>> padding_mask(np.array([[7, 8, 0]]), pad=0).tolist()
    [[[True, True, False]]]
    """
    ids = np.asarray(ids)
    if ids.ndim < 1:
        raise ValueError(f"wanted ids of shape (..., S), got a single number {ids}")
    return (ids != pad)[..., np.newaxis, :]


def causal_mask(targets: int, sources: int | None = None, offset: int | np.ndarray = 0) -> np.ndarray:
    """Let every position attend to itself and to what came before it.

        mask_ts = [s <= t + offset]        Vaswani et al. 2017, section 3.2.3

    offset: how many positions precede the first target (those in a cache); an array (...) gives a mask per example
    Returns mask (..., T, S); without `sources`, S = T + the largest offset. Raises ValueError for negative sizes.

    >>> causal_mask(2, offset=1).astype(int).tolist()
    [[1, 1, 0], [1, 1, 1]]
    """
    offset = np.asarray(offset)
    sources = targets + int(offset.max(initial=0)) if sources is None else sources
    if min(targets, sources) < 0:
        raise ValueError(f"wanted sizes of at least 0, got {targets} targets and {sources} sources")
    last_allowed = np.arange(targets) + offset[..., np.newaxis]
    return np.arange(sources) <= last_allowed[..., np.newaxis]


def causal_padding_mask(ids: np.ndarray, pad: int) -> np.ndarray:
    """Let every position attend to itself and to what came before it, padding excepted.

    ids (..., T) -> mask (..., T, T)        A position may have nothing to attend to: it then gets zeros.

    >>> causal_padding_mask(np.array([0, 7, 8]), pad=0).astype(int).tolist()
    [[0, 0, 0], [0, 1, 0], [0, 1, 1]]
    """
    ids = np.asarray(ids)
    return padding_mask(ids, pad) & causal_mask(ids.shape[-1])


def reach(may_attend: np.ndarray, layers: int) -> np.ndarray:
    """Say who can know of whom after so many layers of one mask, when every position keeps what it knew.

        reach_0 = I,  reach_l = (mask or I) reach_l-1        a product of booleans: t asks somebody who knows of s

    may_attend (..., T, T) -> reach (..., T, T). Raises ValueError for a mask that is not square, or layers below 0.

    >>> reach(causal_mask(3, 3) & ~causal_mask(3, 3, offset=-2), 2).astype(int).tolist()
    [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    """
    may_attend = np.asarray(may_attend, dtype=bool)
    if may_attend.ndim < 2 or may_attend.shape[-1] != may_attend.shape[-2]:
        raise ValueError(f"wanted a square mask (..., T, T), got shape {may_attend.shape}")
    if layers < 0:
        raise ValueError(f"wanted 0 layers or more, got {layers}")
    itself = np.eye(may_attend.shape[-1], dtype=bool)
    known = np.broadcast_to(itself, may_attend.shape)
    for _ in range(layers):
        known = (may_attend | itself) @ known
    return known
