"""Beam search: keep the few best beginnings, not only the best one."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lesson.models.continuation import Continuation, select_rows
from lesson.models.generate import require_limit, without


class Beams(NamedTuple):
    """The texts of each row's beam, best first: ids (B, W, U), the logarithm of their probability and their score.

    A score of -inf says that a row has fewer texts than others: what stands there is none.
    """

    ids: np.ndarray
    log_probability: np.ndarray
    score: np.ndarray


class BeamStep(NamedTuple):
    """One step of a search: the beams that were kept, and all that they were chosen from.

    parents (B, W): which of the last step's beams each of them lengthens   finished (B, W): which have ended
    considered (B, W', V): the score of each of the last step's beams with each token behind it
    """

    beams: Beams
    parents: np.ndarray
    finished: np.ndarray
    considered: np.ndarray


class _Search(NamedTuple):
    """Beams under way: ids (B, W, U), log probability (B, W), length (B, W), finished (B, W)."""

    ids: np.ndarray
    log_probability: np.ndarray
    length: np.ndarray
    finished: np.ndarray


def beam_search(
    continuation: Continuation, limit: int, width: int, stop: int | None = None, penalty: float = 0.0
) -> Beams:
    """Write at most `limit` tokens after each prompt, following the `width` best beginnings at once.

        score(Y) = log p(Y) / ((5 + |Y|) / 6)^penalty        Wu et al. 2016, eq. 14

    Among beginnings of one length the score only compares probabilities; the penalty decides how they stand against
    texts that have ended: 0 favours short ones, 1 is near the mean per token. |Y| counts the stop token.
    Returns Beams, padded behind the stop token; W is less than `width` where no row has so many texts.
    Raises ValueError when the limit or the width is below 1, or the penalty negative.
    """
    beams = Beams(np.zeros((len(continuation.prompt), 1, 0), int), *np.zeros((2, len(continuation.prompt), 1)))
    for step in beam_steps(continuation, limit, width, stop, penalty):
        beams = step.beams
    return beams


def beam_steps(
    continuation: Continuation, limit: int, width: int, stop: int | None = None, penalty: float = 0.0
) -> Iterator[BeamStep]:
    """Search as `beam_search` does, and stop after every step to show it; the last step's beams are the answer.

    Raises ValueError, when the first step is asked for, as `beam_search` does.
    """
    require_limit(limit)
    if width < 1 or penalty < 0:
        raise ValueError(f"wanted a width of at least 1 and a penalty of at least 0, got {width} and {penalty}")
    ids, state, pad = continuation.prompt, continuation.state, continuation.pad
    batch = len(ids)
    empty = np.zeros((batch, 1))
    search = _Search(np.zeros((batch, 1, 0), int), empty, empty.astype(int), empty.astype(bool))
    while search.ids.shape[-1] < limit and not search.finished.all():
        logits, state = continuation.advance(state, ids)
        steps = _log_shares(without(logits, pad)).reshape(*search.finished.shape, -1)
        parents, considered, search = _extend(search, steps, width, stop, penalty, pad)
        score = _score(search.log_probability, search.length, penalty)
        yield BeamStep(Beams(search.ids, search.log_probability, score), parents, search.finished, considered)
        rows = np.arange(batch)[:, np.newaxis] * steps.shape[1] + parents
        state, ids = select_rows(state, rows.reshape(-1)), search.ids[..., -1].reshape(-1, 1)


def _extend(
    search: _Search, steps: np.ndarray, width: int, stop: int | None, penalty: float, pad: int
) -> tuple[np.ndarray, np.ndarray, _Search]:
    """Lengthen every beam by every token, and keep the best of all. steps (B, W, V)

    Returns parents (B, W'), all scores (B, W, V), and what was kept.
    """
    vocabulary = steps.shape[-1]
    # A finished text has one way to go on, which costs nothing: padding.
    only_pad = np.where(np.arange(vocabulary) == pad, 0.0, -np.inf)
    steps = np.where(search.finished[..., np.newaxis], only_pad, steps)
    total = search.log_probability[..., np.newaxis] + steps
    length = np.broadcast_to((search.length + ~search.finished)[..., np.newaxis], total.shape)
    scores = _score(total, length, penalty)
    score = scores.reshape(len(total), -1)
    best = np.argsort(-score, axis=-1, kind="stable")[:, :width]
    # Every row keeps as many as the row with most has: what is impossible is not kept if all rows can do without.
    possible = np.isfinite(np.take_along_axis(score, best, axis=-1))
    best = best[:, : max(1, int(possible.sum(axis=-1).max()))]
    parents, token = best // vocabulary, best % vocabulary
    finished = np.take_along_axis(search.finished, parents, axis=-1)
    return (
        parents,
        scores,
        _Search(
            np.concatenate(
                [np.take_along_axis(search.ids, parents[..., np.newaxis], axis=1), token[..., np.newaxis]], -1
            ),
            np.take_along_axis(total.reshape(len(total), -1), best, axis=-1),
            np.take_along_axis(length.reshape(len(total), -1), best, axis=-1),
            finished | (token == (pad if stop is None else stop)),
        ),
    )


def _score(log_probability: np.ndarray, length: np.ndarray, penalty: float) -> np.ndarray:
    return log_probability / ((5 + length) / 6) ** penalty


def _log_shares(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
