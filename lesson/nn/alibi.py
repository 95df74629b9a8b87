"""ALiBi: attention with linear biases. The further back a key stands, the lower its score.

The paper subtracts slope * (t - s) from the scaled score of query t and key s. Within a row, slope * t is the same for
all keys, and softmax does not see what all scores share: adding slope * s does the same. And a sum q k + slope * s is a
dot product with one more coordinate: slope at the query's end, s at the key's. So the attention itself stays as it is,
and keys in a cache carry their own position.
"""

import math
from typing import NamedTuple

import numpy as np


class Alibi(NamedTuple):
    """The slope of each head (H,) and the position of each key (..., S)."""

    slopes: np.ndarray
    positions: np.ndarray


def alibi_positions(positions: np.ndarray, num_heads: int) -> Alibi:
    """Give each head its slope, from steep to gentle, beside the positions.

        slope_h = 2^(-8 h / H),  h = 1 ... H        Press, Smith & Lewis 2022, section 3

    positions (..., S), usually np.arange(S)        Raises ValueError without a head.

    >>> alibi_positions(np.arange(3), 4).slopes.tolist()
    [0.25, 0.0625, 0.015625, 0.00390625]
    """
    if num_heads < 1:
        raise ValueError(f"wanted at least 1 head, got {num_heads}")
    return Alibi(2.0 ** (-8 * np.arange(1, num_heads + 1) / num_heads), np.asarray(positions))


def alibi_bias(slopes: np.ndarray, query_positions: np.ndarray, key_positions: np.ndarray) -> np.ndarray:
    """Give what ALiBi adds to the scaled scores, as the paper has it: to look at, and to check the coordinate by.

        -slope_h (t - s)        Press, Smith & Lewis 2022, eq. 1 (below a causal mask)

    slopes (H,)   query_positions (T,)   key_positions (S,)        Returns (H, T, S).
    """
    distance = np.asarray(query_positions)[:, np.newaxis] - np.asarray(key_positions)
    return -np.asarray(slopes)[:, np.newaxis, np.newaxis] * distance


def alibi_query(q: np.ndarray, alibi: Alibi) -> np.ndarray:
    """Append the head's slope to every query.

        q' = (q sqrt((K+1)/K), slope sqrt(K+1)), so that q' k' / sqrt(K+1) = q k / sqrt(K) + slope s

    q (..., H, T, K) -> (..., H, T, K + 1)        Raises ValueError when the heads are not as many as the slopes.
    """
    *_, num_heads, _, width = q.shape
    if num_heads != len(alibi.slopes):
        raise ValueError(f"wanted {len(alibi.slopes)} heads, one a slope, got {num_heads}")
    slope = np.broadcast_to(alibi.slopes[:, np.newaxis, np.newaxis], (*q.shape[:-1], 1))
    return np.concatenate([q * math.sqrt((width + 1) / width), slope * math.sqrt(width + 1)], axis=-1, dtype=q.dtype)


def alibi_query_backward(d_output: np.ndarray) -> np.ndarray:
    """Carry a gradient back to the queries.

        q' = (c q, constant), c = sqrt((K+1)/K)
        d_q = c d_q', the constant's part left out

    d_output (..., H, T, K + 1)        Returns d_q (..., H, T, K).
    """
    width = d_output.shape[-1] - 1
    return d_output[..., :-1] * math.sqrt((width + 1) / width)


def alibi_key(k: np.ndarray, alibi: Alibi) -> np.ndarray:
    """Append its position to every key.

        k' = (k, s)

    k (..., H, S, K) -> (..., H, S, K + 1)        Raises ValueError when the keys are not as many as the positions.
    """
    if k.shape[-2] != alibi.positions.shape[-1]:
        raise ValueError(f"wanted {alibi.positions.shape[-1]} keys, one a position, got {k.shape[-2]}")
    place = np.broadcast_to(alibi.positions[..., np.newaxis, :, np.newaxis], (*k.shape[:-1], 1))
    return np.concatenate([k, place], axis=-1, dtype=k.dtype)


def alibi_key_backward(d_output: np.ndarray) -> np.ndarray:
    """Carry a gradient back to the keys.

        k' = (k, constant)
        d_k = d_k', the constant's part left out

    d_output (..., H, S, K + 1)        Returns d_k (..., H, S, K).
    """
    return d_output[..., :-1]
