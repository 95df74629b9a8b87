"""Absolute positions: a vector for every place, added to the embedding of the token that stands there."""

import numpy as np

from lesson.nn.embedding import EmbeddingCache, embedding, embedding_backward, init_embedding


def sinusoidal_positions(positions: np.ndarray, width: int, base: float = 10_000.0) -> np.ndarray:
    """Give every place a fixed pattern of waves, from fast ones to slow ones.

        PE(p, 2i) = sin(p / base^(2i / D)),  PE(p, 2i + 1) = cos(p / base^(2i / D))
                                                            Vaswani et al. 2017, section 3.5

    positions (..., T), usually np.arange(T)
    Returns the patterns (..., T, D); nothing is learned, so there is no backward pass.
    Raises ValueError when the width is not even and positive.

    >>> sinusoidal_positions(np.arange(2), 4).round(3).tolist()
    [[0.0, 1.0, 0.0, 1.0], [0.841, 0.54, 0.01, 1.0]]
    """
    angle = angles(positions, width, base)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(*angle.shape[:-1], width)


def angles(positions: np.ndarray, width: int, base: float = 10_000.0) -> np.ndarray:
    """Give the angle by which each of D / 2 clock hands, each slower than the last, has turned at each place.

        p / base^(2i / D),  i = 0 ... D / 2 - 1

    positions (..., T) -> (..., T, D / 2)        Raises ValueError when the width is not even and positive.
    """
    if width < 2 or width % 2:
        raise ValueError(f"wanted an even, positive width (the numbers go in pairs), got {width}")
    return np.asarray(positions)[..., np.newaxis] / base ** (np.arange(0, width, 2) / width)


def init_learned_positions(rng: np.random.Generator, length: int, width: int) -> dict:
    """Draw a table with one row for every place. Returns {"weight": (length, D)}."""
    return init_embedding(rng, length, width)


def learned_positions(params: dict, positions: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """Give every place its own learned vector: an embedding of numbers instead of tokens.

        output_t = weight_t        Gehring et al. 2017, section 3.1

    positions (..., T), integers from 0 to length - 1
    Returns output (..., T, D) and a cache. Raises ValueError for a place beyond the table.
    """
    positions, length = np.asarray(positions), len(params["weight"])
    if positions.size and positions.max() >= length:
        raise ValueError(f"wanted positions below {length}, the places that were learned, got {positions.max()}")
    return embedding(params, positions)


def learned_positions_backward(d_output: np.ndarray, cache: EmbeddingCache) -> tuple[None, dict]:
    """Carry a gradient back to the table.

        output_t = weight_t for every example alike, so
        d_weight_t = sum over examples d_output_t

    d_output (..., T, D)        Returns None (positions are given) and grads {"weight": (length, D)}.
    """
    return embedding_backward(d_output, cache)
