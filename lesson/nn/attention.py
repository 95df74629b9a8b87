"""Scaled dot-product attention, and the cutting of a width into heads: the only place that mixes values by weights."""

import math
from typing import NamedTuple

import numpy as np

from lesson.nn.softmax import softmax, softmax_backward


class AttentionCache(NamedTuple):
    """What the backward pass needs, and what a heatmap shows: weights (..., T, S)."""

    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    weights: np.ndarray
    scale: float  # 1 / sqrt(K)


def scaled_dot_product_attention(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, may_attend: np.ndarray | None = None
) -> tuple[np.ndarray, AttentionCache]:
    """Mix values by how well each query matches each key.

        softmax(q k^T / sqrt(K)) v        Vaswani et al. 2017, eq. 1

    q (..., T, K)   k (..., S, K)   v (..., S, M)   may_attend (..., T, S), boolean, True = may attend
    Leading axes broadcast against one another: one set of keys may serve several groups of queries.
    Returns output (..., T, M) and a cache holding weights (..., T, S). A query that may attend to nothing gets zeros.
    Raises ValueError when the shapes do not fit, or the mask is not boolean.

    >>> q, k, v = np.array([[1.0, 0.0]]), np.array([[5.0, 1.0], [5.0, 2.0]]), np.array([[2.0], [4.0]])
    >>> scaled_dot_product_attention(q, k, v)[0]
    array([[3.]])
    """
    q, k, v = np.asarray(q), np.asarray(k), np.asarray(v)
    _require_shapes(q, k, v)
    scale = 1 / math.sqrt(q.shape[-1])
    weights = softmax((q * scale) @ k.swapaxes(-1, -2), where=may_attend)
    return weights @ v, AttentionCache(q, k, v, weights, scale)


def scaled_dot_product_attention_backward(
    d_output: np.ndarray, cache: AttentionCache
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry a gradient back through attention to queries, keys and values.

        output = weights v:                d_weights = d_output v^T         d_v = weights^T d_output
        scores = scale q k^T:              d_q = scale d_scores k           d_k = scale d_scores^T q

    and softmax stands between the two. d_output (..., T, M)
    Returns d_q, d_k, d_v, shaped like q, k, v: what was broadcast forward is summed backward.
    """
    q, k, v, weights, scale = cache
    d_v = weights.swapaxes(-1, -2) @ d_output
    d_scores = softmax_backward(d_output @ v.swapaxes(-1, -2), weights) * scale
    d_q = d_scores @ k
    d_k = d_scores.swapaxes(-1, -2) @ q
    return _sum_to(d_q, q.shape), _sum_to(d_k, k.shape), _sum_to(d_v, v.shape)


def split_heads(x: np.ndarray, num_heads: int) -> np.ndarray:
    """Cut the width into heads of equal width and put the head axis before the positions.

    x (..., T, D) -> (..., H, T, K) with K = D / H        Vaswani et al. 2017, section 3.2.2
    Raises ValueError when D is no multiple of num_heads.

    >>> split_heads(np.arange(8).reshape(2, 4), 2).tolist()
    [[[0, 1], [4, 5]], [[2, 3], [6, 7]]]
    """
    *leading, positions, width = x.shape
    if num_heads < 1 or width % num_heads:
        raise ValueError(f"wanted a width that num_heads divides, got width {width} and num_heads {num_heads}")
    return x.reshape(*leading, positions, num_heads, width // num_heads).swapaxes(-2, -3)


def merge_heads(x: np.ndarray) -> np.ndarray:
    """Undo `split_heads`: lay the heads side by side again.

    x (..., H, T, K) -> (..., T, D) with D = H K

    Each is the other's inverse and only moves numbers, so each is also the other's backward pass.
    """
    *leading, num_heads, positions, width = x.shape
    return x.swapaxes(-2, -3).reshape(*leading, positions, num_heads * width)


def _require_shapes(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> None:
    wanted = "q (..., T, K), k (..., S, K), v (..., S, M)"
    fit = min(q.ndim, k.ndim, v.ndim) >= 2 and q.shape[-1] == k.shape[-1] >= 1 and k.shape[-2] == v.shape[-2]
    if not fit:
        raise ValueError(f"wanted {wanted}, got q {q.shape}, k {k.shape}, v {v.shape}")


def _sum_to(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if gradient.shape == shape:
        return gradient
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=stretched, keepdims=True)
