"""From token ids to vectors that know their place."""

import math
from typing import NamedTuple

import numpy as np

from lesson.models.config import ModelConfig
from lesson.nn.alibi import alibi_positions
from lesson.nn.dropout import DropoutCache, dropout, dropout_backward
from lesson.nn.embedding import EmbeddingCache, embedding, embedding_backward, init_embedding
from lesson.nn.positions import (
    init_learned_positions,
    learned_positions,
    learned_positions_backward,
    sinusoidal_positions,
)
from lesson.nn.relative import RelativePositions
from lesson.nn.rotary import Rotary, rotary_positions


class EmbedCache(NamedTuple):
    """Which rows of both tables were read, what was dropped, and the factor on the rows."""

    token: EmbeddingCache
    position: EmbeddingCache | None
    dropout: DropoutCache
    scale: float


def init_embed(rng: np.random.Generator, config: ModelConfig) -> dict:
    """Draw the table of tokens and, for learned positions, that of places: {"token": ..., "position": ...}."""
    params = {"token": init_embedding(rng, config.vocabulary, config.width)}
    if config.positions == "learned":
        params["position"] = init_learned_positions(rng, config.longest, config.width)
    return params


def find_places(ids: np.ndarray, pad: int) -> np.ndarray:
    """Number the tokens of each row from 0, padding not counted: so it does not matter where the padding stands.

    ids (..., T) -> places (..., T); padding gets the place of the token before it

    >>> find_places(np.array([[0, 0, 7, 8], [7, 8, 0, 0]]), pad=0).tolist()
    [[0, 0, 0, 1], [0, 1, 1, 1]]
    """
    return np.maximum(np.cumsum(np.asarray(ids) != pad, axis=-1) - 1, 0)


def relative_positions(places: np.ndarray, config: ModelConfig) -> RelativePositions:
    """Prepare what rotary or ALiBi attention wants to know of the places (..., T); None for other kinds."""
    if config.positions == "rotary":
        tables = rotary_positions(np.arange(places.max(initial=0) + 1), config.head_width)
        return Rotary(*(table[places] for table in tables))
    return alibi_positions(places, config.num_heads) if config.positions == "alibi" else None


def embed(
    params: dict, ids: np.ndarray, places: np.ndarray, config: ModelConfig, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, EmbedCache]:
    """Give every token its vector, and add that of its place.

        dropout(sqrt(D) E_ids + P_places)        Vaswani et al. 2017, sections 3.4, 3.5 and 5.4

    P are the sinusoids, or sqrt(D) times a learned table: so tokens and places start at one size. Or nothing.
    ids (..., T)   places (..., T)        Returns output (..., T, D) and a cache.
    Raises ValueError for ids outside the vocabulary, or places beyond those that were learned.
    """
    scale = math.sqrt(config.width)
    x, token_cache = embedding(params["token"], ids)
    x *= scale
    position_cache = None
    if config.positions == "sinusoidal":
        x += sinusoidal_positions(np.arange(places.max(initial=0) + 1), config.width)[places]
    elif config.positions == "learned":
        rows, position_cache = learned_positions(params["position"], places)
        x += scale * rows
    x, dropped = dropout(x, config.dropout, rng)
    return x, EmbedCache(token_cache, position_cache, dropped, scale)


def embed_backward(d_output: np.ndarray, cache: EmbedCache) -> tuple[None, dict]:
    """Carry a gradient back to the tables.

        output = s E_ids + s P_places, a sum: both get the same
        d_E = scatter(s d_output, ids),  d_P = scatter(s d_output, places)

    d_output (..., T, D)        Returns None (ids are no numbers to move along) and grads.
    """
    d_rows = cache.scale * dropout_backward(d_output, cache.dropout)
    grads = {"token": embedding_backward(d_rows, cache.token)[1]}
    if cache.position is not None:
        grads["position"] = learned_positions_backward(d_rows, cache.position)[1]
    return None, grads
