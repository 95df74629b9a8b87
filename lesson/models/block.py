"""One layer of a transformer: attention to itself, attention to a source if there is one, and a feed-forward layer."""

from typing import NamedTuple

import numpy as np

from lesson.models.config import ModelConfig
from lesson.models.residual import NORMS, ResidualCache, residual, residual_backward
from lesson.nn.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention, multi_head_attention_backward
from lesson.nn.relative import RelativePositions


class BlockCache(NamedTuple):
    """The caches of the sub-layers: weights are in attention.inner.weights and cross_attention.inner.weights."""

    attention: ResidualCache
    cross_attention: ResidualCache | None
    feed_forward: ResidualCache


def init_block(rng: np.random.Generator, config: ModelConfig, reads_source: bool = False) -> dict:
    """Draw a layer: an encoder's, or with `reads_source` a decoder's that reads an encoder.

    Returns {"attention", "attention_norm", "cross_attention", "cross_attention_norm", "feed_forward", ...}.
    """
    params = {}
    for name in ("attention", "cross_attention") if reads_source else ("attention",):
        params[name] = init_multi_head_attention(rng, config.width, config.num_heads, config.num_key_heads)
    params["feed_forward"] = init_feed_forward(rng, config.width, config.hidden_width)
    init_norm, _, _ = NORMS[config.norm]
    return params | {f"{name}_norm": init_norm(config.width) for name in params}


def block(
    params: dict,
    x: np.ndarray,
    source: np.ndarray | None = None,
    *,
    config: ModelConfig,
    may_attend: np.ndarray | None = None,
    may_attend_source: np.ndarray | None = None,
    positions: RelativePositions = None,
    gates: dict | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, BlockCache]:
    """Let every position look around, look at the source, and think by itself.

        x <- residual(attention),  x <- residual(attention to the source),  x <- residual(feed-forward)
                                                                            Vaswani et al. 2017, section 3.1

    x (..., T, D)   source (..., S, D)   may_attend (..., T, T)   may_attend_source (..., T, S)
    gates: factors (..., H) for the heads under "attention" and "cross_attention"   rng: for dropout, None at evaluation
    Returns output (..., T, D) and a cache.
    """
    gates = gates or {}

    def attention(x):
        gate = gates.get("attention")
        heads = config.num_heads
        return multi_head_attention(
            params["attention"], x, num_heads=heads, may_attend=may_attend, gate=gate, positions=positions
        )

    def cross_attention(x):
        gate, mask = gates.get("cross_attention"), may_attend_source
        return multi_head_attention(
            params["cross_attention"], x, source, num_heads=config.num_heads, may_attend=mask, gate=gate
        )

    def feed(x):
        return feed_forward(params["feed_forward"], x, config.activation)

    x, attention_cache = residual(params["attention_norm"], x, attention, config, rng)
    cross_cache = None
    if source is not None:
        x, cross_cache = residual(params["cross_attention_norm"], x, cross_attention, config, rng)
    x, feed_cache = residual(params["feed_forward_norm"], x, feed, config, rng)
    return x, BlockCache(attention_cache, cross_cache, feed_cache)


def block_backward(d_output: np.ndarray, cache: BlockCache) -> tuple[tuple[np.ndarray, np.ndarray | None], dict]:
    """Carry a gradient back through a layer, last sub-layer first.

        output = f_3(f_2(f_1(x), source)), so by the chain rule
        d_x = f_1'(f_2'(f_3'(d_output))), and d_source comes off on the way, at f_2'

    d_output (..., T, D)        Returns (d_x, d_source) and grads; d_source is None without a source.
    """
    grads, d_x, d_source = {}, d_output, None
    for name, backward in _BACKWARD.items():
        inner = getattr(cache, name)
        if inner is not None:
            (d_x, d_read), grads[name], grads[f"{name}_norm"] = residual_backward(d_x, inner, backward)
            d_source = d_read if name == "cross_attention" else d_source
    return (d_x, d_source), grads


def _feed_forward_backward(d_output, cache):
    d_x, grads = feed_forward_backward(d_output, cache)
    return (d_x, None), grads


_BACKWARD = {
    "feed_forward": _feed_forward_backward,
    "cross_attention": multi_head_attention_backward,
    "attention": multi_head_attention_backward,
}
