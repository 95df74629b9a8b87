"""Blame put to the test: against known causes, and by taking tokens away in the order that it says."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.interpret import faithful

exercise = partial(Check, lesson="09-is-attention-an-explanation")


def _blames(rng: np.random.Generator) -> list[tuple]:
    """Draw blame and causes. The first blames a false token most, and one of the causes far below zero."""
    causes = np.isin(np.arange(11), (1, 4, 5, 9))
    blame = rng.normal(size=11)
    blame[[1, 4, 5, 7]] = [3.0, 2.5, -6.0, 4.0]
    others = [(rng.normal(size=size), np.arange(size) < count) for size, count in ((5, 1), (13, 6))]
    return [(blame, causes), *others]


def _top(blame: np.ndarray, count: int) -> np.ndarray:
    return np.argsort(-blame)[:count]


precision = exercise(
    name="precision",
    arguments=("blame", "causes"),
    cases=_blames,
    answer=faithful.precision,
    mistakes=(
        Mistake(
            "The least blamed instead of the most",
            lambda b, c: c[np.argsort(b)[: c.sum()]].mean(),
            "np.argsort begins with the smallest. Sort -blame, or take the end of the list.",
        ),
        Mistake(
            "Divided by the number of tokens",
            lambda b, c: c[_top(b, c.sum())].sum() / len(b),
            "Of k tokens chosen, how many are causes? Divide by k.",
        ),
        Mistake(
            "Counted, not divided",
            lambda b, c: c[_top(b, c.sum())].sum(),
            "A share from 0 to 1 is wanted: divide by k.",
        ),
        Mistake(
            "Only the most blamed token",
            lambda b, c: float(c[b.argmax()]),
            "Take as many tokens as there are causes: k = causes.sum().",
        ),
        Mistake(
            "Sign lost",
            lambda b, c: c[_top(np.abs(b), c.sum())].mean(),
            "Blame below zero says: this speaks against the answer. The most blamed are the largest as they stand.",
        ),
        Mistake(
            "All that is above zero",
            lambda b, c: c[b > 0].mean(),
            "How much blame is much differs between methods. Take the k most blamed, whatever their numbers.",
        ),
        Mistake(
            "Share of the blame, not of the tokens",
            lambda b, c: b[c].sum() / b.sum(),
            "Blame may be negative, and its sum 0. Only the order counts here: which k tokens come first?",
        ),
        Mistake(
            "A list of hits, not their share",
            lambda b, c: c[_top(b, c.sum())],
            "These say of each chosen token whether it is a cause. Their mean is the precision.",
        ),
    ),
    hints=(
        "How many tokens are to be chosen? As many as there are causes. Which? The most blamed.",
        "`np.argsort(-blame)` lists the places from the most blamed to the least. Keep the first `causes.sum()`.",
        "`top = np.argsort(-blame)[: causes.sum()]`; then `causes[top]` says which are right, and its mean how many.",
    ),
    solution="""\
def precision(blame, causes):
    top = np.argsort(-blame)[: causes.sum()]
    return causes[top].mean()""",
    difficulty=1,
    importance=3,
    minutes=5,
)


def _score_of(rng: np.random.Generator, size: int) -> Callable:
    """Make score(keep (S,)) -> number, in which tokens count together."""
    alone, together, bias = rng.normal(size=size), rng.normal(size=(size, size)), rng.normal()

    def score(keep):
        keep = np.asarray(keep, float)
        return float(bias + keep @ alone + keep @ together @ keep / size)

    return score


def _curve(score: Callable, blame: np.ndarray, keeps: Callable) -> np.ndarray:
    """Score what `keeps(rank, count)` says is kept, for each count from 0 to S; rank 0 is the most blamed."""
    rank = np.argsort(np.argsort(-blame))
    return np.array([score(keeps(rank, count) * 1.0) for count in range(len(blame) + 1)])


def _deleted(score: Callable, blame: np.ndarray) -> np.ndarray:
    return _curve(score, blame, lambda rank, count: rank >= count)


deletion_curve = exercise(
    name="deletion_curve",
    arguments=("score", "blame"),
    cases=lambda rng: [(_score_of(rng, size), rng.normal(size=size)) for size in (5, 3, 8)],
    answer=_deleted,
    mistakes=(
        Mistake(
            "The least blamed first",
            lambda score, blame: _deleted(score, -blame),
            "If the blame is right, its first token hurts most. np.argsort begins with the smallest: sort -blame.",
        ),
        Mistake(
            "Put back each time",
            lambda score, blame: _curve(score, blame, lambda rank, count: rank != count - 1),
            "Tokens stay away: after n steps the n most blamed are missing, not the n-th alone.",
        ),
        Mistake(
            "Put in instead of taken away",
            lambda score, blame: _curve(score, blame, lambda rank, count: rank < count),
            "This begins with nothing and puts tokens in: the insertion curve. Begin with all of them.",
        ),
        Mistake(
            "In the order of the text",
            lambda score, blame: _deleted(score, -np.arange(len(blame))),
            "The order is the blame's: the first to go is blame.argmax().",
        ),
        Mistake(
            "Order taken for rank",
            lambda score, blame: np.array(
                [score((np.argsort(-blame) >= count) * 1.0) for count in range(len(blame) + 1)]
            ),
            "np.argsort(-blame)[0] is WHICH token comes first, not when token 0 comes. Use it as a list of places.",
        ),
        Mistake(
            "The whole text is missing",
            lambda score, blame: _deleted(score, blame)[1:],
            "The curve begins with nothing taken away: S + 1 points, the first is the whole text's score.",
        ),
        Mistake(
            "The empty text is missing",
            lambda score, blame: _deleted(score, blame)[:-1],
            "The curve ends with nothing left: S + 1 points, not S.",
        ),
        Mistake(
            "What was lost, not the score",
            lambda score, blame: score(np.ones(len(blame))) - _deleted(score, blame),
            "Wanted is the score itself after each step. It falls by itself if the blame is right.",
        ),
    ),
    hints=(
        "Begin with `keep` all ones and note the score. Then go through the tokens, the most blamed first.",
        "`for place in np.argsort(-blame):` set `keep[place] = 0` and note the score again. Nothing is put back.",
        "`keep = np.ones(len(blame))` and `scores = [score(keep)]` stand before the loop; return `np.array(scores)`.",
    ),
    solution="""\
def deletion_curve(score, blame):
    keep = np.ones(len(blame))
    scores = [score(keep)]
    for place in np.argsort(-blame):
        keep[place] = 0
        scores.append(score(keep))
    return np.array(scores)""",
    difficulty=2,
    importance=2,
    minutes=7,
)
