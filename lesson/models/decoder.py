"""The decoder: what may come next, given what came before, and a source if there is one."""

from typing import NamedTuple

import numpy as np

from lesson.models.config import ModelConfig
from lesson.models.embed import EmbedCache, embed, embed_backward, find_places, init_embed, relative_positions
from lesson.models.stack import StackCache, init_stack, stack, stack_backward
from lesson.nn.linear import LinearCache, init_linear, linear, linear_backward
from lesson.nn.masks import causal_padding_mask


class DecoderCache(NamedTuple):
    """What its three parts keep, and whether the scores came from the table of tokens."""

    embed: EmbedCache
    stack: StackCache
    output: LinearCache
    tied: bool


def init_decoder(
    rng: np.random.Generator, config: ModelConfig, num_layers: int, tied: bool, reads_source: bool = False
) -> dict:
    """Draw a decoder: {"embedding": {...}, "0": {...}, ..., "norm": {...}, "output": {...}}; tied, without "output"."""
    params = {"embedding": init_embed(rng, config), **init_stack(rng, config, num_layers, reads_source)}
    if not tied:
        params["output"] = init_linear(rng, config.width, config.vocabulary)
    return params


def decoder(
    params: dict,
    ids: np.ndarray,
    source: np.ndarray | None = None,
    *,
    config: ModelConfig,
    may_attend: np.ndarray | None = None,
    may_attend_source: np.ndarray | None = None,
    gates: dict | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, DecoderCache]:
    """Score, after every token, which one comes next; a token sees itself and what stands before it.

        score_tokens(stack(embed(ids), source))        Vaswani et al. 2017, section 3.1

    ids (..., T)   source (..., S, D), an encoder's hidden states   may_attend_source (..., T or 1, S)
    may_attend (..., T, T), in place of the causal mask without padding
    gates {"0": {"attention": (..., H), "cross_attention": (..., H)}, ...}   rng: for dropout, None at evaluation
    Returns logits (..., T, V) and a cache. Raises ValueError for ids outside the vocabulary.
    """
    ids = np.asarray(ids)
    places = find_places(ids, config.pad)
    x, embed_cache = embed(params["embedding"], ids, places, config, rng)
    hidden, stack_cache = stack(
        params,
        x,
        source,
        config=config,
        may_attend=causal_padding_mask(ids, config.pad) if may_attend is None else may_attend,
        may_attend_source=may_attend_source,
        positions=relative_positions(places, config),
        gates=gates,
        rng=rng,
    )
    logits, output_cache = score_tokens(params, hidden)
    return logits, DecoderCache(embed_cache, stack_cache, output_cache, "output" not in params)


def decoder_backward(d_logits: np.ndarray, cache: DecoderCache) -> tuple[np.ndarray | None, dict]:
    """Carry a gradient back to the source and to all parameters.

        logits = score_tokens(stack(embed(ids), source)), one backward pass after the other
        tied: logits = hidden E^T and embed reads E too, so d_E is the sum of both uses

    d_logits (..., T, V)        Returns d_source (..., S, D), None without a source, and grads shaped like params.
    """
    d_hidden, output_grads = linear_backward(d_logits, cache.output)
    (d_x, d_source), grads = stack_backward(d_hidden, cache.stack)
    grads["embedding"] = embed_backward(d_x, cache.embed)[1]
    if cache.tied:
        grads["embedding"]["token"]["weight"] += output_grads["weight"].T
    else:
        grads["output"] = output_grads
    return d_source, grads


def score_tokens(params: dict, hidden: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """Score every token of the vocabulary, by an output layer or by the table that reads tokens.

        hidden W + b,  or tied: hidden E^T        Press & Wolf 2017, section 3

    hidden (..., D)        Returns logits (..., V) and a cache.
    """
    if "output" in params:
        return linear(params["output"], hidden)
    return linear({"weight": params["embedding"]["token"]["weight"].T}, hidden)
