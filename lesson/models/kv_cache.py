"""Decoding with a memory: the keys and values of what was already read are kept, so that a new token costs one row.

Nothing in a decoder looks ahead. So what its layers made of the past does not change when a token is added, and all
that the new token asks of the past are its keys and values (Pope et al. 2023, section 2).
"""

from typing import NamedTuple

import numpy as np

from lesson.models.config import ModelConfig
from lesson.models.decoder import score_tokens
from lesson.models.embed import embed, relative_positions
from lesson.models.residual import NORMS, residual
from lesson.models.stack import layers_of
from lesson.nn.attend import SourceHeads, attend, project_source
from lesson.nn.feed_forward import feed_forward
from lesson.nn.masks import causal_mask
from lesson.nn.relative import RelativePositions


class KeyValueCache(NamedTuple):
    """What the past left behind: per layer its keys and values, and those of the source, made once.

    is_token (B, S) says which columns of the past are tokens, not padding; None before anything was read.
    """

    past: tuple[SourceHeads | None, ...]
    source: tuple[SourceHeads | None, ...]
    may_attend_source: np.ndarray | None
    is_token: np.ndarray | None


def start_cache(
    params: dict, config: ModelConfig, source: np.ndarray | None = None, may_attend_source: np.ndarray | None = None
) -> KeyValueCache:
    """Begin with an empty past; from the source (B, S, D), if any, every layer makes its keys and values now.

    params: those of a decoder, as `decoder` takes them
    """
    layers, heads = layers_of(params), config.num_heads
    projected = (
        None if source is None else project_source(each["cross_attention"], source, heads)[0] for each in layers
    )
    return KeyValueCache((None,) * len(layers), tuple(projected), may_attend_source, None)


def decode(
    params: dict, ids: np.ndarray, cache: KeyValueCache, config: ModelConfig
) -> tuple[np.ndarray, KeyValueCache]:
    """Read new tokens on top of a remembered past, and score what comes after each row's last one.

        the logits that `decoder` gives for past and new tokens together, at each row's last token

    ids (B, T): a whole prompt or one token a row; padding where a row has nothing new, anywhere
    Returns logits (B, V) and the longer cache. The columns of a cache are in order of arrival, the tokens' places are
    counted without padding: so rows of different lengths may share a batch. A row without new tokens gets no sense.
    """
    ids = np.asarray(ids)
    is_new = ids != config.pad
    is_old = np.zeros((len(ids), 0), bool) if cache.is_token is None else cache.is_token
    is_token = np.concatenate([is_old, is_new], axis=-1)
    places = np.maximum(np.cumsum(is_token, axis=-1) - 1, 0)[:, is_old.shape[1] :]
    may_attend = is_token[:, np.newaxis, :] & causal_mask(ids.shape[1], offset=is_old.shape[1])
    positions = relative_positions(places, config)
    x, _ = embed(params["embedding"], ids, places, config)
    past = []
    for layer, old, source in zip(layers_of(params), cache.past, cache.source, strict=True):
        x, heads = _block(layer, x, old, source, config, may_attend, cache.may_attend_source, positions)
        past.append(heads)
    hidden = last_token(x, is_new)
    if "norm" in params:
        hidden, _ = NORMS[config.norm][1](params["norm"], hidden)
    return score_tokens(params, hidden)[0], cache._replace(past=tuple(past), is_token=is_token)


def last_token(x: np.ndarray, is_token: np.ndarray) -> np.ndarray:
    """Pick what stands at each row's last token. x (B, T, ...), is_token (B, T) -> (B, ...)"""
    last = is_token.shape[-1] - 1 - np.argmax(is_token[:, ::-1], axis=-1)
    return x[np.arange(len(x)), last]


def _block(
    params: dict,
    x: np.ndarray,
    past: SourceHeads | None,
    source: SourceHeads | None,
    config: ModelConfig,
    may_attend: np.ndarray,
    may_attend_source: np.ndarray | None,
    positions: RelativePositions,
) -> tuple[np.ndarray, SourceHeads]:
    """Do what `block` does, for new rows only; the keys and values come back longer by them."""

    def attention(x):
        heads, _ = project_source(params["attention"], x, config.num_heads, positions)
        if past is not None:
            heads = SourceHeads(*(np.concatenate(pair, axis=-2) for pair in zip(past, heads, strict=True)))
        return attend(params["attention"], x, heads, config.num_heads, may_attend, positions=positions)[0], heads

    def cross_attention(x):
        return attend(params["cross_attention"], x, source, config.num_heads, may_attend_source)

    def feed(x):
        return feed_forward(params["feed_forward"], x, config.activation)

    x, cache = residual(params["attention_norm"], x, attention, config)
    if source is not None:
        x, _ = residual(params["cross_attention_norm"], x, cross_attention, config)
    x, _ = residual(params["feed_forward_norm"], x, feed, config)
    return x, cache.inner
