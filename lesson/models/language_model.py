"""The language model: a decoder with nothing to read but its own past."""

from typing import NamedTuple

import numpy as np

from lesson.models.config import LanguageModelConfig
from lesson.models.decoder import DecoderCache, decoder, decoder_backward, init_decoder
from lesson.models.gates import nest_gates


class LanguageModelCache(NamedTuple):
    """What its decoder keeps."""

    decoder: DecoderCache


def init_language_model(rng: np.random.Generator, config: LanguageModelConfig) -> dict:
    """Draw a decoder that reads no source: {"decoder": {...}}."""
    return {"decoder": init_decoder(rng, config, config.num_layers, config.tied)}


def language_model(
    params: dict,
    ids: np.ndarray,
    config: LanguageModelConfig,
    gates: dict[str, np.ndarray] | None = None,
    rng: np.random.Generator | None = None,
    may_attend: np.ndarray | None = None,
) -> tuple[np.ndarray, LanguageModelCache]:
    """Score, after every token, which one comes next.

        decoder(ids)        Radford et al. 2018, eq. 2

    ids (..., T), padding anywhere   gates: factors (..., H) for the heads of "decoder/0/attention", ...
    may_attend (..., T, T): who sees whom, if it is not to be the past alone; with any of the future, it can cheat
    Returns logits (..., T, V) and a cache. Raises ValueError for wrong ids or gates.
    """
    gates = nest_gates(gates, params).get("decoder")
    logits, cache = decoder(params["decoder"], ids, config=config, may_attend=may_attend, gates=gates, rng=rng)
    return logits, LanguageModelCache(cache)


def language_model_backward(d_logits: np.ndarray, cache: LanguageModelCache) -> tuple[None, dict]:
    """Carry a gradient back to all parameters, by the decoder's own backward pass.

    d_logits (..., T, V)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    return None, {"decoder": decoder_backward(d_logits, cache.decoder)[1]}
