"""How much of an induction head a head is."""

import numpy as np


def induction_score(weights: np.ndarray, ids: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Say how much of its attention each head gives to what followed the same token before.

        score_h = mean over the places t that ask of sum_s W_hts, over s <= t with ids_(s-1) = ids_t
                                                    the prefix matching of Olsson et al. 2022 (arXiv 2209.11895)

    weights (..., H, T, T)   ids (..., T)   asked (..., T): at which places to look, booleans
    Returns (H,), from 0 to 1. Raises ValueError when shapes differ or no place is asked.

    >>> weights = np.array([[[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.1, 0.8, 0.1]]])
    >>> induction_score(weights, np.array([7, 8, 7]), np.array([False, False, True])).tolist()
    [0.8]
    """
    weights, ids, asked = np.asarray(weights, float), np.asarray(ids), np.asarray(asked, bool)
    size = ids.shape[-1]
    if weights.ndim < 3 or (*weights.shape[:-3], *weights.shape[-2:]) != (*ids.shape, size) or asked.shape != ids.shape:
        raise ValueError(f"wanted weights (..., H, T, T), ids and asked (..., T), got {weights.shape}, {ids.shape}")
    if not asked.any():
        raise ValueError("wanted a place or more that is asked")
    same = (ids[..., :, np.newaxis] == ids[..., np.newaxis, :]) & np.tri(size, k=-1, dtype=bool)
    followed = np.zeros_like(same)
    followed[..., 1:] = same[..., :-1]
    # What is in nobody's sight cannot be attended to: an s beyond t has no weight in a language model.
    counted = followed & np.tri(size, dtype=bool) & asked[..., np.newaxis]
    found = np.sum(weights * counted[..., np.newaxis, :, :], axis=(-2, -1))
    return found.reshape(-1, found.shape[-1]).sum(axis=0) / asked.sum()
