"""Embedding: a table with one learned row for every token."""

from typing import NamedTuple

import numpy as np


class EmbeddingCache(NamedTuple):
    """Which rows were read, and the size of the table."""

    ids: np.ndarray
    shape: tuple[int, int]


def init_embedding(rng: np.random.Generator, vocabulary: int, width: int) -> dict:
    """Draw a table whose rows have length one on average, whatever their width.

        weight ~ normal(0, 1 / sqrt(D))

    Returns {"weight": (V, D)}. Multiplied by sqrt(D) (Vaswani et al. 2017, section 3.4) its entries have variance one.
    Raises ValueError when a size is below 1.
    """
    if min(vocabulary, width) < 1:
        raise ValueError(f"wanted sizes of at least 1, got {vocabulary} rows of width {width}")
    return {"weight": rng.standard_normal((vocabulary, width)) / np.sqrt(width)}


def embedding(params: dict, ids: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """Read one row of the table for every token.

        output_n = weight_ids[n]        Bengio et al. 2003, section 2; the same as a one-hot row times the table

    ids (...), integers from 0 to V - 1   weight (V, D)
    Returns output (..., D) and a cache. Raises ValueError for ids that are no integers or have no row.

    >>> embedding({"weight": np.array([[0.0, 1.0], [2.0, 3.0]])}, np.array([1, 0, 1]))[0].tolist()
    [[2.0, 3.0], [0.0, 1.0], [2.0, 3.0]]
    """
    weight, ids = params["weight"], np.asarray(ids)
    require_ids(ids, len(weight))
    return weight[ids], EmbeddingCache(ids, weight.shape)


def embedding_backward(d_output: np.ndarray, cache: EmbeddingCache) -> tuple[None, dict]:
    """Carry a gradient back to the rows that were read: a scatter, and an addition where a token came twice.

        d_weight_vd = sum_n d_output_nd d output_nd / d weight_vd
                    = sum_n d_output_nd [ids_n = v]

    d_output (..., D)        Returns None (ids are no numbers to move along) and grads {"weight": (V, D)}.
    """
    ids, (vocabulary, width) = cache
    # Counting with weights adds rows up fast, natively and in WebAssembly: measured against add.at, sorting, one-hot.
    cells = ids.reshape(-1, 1) * width + np.arange(width)
    summed = np.bincount(cells.reshape(-1), weights=d_output.reshape(-1), minlength=vocabulary * width)
    return None, {"weight": summed.reshape(vocabulary, width).astype(d_output.dtype, copy=False)}


def require_ids(ids: np.ndarray, count: int) -> None:
    """Raise ValueError unless these are integers from 0 to count - 1 (a negative one would read from the end)."""
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"wanted integer ids, got numbers of type {ids.dtype}")
    if ids.size and (ids.min() < 0 or ids.max() >= count):
        raise ValueError(f"wanted ids from 0 to {count - 1}, got {ids.min()} to {ids.max()}")
