"""Generation: choose a token, read it, choose the next, until every text has come to its end."""

from collections.abc import Callable

import numpy as np

from lesson.models.continuation import Continuation
from lesson.models.sample import greedy


def generate(
    continuation: Continuation,
    limit: int,
    stop: int | None = None,
    choose: Callable = greedy,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Write at most `limit` tokens after each prompt of a batch.

        y_t = choose(p(y | prompt, y_1 ... y_t-1))

    continuation: from `continue_text` or `continue_from_source`
    choose: `greedy`, or `sampling(...)`, which wants a generator
    stop: the token that ends a text; it is the last one written. Padding is never chosen.
    Returns ids (B, U) with U <= limit, padded behind the stop token. Raises ValueError for a limit below 1.
    """
    require_limit(limit)
    ids, state, pad = continuation.prompt, continuation.state, continuation.pad
    written, finished = [], np.zeros(len(ids), bool)
    while len(written) < limit and not finished.all():
        logits, state = continuation.advance(state, ids)
        chosen = np.where(finished, pad, choose(without(logits, pad), rng))
        finished |= chosen == (pad if stop is None else stop)
        written.append(chosen)
        ids = chosen[:, np.newaxis]
    return np.stack(written, axis=-1) if written else np.zeros((0, 0), int)


def without(logits: np.ndarray, token: int) -> np.ndarray:
    """Forbid one token. logits (..., V)"""
    logits = logits.copy()
    logits[..., token] = -np.inf
    return logits


def require_limit(limit: int) -> None:
    """Raise ValueError unless at least one token may be written."""
    if limit < 1:
        raise ValueError(f"wanted a limit of at least 1 token, got {limit}")
