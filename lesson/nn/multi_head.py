"""Multi-head attention: several small attentions side by side, each with its own view of the same vectors."""

from typing import NamedTuple

import numpy as np

from lesson.nn.attend import (
    AttendCache,
    SourceCache,
    attend,
    attend_backward,
    project_source,
    project_source_backward,
    require_groups,
)
from lesson.nn.linear import init_linear
from lesson.nn.relative import RelativePositions


class MultiHeadCache(NamedTuple):
    """Both halves' caches; weights (..., H, T, S); whether the source was x itself."""

    weights: np.ndarray
    source: SourceCache
    attend: AttendCache
    is_self_attention: bool


def init_multi_head_attention(
    rng: np.random.Generator,
    width: int,
    num_heads: int,
    num_key_heads: int | None = None,
    source_width: int | None = None,
) -> dict:
    """Draw the four linear maps, K = D / H wide for each head. Fewer key heads than heads: grouped-query attention.

    Returns {"query": {"weight": (D, H K), "bias"}, "key": {"weight": (source D, G K)}, "value": ..., "output": ...}.
    There is no key bias: it would add one number to all scores of a row, which softmax does not see.
    Raises ValueError when H does not divide D, or G does not divide H.
    """
    num_key_heads = num_heads if num_key_heads is None else num_key_heads
    source_width = width if source_width is None else source_width
    if num_heads < 1 or width % num_heads:
        raise ValueError(f"wanted a width that num_heads divides, got width {width} and num_heads {num_heads}")
    require_groups(num_heads, num_key_heads)
    key_width = num_key_heads * (width // num_heads)
    return {
        "query": init_linear(rng, width, width),
        "key": init_linear(rng, source_width, key_width, bias=False),
        "value": init_linear(rng, source_width, key_width),
        "output": init_linear(rng, width, width),
    }


def multi_head_attention(
    params: dict,
    x: np.ndarray,
    source: np.ndarray | None = None,
    *,
    num_heads: int,
    may_attend: np.ndarray | None = None,
    gate: np.ndarray | None = None,
    positions: RelativePositions = None,
) -> tuple[np.ndarray, MultiHeadCache]:
    """Attend from x to a source, or to x itself, with several heads at once.

        concat(head_1, ..., head_H) W_O,  head_h = attention(x W_Q,h, source W_K,h, source W_V,h)
                                                                            Vaswani et al. 2017, section 3.2.2

    x (..., T, D)   source (..., S, D)   may_attend (..., T, S), the same for all heads
    gate (..., H): a factor for each head, 0 to cut it out (Michel et al. 2019, section 2.2); a constant, not learned
    positions: Rotary or Alibi tables of x's positions (self-attention only); Alibi supposes a causal mask
    With fewer key heads than heads, neighbouring heads share one (Ainslie et al. 2023, section 2.2).
    Returns output (..., T, D) and a cache holding weights (..., H, T, S). Raises ValueError when shapes do not fit.
    """
    if source is not None and positions is not None:
        raise ValueError("wanted relative positions in self-attention only, got them together with a source")
    heads, source_cache = project_source(params, x if source is None else source, num_heads, positions)
    output, cache = attend(params, x, heads, num_heads, may_attend, gate, positions)
    return output, MultiHeadCache(cache.weights, source_cache, cache, source is None)


def multi_head_attention_backward(
    d_output: np.ndarray, cache: MultiHeadCache
) -> tuple[tuple[np.ndarray, np.ndarray | None], dict]:
    """Carry a gradient back to x, to the source and to the four linear maps.

        output = attend(x, project_source(source)), so d_x and d_heads come from the first, d_source from the second
        and in self-attention source = x:    d_x = d_x (as queries) + d_source

    d_output (..., T, D)        Returns (d_x, d_source) and grads; d_source is None in self-attention.
    """
    (d_x, d_heads), attend_grads = attend_backward(d_output, cache.attend)
    d_source, source_grads = project_source_backward(d_heads, cache.source)
    d_inputs = (d_x + d_source, None) if cache.is_self_attention else (d_x, d_source)
    return d_inputs, {**attend_grads, **source_grads}
