"""The two halves of multi-head attention, which can be used apart.

`project_source` makes the keys and values of what is attended to; `attend` lets queries read them. A decoder that keeps
the first half's result, and appends to it, never computes a key twice.
"""

from typing import NamedTuple

import numpy as np

from lesson.nn.attention import (
    AttentionCache,
    merge_heads,
    scaled_dot_product_attention,
    scaled_dot_product_attention_backward,
    split_heads,
)
from lesson.nn.linear import LinearCache, linear, linear_backward
from lesson.nn.relative import RelativePositions, place_key, place_key_backward, place_query, place_query_backward


class SourceHeads(NamedTuple):
    """Keys (..., G, S, K) and values (..., G, S, K) of a source; new positions are appended along S."""

    key: np.ndarray
    value: np.ndarray


class SourceCache(NamedTuple):
    """What `project_source` keeps for its backward pass."""

    key: LinearCache
    value: LinearCache
    positions: RelativePositions


class AttendCache(NamedTuple):
    """What `attend` keeps for its backward pass; weights (..., H, T, S)."""

    weights: np.ndarray
    query: LinearCache
    attention: AttentionCache
    output: LinearCache
    gate: np.ndarray | None
    positions: RelativePositions


def project_source(
    params: dict, source: np.ndarray, num_heads: int, positions: RelativePositions = None
) -> tuple[SourceHeads, SourceCache]:
    """Make the keys and values of a source, cut into heads, with their places in them.

        k_g = source W_K,g,  v_g = source W_V,g

    source (..., S, D)        Returns keys and values (..., G, S, K) and a cache.
    """
    num_key_heads = _count_key_heads(params, num_heads)
    key, key_cache = linear(params["key"], source)
    value, value_cache = linear(params["value"], source)
    heads = SourceHeads(place_key(split_heads(key, num_key_heads), positions), split_heads(value, num_key_heads))
    return heads, SourceCache(key_cache, value_cache, positions)


def project_source_backward(d_heads: SourceHeads, cache: SourceCache) -> tuple[np.ndarray, dict]:
    """Carry gradients of keys and values back to the source.

        k = source W_K, v = source W_V: the source is used twice
        d_source = d_k W_K^T + d_v W_V^T

    d_heads: keys and values (..., G, S, K)        Returns d_source (..., S, D) and the grads of key and value.
    """
    d_key = merge_heads(place_key_backward(d_heads.key, cache.positions))
    d_from_key, key_grads = linear_backward(d_key, cache.key)
    d_from_value, value_grads = linear_backward(merge_heads(d_heads.value), cache.value)
    return d_from_key + d_from_value, {"key": key_grads, "value": value_grads}


def attend(
    params: dict,
    x: np.ndarray,
    heads: SourceHeads,
    num_heads: int,
    may_attend: np.ndarray | None = None,
    gate: np.ndarray | None = None,
    positions: RelativePositions = None,
) -> tuple[np.ndarray, AttendCache]:
    """Let every position of x read keys and values that were made before.

        concat(gate_h attention(x W_Q,h, k_g, v_g)) W_O,  g the group of head h

    x (..., T, D)   heads: keys and values (..., G, S, K)   the rest as in `multi_head_attention`
    Returns output (..., T, D) and a cache holding weights (..., H, T, S).
    """
    query, query_cache = linear(params["query"], x)
    q = place_query(split_heads(query, num_heads), positions)
    num_key_heads = heads.key.shape[-3]
    grouped = q.reshape(*q.shape[:-3], num_key_heads, num_heads // num_key_heads, *q.shape[-2:])
    mask = None if may_attend is None else np.expand_dims(may_attend, (-3, -4))
    mixed, attention_cache = scaled_dot_product_attention(
        grouped, heads.key[..., np.newaxis, :, :], heads.value[..., np.newaxis, :, :], mask
    )
    mixed = _gated(_ungroup(mixed), gate)
    output, output_cache = linear(params["output"], merge_heads(mixed))
    weights = _ungroup(attention_cache.weights)
    return output, AttendCache(weights, query_cache, attention_cache, output_cache, gate, positions)


def attend_backward(d_output: np.ndarray, cache: AttendCache) -> tuple[tuple[np.ndarray, SourceHeads], dict]:
    """Carry a gradient back to x and to the keys and values it read.

        the steps of `attend` in reverse, each by its own backward pass:
        output map, merged heads, gate, attention, placed queries, query map

    d_output (..., T, D)        Returns (d_x, d_heads) and the grads of query and output.
    """
    num_heads, attention = cache.weights.shape[-3], cache.attention
    d_merged, output_grads = linear_backward(d_output, cache.output)
    d_mixed = _gated(split_heads(d_merged, num_heads), cache.gate)
    d_grouped = d_mixed.reshape(*attention.q.shape[:-1], d_mixed.shape[-1])
    d_q, d_k, d_v = scaled_dot_product_attention_backward(d_grouped, attention)
    d_query = merge_heads(place_query_backward(_ungroup(d_q), cache.positions))
    d_x, query_grads = linear_backward(d_query, cache.query)
    d_heads = SourceHeads(d_k.squeeze(-3), d_v.squeeze(-3))
    return (d_x, d_heads), {"query": query_grads, "output": output_grads}


def _ungroup(x: np.ndarray) -> np.ndarray:
    """Join groups and their members to heads: (..., G, R, T, K) -> (..., G R, T, K)."""
    *leading, groups, members, positions, width = x.shape
    return x.reshape(*leading, groups * members, positions, width)


def _gated(heads: np.ndarray, gate: np.ndarray | None) -> np.ndarray:
    if gate is None:
        return heads
    gate = np.asarray(gate)
    if gate.shape[-1:] != heads.shape[-3:-2]:
        raise ValueError(f"wanted a gate of shape (..., {heads.shape[-3]}), one factor a head, got {gate.shape}")
    return heads * gate[..., np.newaxis, np.newaxis]


def _count_key_heads(params: dict, num_heads: int) -> int:
    query_width, key_width = params["query"]["weight"].shape[1], params["key"]["weight"].shape[1]
    num_key_heads = key_width * num_heads // query_width
    if num_key_heads * query_width != key_width * num_heads:
        raise ValueError(f"wanted keys that fill whole heads of {query_width} / {num_heads}, got {key_width}")
    require_groups(num_heads, num_key_heads)
    return num_key_heads


def require_groups(num_heads: int, num_key_heads: int) -> None:
    """Raise ValueError unless every key head serves the same number of heads."""
    if num_key_heads < 1 or num_heads % num_key_heads:
        raise ValueError(f"wanted key heads that divide the heads, got {num_key_heads} for {num_heads}")
