"""Attention added up: over heads, and through layers."""

from collections.abc import Sequence

import numpy as np


def average_heads(weights: np.ndarray) -> np.ndarray:
    """Average the weights (..., H, T, S) of all heads: (..., T, S)."""
    return np.mean(weights, axis=-3)


def with_residual(attention: np.ndarray) -> np.ndarray:
    """Count the residual connection as attention to oneself, as much as all attention together.

        A = W / 2 + I / 2, rows made to sum to 1        Abnar & Zuidema 2020, section 3

    attention (..., T, T), heads already averaged   A row of zeros, which attends to nothing, becomes the identity's.
    Raises ValueError when the last two axes differ.

    >>> with_residual(np.array([[0.0, 1.0], [0.0, 0.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    attention = np.asarray(attention, float)
    if attention.ndim < 2 or attention.shape[-1] != attention.shape[-2]:
        raise ValueError(f"wanted attention of tokens to themselves, (..., T, T), got {attention.shape}")
    mixed = attention / 2 + np.eye(attention.shape[-1]) / 2
    return mixed / mixed.sum(axis=-1, keepdims=True)


def attention_rollout(attentions: Sequence[np.ndarray]) -> np.ndarray:
    """Follow attention down through all layers, as if each only mixed what it found.

        R_0 = A_0,  R_l = A_l R_(l-1),  A_l with the residual        Abnar & Zuidema 2020, eq. 1

    attentions: for each layer (..., T, T), the lowest first, heads averaged
    Returns (L, ..., T, T): how much position t of layer l holds of input s. Feed-forward layers and the sizes of values
    are not looked at, so this is where information could come from, not what was done with it.
    Raises ValueError without a layer.
    """
    if not len(attentions):
        raise ValueError("wanted the attention of a layer at least, got none")
    rolled = [with_residual(attentions[0])]
    for attention in attentions[1:]:
        rolled.append(with_residual(attention) @ rolled[-1])
    return np.stack(rolled)
