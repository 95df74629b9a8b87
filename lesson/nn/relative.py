"""Relative positions: what is done to queries and keys, once cut into heads, before they meet."""

import numpy as np

from lesson.nn.alibi import Alibi, alibi_key, alibi_key_backward, alibi_query, alibi_query_backward
from lesson.nn.rotary import Rotary, rotate, rotate_backward

RelativePositions = Rotary | Alibi | None


def place_query(q: np.ndarray, positions: RelativePositions) -> np.ndarray:
    """Put their places into queries (..., H, T, K): Rotary turns them, Alibi makes them one coordinate longer."""
    match positions:
        case Rotary():
            return rotate(q, _for_all_heads(positions))
        case Alibi():
            return alibi_query(q, positions)
    return q


def place_query_backward(d_output: np.ndarray, positions: RelativePositions) -> np.ndarray:
    """Carry a gradient back to the queries (..., H, T, K), by the backward pass of whatever was done to them."""
    match positions:
        case Rotary():
            return rotate_backward(d_output, _for_all_heads(positions))
        case Alibi():
            return alibi_query_backward(d_output)
    return d_output


def place_key(k: np.ndarray, positions: RelativePositions) -> np.ndarray:
    """Put their places into keys (..., G, S, K): Rotary turns them, Alibi makes them one coordinate longer."""
    match positions:
        case Rotary():
            return rotate(k, _for_all_heads(positions))
        case Alibi():
            return alibi_key(k, positions)
    return k


def place_key_backward(d_output: np.ndarray, positions: RelativePositions) -> np.ndarray:
    """Carry a gradient back to the keys (..., G, S, K), by the backward pass of whatever was done to them."""
    match positions:
        case Rotary():
            return rotate_backward(d_output, _for_all_heads(positions))
        case Alibi():
            return alibi_key_backward(d_output)
    return d_output


def _for_all_heads(rotary: Rotary) -> Rotary:
    return Rotary(*(np.expand_dims(table, -3) for table in rotary))
