"""A list of opinionated words that votes beside the network: loud, untrained, and deaf to order."""

from typing import NamedTuple

import numpy as np

from lesson.nn.embedding import EmbeddingCache, embedding, embedding_backward


class LexiconCache(NamedTuple):
    """Which words were looked up, which of them were no padding, and how loud the list spoke."""

    words: EmbeddingCache
    is_token: np.ndarray
    scale: float


def lexicon(
    params: dict, ids: np.ndarray, is_token: np.ndarray, num_labels: int, scale: float
) -> tuple[np.ndarray, LexiconCache]:
    """Add up the opinions of a text's words: for the second label, and against the first.

        scale * sum_t weight_ids[t] * (-1, +1, 0, ...)

    ids (..., S)   is_token (..., S), boolean   weight (V,)        Returns output (..., L) and a cache.

    >>> lexicon({"weight": np.array([0.0, 2.0])}, np.array([1, 0]), np.array([True, True]), 3, 0.5)[0].tolist()
    [-1.0, 1.0, 0.0]
    """
    opinions, words = embedding({"weight": params["weight"][:, np.newaxis]}, ids)
    opinion = np.sum(opinions[..., 0] * is_token, axis=-1, keepdims=True)
    return scale * opinion * _direction(num_labels), LexiconCache(words, is_token, scale)


def lexicon_backward(d_output: np.ndarray, cache: LexiconCache) -> tuple[None, dict]:
    """Carry a gradient back to the opinions.

        output_l = scale direction_l sum_t weight_ids[t]:    d_sum = scale sum_l direction_l d_output_l
        and every token of a word sends d_sum to that word's weight

    d_output (..., L)        Returns None and grads {"weight": (V,)}.
    """
    d_sum = cache.scale * (d_output @ _direction(d_output.shape[-1]))
    d_opinions = d_sum[..., np.newaxis] * cache.is_token
    _, grads = embedding_backward(d_opinions[..., np.newaxis], cache.words)
    return None, {"weight": grads["weight"][:, 0]}


def _direction(num_labels: int) -> np.ndarray:
    return np.array([-1.0, 1.0, *[0.0] * (num_labels - 2)])
