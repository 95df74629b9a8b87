"""The arithmetic of the tiny classifier: padded token ids in, logits out, in blocks small enough for a browser."""

from collections.abc import Callable, Iterator

import numpy as np

from lesson.nn.attention import merge_heads, scaled_dot_product_attention, split_heads

# Attention weights held at a time, over all texts and heads: 8 MiB of float64, where T x T of them may be 800 MB.
CELLS = 2**20

Observer = Callable[[slice, np.ndarray], None]


def weight_plan(num_ids: int, width: int, hidden: int, num_labels: int) -> dict[str, tuple[tuple[int, ...], float]]:
    """Name every weight with its shape and the standard deviation it is drawn with, in the order of drawing."""
    return {
        "embed": ((num_ids, width), 0.2),
        "W_q": ((width, width), 0.3),
        "W_k": ((width, width), 0.3),
        "W_v": ((width, width), 0.3),
        "W_o": ((width, width), 0.2),
        "ff_w1": ((width, hidden), 0.2),
        "ff_b1": ((hidden,), 0.1),
        "ff_w2": ((hidden, width), 0.2),
        "ff_b2": ((width,), 0.05),
        "classifier_w": ((width, num_labels), 0.4),
        "classifier_b": ((num_labels,), 0.1),
    }


def require_weight(name: str, value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a weight as a float64 array, or raise ValueError naming it when its shape or a number in it is wrong."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: wanted numbers of shape {shape}, got {type(value).__name__}") from None
    if array.shape != shape:
        raise ValueError(f"{name}: wanted shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: wanted finite numbers, got {array[~np.isfinite(array)][0]}")
    return array


def score(
    weights: dict[str, np.ndarray],
    num_heads: int,
    ids: np.ndarray,
    may_attend: np.ndarray,
    observe: Observer | None = None,
) -> np.ndarray:
    """Read a padded batch and return its logits, without the lexicon's share.

        h = E[ids]        a = [A_1(h) ... A_H(h)] W_o        A_i = softmax(q_i k_i^T / sqrt(K)) v_i
        logits = mean_t(relu(a W_1 + b_1) W_2 + b_2) W_c + b_c = (mean_t(relu(a W_1 + b_1)) W_2 + b_2) W_c + b_c

    ids (B, T)   may_attend (B, T), True where there is a token; at least one in each row
    Returns logits (B, L). No position enters anywhere and the mean forgets the order, so the order cannot matter.
    Attention weights are worked out for some queries at a time; `observe(rows, block)` sees each block (B, H, rows, T).
    """
    embedded = weights["embed"][ids]
    q, k, v = (split_heads(embedded @ weights[name], num_heads) for name in ("W_q", "W_k", "W_v"))
    pooled = 0.0
    for rows in _blocks(*ids.shape, num_heads):
        is_token = may_attend[:, rows, None]
        mixed, cache = scaled_dot_product_attention(q[:, :, rows], k, v, (is_token & may_attend[:, None, :])[:, None])
        if observe is not None:
            observe(rows, cache.weights)
        hidden = np.maximum(merge_heads(mixed) @ weights["W_o"] @ weights["ff_w1"] + weights["ff_b1"], 0)
        pooled += (hidden * is_token).sum(axis=1)
    pooled /= may_attend.sum(axis=1, keepdims=True)
    return (pooled @ weights["ff_w2"] + weights["ff_b2"]) @ weights["classifier_w"] + weights["classifier_b"]


def _blocks(batch: int, length: int, num_heads: int) -> Iterator[slice]:
    step = max(1, CELLS // max(1, batch * num_heads * length))
    return (slice(start, start + step) for start in range(0, length, step))


def group_by_length(lengths: np.ndarray, num_heads: int) -> Iterator[np.ndarray]:
    """Cut a batch into groups of similar length, each of which fits the cells held at a time (or is a single text).

    lengths (N,) -> arrays of positions into it. So one very long text does not make the short ones as long as itself.

    >>> [group.tolist() for group in group_by_length(np.array([3, 9000, 2]), num_heads=2)]
    [[2, 0], [1]]
    """
    order = np.argsort(lengths, kind="stable")
    start = 0
    for end in range(1, len(order) + 1):
        is_full = end < len(order) and (end + 1 - start) * num_heads * int(lengths[order[end]]) ** 2 > CELLS
        if end == len(order) or is_full:
            yield order[start:end]
            start = end
