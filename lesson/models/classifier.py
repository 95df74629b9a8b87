"""The classifier: an encoder, the mean of what it made of a text, and a score for each label."""

from typing import NamedTuple

import numpy as np

from lesson.models.config import ClassifierConfig
from lesson.models.encoder import EncoderCache, encoder, encoder_backward, init_encoder
from lesson.models.gates import nest_gates
from lesson.models.lexicon import LexiconCache, lexicon, lexicon_backward
from lesson.nn.linear import LinearCache, init_linear, linear, linear_backward


class ClassifierCache(NamedTuple):
    """What its parts keep, and the share (..., S, 1) each token has in the mean."""

    encoder: EncoderCache
    output: LinearCache
    shares: np.ndarray
    lexicon: LexiconCache | None


def init_classifier(rng: np.random.Generator, config: ClassifierConfig, opinions: np.ndarray | None = None) -> dict:
    """Draw a classifier: {"encoder": {...}, "output": {...}}, and "lexicon" when the config gives it a voice.

    opinions (V,): the lexicon's starting weights. Raises ValueError when they and lexicon_scale do not go together.
    """
    params = {"encoder": init_encoder(rng, config), "output": init_linear(rng, config.width, config.num_labels)}
    if (opinions is None) != (config.lexicon_scale is None):
        raise ValueError(f"wanted opinions and lexicon_scale together or neither, got scale {config.lexicon_scale}")
    if opinions is not None:
        if np.shape(opinions) != (config.vocabulary,):
            raise ValueError(f"wanted opinions of shape ({config.vocabulary},), got {np.shape(opinions)}")
        params["lexicon"] = {"weight": np.array(opinions, float)}
    return params


def classifier(
    params: dict,
    ids: np.ndarray,
    config: ClassifierConfig,
    gates: dict[str, np.ndarray] | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, ClassifierCache]:
    """Score a text for each label: by the network, and by its lexicon if it has one.

        mean_t(encoder(ids)_t) W + b + lexicon(ids),  the mean over tokens that are no padding

    ids (..., S), padding anywhere   gates: factors (..., H) for the heads of "encoder/0/attention", ...
    Returns logits (..., L) and a cache. A text of padding alone has a mean of zero. Raises ValueError as `encoder`.
    """
    ids = np.asarray(ids)
    hidden, encoder_cache = encoder(params["encoder"], ids, config, nest_gates(gates, params).get("encoder"), rng)
    is_token = ids != config.pad
    shares = (is_token / np.maximum(is_token.sum(axis=-1, keepdims=True), 1))[..., np.newaxis]
    logits, output_cache = linear(params["output"], np.sum(hidden * shares, axis=-2))
    lexicon_cache = None
    if "lexicon" in params:
        votes, lexicon_cache = lexicon(params["lexicon"], ids, is_token, config.num_labels, config.lexicon_scale or 0.0)
        logits = logits + votes
    return logits, ClassifierCache(encoder_cache, output_cache, shares, lexicon_cache)


def classifier_backward(d_logits: np.ndarray, cache: ClassifierCache) -> tuple[None, dict]:
    """Carry a gradient back to all parameters.

        mean = sum_t share_t hidden_t, so d_hidden_t = share_t d_mean: every token gets its share, padding nothing
        logits = network + lexicon, a sum: both get the same d_logits

    d_logits (..., L)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    d_mean, output_grads = linear_backward(d_logits, cache.output)
    _, encoder_grads = encoder_backward(cache.shares * d_mean[..., np.newaxis, :], cache.encoder)
    grads = {"encoder": encoder_grads, "output": output_grads}
    if cache.lexicon is not None:
        grads["lexicon"] = lexicon_backward(d_logits, cache.lexicon)[1]
    return None, grads
