"""A random encoder-decoder pass: who hands which numbers to whom, before anything is trained."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lesson.models.tiny.config import TransformerConfig, make_generator, require_config, require_ids
from lesson.nn.attention import merge_heads, scaled_dot_product_attention, split_heads


@dataclass
class EncoderDecoderStates:
    """What one pass leaves behind, for S source and T target tokens.

    encoder_hidden (S, D)   decoder_hidden (T, D)

    cross_attention (H, T, K) is misnamed and kept so for old callers: it holds each head's *mixed values*, the very
    numbers that decoder_hidden lays side by side. The attention weights are in cross_weights (H, T, S).
    """

    encoder_hidden: np.ndarray
    decoder_hidden: np.ndarray
    cross_attention: np.ndarray
    cross_weights: np.ndarray | None = None


def build_encoder_decoder_stack(
    source_tokens: Sequence[int],
    target_tokens: Sequence[int],
    config: TransformerConfig | None = None,
    random_state: int | np.random.Generator | None = 58,
) -> EncoderDecoderStates:
    """Run token ids through one encoder and one decoder layer of random weights.

        encoder = A(source, source)        decoder = A(A(target, target), encoder)
        A(x, y) = softmax(x W_q (y W_k)^T / sqrt(K)) y W_v, head by head        Vaswani et al. 2017, section 3.2

    source_tokens (S,)   target_tokens (T,), ids below config.vocab_size
    Encoder and decoder share the matrices of their self-attention; the cross-attention has its own. There is no
    causal mask, no output projection, residual, norm or feed-forward layer here: it is a pass to look at.
    Raises ValueError when there is no token on one side, or an id lies outside the vocabulary.
    """
    config = require_config(config)
    source = _require_some("source_tokens", source_tokens, config.vocab_size)
    target = _require_some("target_tokens", target_tokens, config.vocab_size)
    rng, width, num_heads = make_generator(random_state), config.d_model, config.num_heads
    source_embedding, target_embedding = rng.normal(0, 0.4, (2, config.vocab_size, width))
    self_weights, cross_weights = rng.normal(0, 0.3, (2, 3, width, width))

    encoder_hidden = merge_heads(
        _attend(source_embedding[source], source_embedding[source], self_weights, num_heads)[0]
    )
    queries = merge_heads(_attend(target_embedding[target], target_embedding[target], self_weights, num_heads)[0])
    mixed, weights = _attend(queries, encoder_hidden, cross_weights, num_heads)
    return EncoderDecoderStates(encoder_hidden, merge_heads(mixed), mixed, weights)


def _attend(x: np.ndarray, y: np.ndarray, matrices: np.ndarray, num_heads: int) -> tuple[np.ndarray, np.ndarray]:
    w_q, w_k, w_v = matrices
    q, k, v = (split_heads(projected, num_heads) for projected in (x @ w_q, y @ w_k, y @ w_v))
    mixed, cache = scaled_dot_product_attention(q, k, v)
    return mixed, cache.weights


def _require_some(name: str, ids: Sequence[int], num_ids: int) -> np.ndarray:
    ids = require_ids(name, ids, num_ids)
    if not ids.size:
        raise ValueError(f"{name}: wanted at least one token id, got none")
    return ids
