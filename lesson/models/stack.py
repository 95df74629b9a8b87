"""Layers on top of one another, all of one form, and a norm above the last."""

from typing import NamedTuple

import numpy as np

from lesson.models.block import BlockCache, block, block_backward, init_block
from lesson.models.config import ModelConfig
from lesson.models.residual import NORMS
from lesson.nn.norm import NormCache
from lesson.nn.relative import RelativePositions


class StackCache(NamedTuple):
    """Each layer's cache; the residual stream (..., T, D) before the first layer and after each; the last norm's."""

    blocks: tuple[BlockCache, ...]
    stream: tuple[np.ndarray, ...]
    norm: NormCache | None
    norm_name: str


def init_stack(rng: np.random.Generator, config: ModelConfig, num_layers: int, reads_source: bool = False) -> dict:
    """Draw so many layers. Returns {"0": {...}, "1": {...}, ..., "norm": {...}}.

    Post-norm has no norm above: its last layer ends with one.
    """
    params = {str(layer): init_block(rng, config, reads_source) for layer in range(num_layers)}
    if config.norm_first:
        params["norm"] = NORMS[config.norm][0](config.width)
    return params


def layers_of(params: dict) -> list[dict]:
    """List the layers of a stack in their order, whatever order the dictionary has ("10" sorts before "2")."""
    return [params[str(layer)] for layer in range(sum(key.isdigit() for key in params))]


def stack(
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
) -> tuple[np.ndarray, StackCache]:
    """Let each layer rework what the one below it made: an encoder, or with a source the decoder that reads it.

        x <- block_l(x, source) for l = 0, 1, ..., then norm(x) if there is one        Vaswani et al. 2017, figure 1

    x (..., T, D)   gates {"0": {"attention": (..., H)}, ...}   the rest as in `block`
    Returns output (..., T, D) and a cache.
    """
    blocks, stream = [], [x]
    for number, layer in enumerate(layers_of(params)):
        x, cache = block(
            layer,
            x,
            source,
            config=config,
            may_attend=may_attend,
            may_attend_source=may_attend_source,
            positions=positions,
            gates=(gates or {}).get(str(number)),
            rng=rng,
        )
        blocks.append(cache)
        stream.append(x)
    norm_cache = None
    if "norm" in params:
        x, norm_cache = NORMS[config.norm][1](params["norm"], x)
    return x, StackCache(tuple(blocks), tuple(stream), norm_cache, config.norm)


def stack_backward(d_output: np.ndarray, cache: StackCache) -> tuple[tuple[np.ndarray, np.ndarray | None], dict]:
    """Carry a gradient back through all layers, the top one first.

        output = f_L(... f_1(x)), so d_x = f_1'(... f_L'(d_output))
        every layer read the same source, so d_source is the sum of what each sends back to it

    d_output (..., T, D)        Returns (d_x, d_source) and grads; d_source is None without a source.
    """
    grads, d_x, d_source = {}, d_output, None
    if cache.norm is not None:
        d_x, grads["norm"] = NORMS[cache.norm_name][2](d_x, cache.norm)
    for number, block_cache in reversed(list(enumerate(cache.blocks))):
        (d_x, d_read), grads[str(number)] = block_backward(d_x, block_cache)
        d_source = d_read if d_source is None else d_source + d_read
    return (d_x, d_source), grads
