"""One face for everything that can be continued: a state, and a step from it to the scores of the next token."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson.models.config import LanguageModelConfig, ModelConfig, Seq2SeqConfig
from lesson.models.decoder import decoder
from lesson.models.kv_cache import decode, last_token, start_cache
from lesson.models.seq2seq import decoder_params, encode
from lesson.nn.masks import padding_mask


class Continuation(NamedTuple):
    """What generation needs to know of a model: advance(state, ids (B, T)) -> (logits (B, V), state).

    prompt (B, T): the tokens to begin with. state: what was read before them; `select_rows` reorders it.
    """

    prompt: np.ndarray
    state: tuple
    advance: Callable
    pad: int


def continue_text(params: dict, prompt: np.ndarray, config: LanguageModelConfig, cached: bool = True) -> Continuation:
    """Let a language model go on from prompts (B, T), padded on either side.

    cached: keep keys and values; otherwise everything is read anew at every step, with the same result.
    Raises ValueError when a prompt has no token.
    """
    return _continuation(params["decoder"], prompt, config, None, None, cached)


def continue_from_source(
    params: dict, source: np.ndarray, begin: int, config: Seq2SeqConfig, cached: bool = True
) -> Continuation:
    """Let an encoder-decoder write what belongs to sources (B, S), padded on either side; `begin` is the first token.

    cached: as in `continue_text`. The source is encoded once, here.
    """
    source = np.asarray(source)
    if source.ndim != 2:
        raise ValueError(f"wanted sources of shape (B, S), got {source.shape}")
    hidden, _ = encode(params, source, config)
    mask, prompt = padding_mask(source, config.pad), np.full((len(source), 1), begin)
    return _continuation(decoder_params(params), prompt, config, hidden, mask, cached)


def select_rows(state, rows: np.ndarray):
    """Take these rows (several times, or none) out of every array of a state."""
    if state is None:
        return None
    if isinstance(state, tuple):
        parts = [select_rows(part, rows) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    return state[rows]


class _Unremembered(NamedTuple):
    """All tokens so far, and the source: enough to read everything anew."""

    ids: np.ndarray
    source: np.ndarray | None
    may_attend_source: np.ndarray | None


def _continuation(
    params: dict,
    prompt: np.ndarray,
    config: ModelConfig,
    source: np.ndarray | None,
    may_attend_source: np.ndarray | None,
    cached: bool,
) -> Continuation:
    prompt = np.asarray(prompt)
    if prompt.ndim != 2 or not (prompt != config.pad).any(axis=-1).all():
        raise ValueError(f"wanted prompts (B, T) with at least one token each, got shape {prompt.shape}: {prompt}")

    def advance(cache, ids):
        return decode(params, ids, cache, config)

    def advance_anew(state, ids):
        state = state._replace(ids=np.concatenate([state.ids, ids], axis=-1))
        mask = state.may_attend_source
        logits, _ = decoder(params, state.ids, state.source, config=config, may_attend_source=mask)
        return last_token(logits, state.ids != config.pad), state

    if cached:
        return Continuation(prompt, start_cache(params, config, source, may_attend_source), advance, config.pad)
    empty = np.zeros((len(prompt), 0), prompt.dtype)
    return Continuation(prompt, _Unremembered(empty, source, may_attend_source), advance_anew, config.pad)
