"""From the scores of one next token to those of the best few."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.models import sample
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="07-generate-well")

FORBID = "To forbid a token give it the score -inf: softmax turns that into a share of exactly 0."
SCORES = "Return scores, with -inf for what is forbidden. The softmax comes afterwards."
BACK = (
    "Scores must stay at the places of their tokens: sort to find out which to keep, then mark those in the original."
)
CROSSES = "Add up from the largest share on. The token whose share takes the sum to p or beyond still belongs to it."


def _only(scores: np.ndarray, kept: np.ndarray, forbidden: float = -np.inf) -> np.ndarray:
    """The scores of what is kept: places, or a mask."""
    result = np.full(scores.shape, forbidden)
    result[kept] = scores[kept]
    return result


def _by_rank(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")


top_k = exercise(
    name="top_k",
    arguments=("scores", "k"),
    cases=lambda rng: [
        (rng.normal(size=11), 3),
        (np.array([1.0, 2.0, 0.0, 2.0, 2.0, -1.0, 0.5]), 2),
        (rng.normal(size=5), 5),
        (np.array([0.5, 0.5, 0.5]), 1),
    ],
    answer=sample.keep_top_k,
    mistakes=(
        Mistake(
            "The smallest kept",
            lambda s, k: _only(s, np.argsort(s, kind="stable")[:k]),
            "np.argsort puts the smallest first. Sort -scores instead, or take the last k.",
        ),
        Mistake(
            "Ties kept too",
            lambda s, k: _only(s, s >= np.sort(s)[-k]),
            "Several tokens score as much as the last that is kept, so a threshold keeps more than k. Keep by place.",
        ),
        Mistake(
            "The wrong one of a tie",
            lambda s, k: _only(s, np.argsort(s, kind="stable")[-k:]),
            "Of equal scores keep the smaller ids. A stable sort of -scores leaves them in that order.",
        ),
        Mistake(
            "The last one lost",
            lambda s, k: _only(s, s > np.sort(s)[-k]),
            "The k-th best is one of the k best, but it is not greater than itself.",
        ),
        Mistake(
            "One too many",
            lambda s, k: _only(s, _by_rank(s)[: k + 1]),
            "Places count from 0: [:k] are k of them, up to number k - 1.",
        ),
        Mistake("Zero, not -inf", lambda s, k: _only(s, _by_rank(s)[:k], 0.0), f"A score of 0 is e^0 = 1. {FORBID}"),
        Mistake(
            "The best forbidden",
            lambda s, k: _only(s, _by_rank(s)[k:]),
            "Yours forbids the k best and keeps the others.",
        ),
        Mistake("Sorted", lambda s, k: _only(-np.sort(-s), np.arange(k)), BACK),
        Mistake("Only the kept ones", lambda s, k: -np.sort(-s)[:k], f"{BACK} Still V scores come out."),
        Mistake("Only the kept ones", lambda s, k: s[np.argsort(-s, kind="stable")[:k]], f"{BACK} V scores come out."),
        Mistake("Places, not scores", lambda s, k: _by_rank(s)[:k], f"These are the places to keep. {SCORES}"),
        Mistake("Shares, not scores", lambda s, k: softmax(sample.keep_top_k(s, k)), SCORES),
        Mistake("Nothing forbidden", lambda s, k: s, f"These are the scores as they came. {FORBID}"),
    ),
    hints=(
        "Which k places hold the best scores? Everything else gets -inf.",
        "`best = np.argsort(-scores, kind='stable')[:k]` are the places; equal scores stay in order of id.",
        "`kept = np.full_like(scores, -np.inf)`, then `kept[best] = scores[best]`.",
    ),
    solution=sample.keep_top_k,
    difficulty=1,
    importance=2,
    minutes=6,
)


def _nucleus(count: Callable) -> Callable:
    """Keep the first `count(summed, p)` of the tokens in order of share; summed (V,) are the shares added up so far."""

    def kept(scores, p):
        order = _by_rank(scores)
        return _only(scores, order[: count(np.cumsum(softmax(scores)[order]), p)])

    return kept


def _in_order_of_ids(scores: np.ndarray, p: float) -> np.ndarray:
    shares = softmax(scores)
    return _only(scores, np.cumsum(shares) - shares < p)


def _from_the_smallest(scores: np.ndarray, p: float) -> np.ndarray:
    order = _by_rank(scores)[::-1]
    shares = softmax(scores)[order]
    return _only(scores, order[np.cumsum(shares) - shares < p])


def _ranked_but_not_put_back(scores: np.ndarray, p: float) -> np.ndarray:
    shares = -np.sort(-softmax(scores))
    return _only(scores, np.cumsum(shares) - shares < p)


top_p = exercise(
    name="top_p",
    arguments=("scores", "p"),
    cases=lambda rng: [
        (rng.normal(size=11), 0.7),
        (rng.normal(size=5), 0.9),
        (np.array([0.0, 6.0, 1.0, -1.0]), 0.6),
        (rng.normal(size=7), 0.05),
    ],
    answer=sample.keep_top_p,
    mistakes=(
        Mistake("The token that crosses p dropped", _nucleus(lambda summed, p: (summed <= p).sum()), CROSSES),
        Mistake("One too many", _nucleus(lambda summed, p: (summed < p).sum() + 2), CROSSES),
        Mistake(
            "Added up in order of ids",
            _in_order_of_ids,
            "Add up from the largest share on, not from token 0: sort first.",
        ),
        Mistake("Added up from the smallest", _from_the_smallest, "np.argsort puts the smallest first: sort -scores."),
        Mistake("Not put back", _ranked_but_not_put_back, f"What is kept was worked out in sorted order. {BACK}"),
        Mistake("Sorted", lambda s, p: -np.sort(-sample.keep_top_p(s, p)), BACK),
        Mistake(
            "p as a threshold",
            lambda s, p: _only(s, softmax(s) >= p),
            "p is not what each token needs, but what those that are kept have together.",
        ),
        Mistake(
            "p as a threshold",
            lambda s, p: _only(s, softmax(s) >= 1 - p),
            "1 - p is not what each token needs, but what all that are forbidden may have together.",
        ),
        Mistake(
            "Scores added up, not shares",
            lambda s, p: _only(s, _by_rank(s)[: (np.cumsum(-np.sort(-s)) < p).sum() + 1]),
            "p is a share of 1, so add up shares: softmax(scores).",
        ),
        Mistake("Zero, not -inf", lambda s, p: np.where(sample.keep_top_p(s, p) > -np.inf, s, 0.0), FORBID),
        Mistake("Shares, not scores", lambda s, p: softmax(sample.keep_top_p(s, p)), SCORES),
        Mistake(
            "Shares, not scores", lambda s, p: softmax(s) * (sample.keep_top_p(s, p) > -np.inf), f"{SCORES} {FORBID}"
        ),
        Mistake(
            "The nucleus forbidden",
            lambda s, p: np.where(sample.keep_top_p(s, p) > -np.inf, -np.inf, s),
            "Yours forbids the likeliest and keeps the rest.",
        ),
        Mistake("Nothing forbidden", lambda s, p: s, f"These are the scores as they came. {FORBID}"),
    ),
    hints=(
        "Sort the shares, the largest first, and add them up. How much was there already before each token came?",
        "`order = np.argsort(-scores)` and `shares = softmax(scores)[order]`: then it is `np.cumsum(shares) - shares`.",
        "Keep the places `order[np.cumsum(shares) - shares < p]`; all others get -inf, as in the exercise before.",
    ),
    solution=sample.keep_top_p,
    difficulty=2,
    importance=3,
    minutes=8,
)
