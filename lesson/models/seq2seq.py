"""The whole transformer: an encoder that reads, a decoder that writes."""

from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.models.config import Seq2SeqConfig
from lesson.models.decoder import DecoderCache, decoder, decoder_backward, init_decoder
from lesson.models.encoder import EncoderCache, encoder, encoder_backward, init_encoder
from lesson.models.gates import nest_gates
from lesson.nn.masks import padding_mask


class Seq2SeqCache(NamedTuple):
    """What both halves keep, and whether they read with one table."""

    encoder: EncoderCache
    decoder: DecoderCache
    shared: bool


def init_seq2seq(rng: np.random.Generator, config: Seq2SeqConfig) -> dict:
    """Draw an encoder and a decoder: {"encoder": {...}, "decoder": {...}}.

    With one table for both it stands beside them, as "embedding".
    """
    decoder_layers = config.num_layers if config.num_decoder_layers is None else config.num_decoder_layers
    params = {
        "encoder": init_encoder(rng, config),
        "decoder": init_decoder(rng, config, decoder_layers, config.tied, reads_source=True),
    }
    if config.shared:
        params["embedding"] = params["encoder"].pop("embedding")
        del params["decoder"]["embedding"]
    return params


def seq2seq(
    params: dict,
    source: np.ndarray,
    target: np.ndarray,
    config: Seq2SeqConfig,
    gates: dict[str, np.ndarray] | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, Seq2SeqCache]:
    """Read a source, and score after every token of the target which one comes next.

        decoder(target, encoder(source))        Vaswani et al. 2017, figure 1

    source (..., S), target (..., T): ids, padding anywhere   rng: for dropout while training, None at evaluation
    gates: factors (..., H) for the heads of "encoder/0/attention", "decoder/0/cross_attention", ...
    Returns logits (..., T, V) and a cache. Raises ValueError for wrong ids, shapes or gates.
    """
    source, target = np.asarray(source), np.asarray(target)
    if source.shape[:-1] != target.shape[:-1]:
        raise ValueError(f"wanted as many targets as sources, got source {source.shape} and target {target.shape}")
    gates = nest_gates(gates, params)
    hidden, encoder_cache = encode(params, source, config, gates.get("encoder"), rng)
    logits, decoder_cache = decoder(
        decoder_params(params),
        target,
        hidden,
        config=config,
        may_attend_source=padding_mask(source, config.pad),
        gates=gates.get("decoder"),
        rng=rng,
    )
    return logits, Seq2SeqCache(encoder_cache, decoder_cache, "embedding" in params)


def seq2seq_backward(d_logits: np.ndarray, cache: Seq2SeqCache) -> tuple[None, dict]:
    """Carry a gradient back through the decoder, over to the encoder, and to all parameters.

        logits = decoder(target, hidden), hidden = encoder(source):    d_hidden from the first, then encoder'(d_hidden)
        one table, read twice:                                         d_E is the sum of both uses

    d_logits (..., T, V)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    d_hidden, decoder_grads = decoder_backward(d_logits, cache.decoder)
    _, encoder_grads = encoder_backward(d_hidden, cache.encoder)
    grads = {"encoder": encoder_grads, "decoder": decoder_grads}
    if cache.shared:
        grads["embedding"] = tree.map(np.add, encoder_grads.pop("embedding"), decoder_grads.pop("embedding"))
    return None, grads


def encode(
    params: dict,
    source: np.ndarray,
    config: Seq2SeqConfig,
    gates: dict | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, EncoderCache]:
    """Run the encoder alone: what the decoder reads does not change while it writes."""
    return encoder(_with_table(params, "encoder"), source, config, gates, rng)


def decoder_params(params: dict) -> dict:
    """Pick the decoder's parameters, its table of tokens among them wherever that stands."""
    return _with_table(params, "decoder")


def _with_table(params: dict, part: str) -> dict:
    return {"embedding": params["embedding"], **params[part]} if "embedding" in params else params[part]
