"""The encoder: every token read in the light of all others."""

from typing import NamedTuple

import numpy as np

from lesson.models.config import ModelConfig
from lesson.models.embed import EmbedCache, embed, embed_backward, find_places, init_embed, relative_positions
from lesson.models.stack import StackCache, init_stack, stack, stack_backward
from lesson.nn.masks import padding_mask


class EncoderCache(NamedTuple):
    """What its two halves keep."""

    embed: EmbedCache
    stack: StackCache


def init_encoder(rng: np.random.Generator, config: ModelConfig) -> dict:
    """Draw an encoder. Returns {"embedding": {...}, "0": {...}, "1": {...}, ..., "norm": {...}}."""
    return {"embedding": init_embed(rng, config), **init_stack(rng, config, config.num_layers)}


def encoder(
    params: dict,
    ids: np.ndarray,
    config: ModelConfig,
    gates: dict | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, EncoderCache]:
    """Read tokens; every one attends to all that are no padding.

        stack(embed(ids))        Vaswani et al. 2017, section 3.1

    ids (..., S)   gates {"0": {"attention": (..., H)}, ...}   rng: for dropout while training, None at evaluation
    Returns hidden states (..., S, D) and a cache. Raises ValueError for ids outside the vocabulary.
    """
    ids = np.asarray(ids)
    places = find_places(ids, config.pad)
    x, embed_cache = embed(params["embedding"], ids, places, config, rng)
    mask, positions = padding_mask(ids, config.pad), relative_positions(places, config)
    hidden, stack_cache = stack(params, x, config=config, may_attend=mask, positions=positions, gates=gates, rng=rng)
    return hidden, EncoderCache(embed_cache, stack_cache)


def encoder_backward(d_hidden: np.ndarray, cache: EncoderCache) -> tuple[None, dict]:
    """Carry a gradient back through the layers to the tables.

        hidden = stack(embed(ids)), so d_tables = embed'(stack'(d_hidden))

    d_hidden (..., S, D)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    (d_x, _), grads = stack_backward(d_hidden, cache.stack)
    return None, {"embedding": embed_backward(d_x, cache.embed)[1], **grads}
