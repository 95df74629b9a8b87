"""What a head looks at, as a score, and what is left when it says the same whatever it reads."""

from functools import partial

import numpy as np

from lesson import interpret, tasks
from lesson.checks.core import Check, Mistake
from lesson.nn.masks import causal_mask
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="09-is-attention-an-explanation")

ALL_TIMES = "The letter may have come more than once, and what followed is the same each time: add up all of them."


def _same_before(ids: np.ndarray) -> np.ndarray:
    """Mark for each place where its letter stood before: (T, T)."""
    return (ids[:, np.newaxis] == ids) & np.tri(len(ids), k=-1, dtype=bool)


def _shifted(marks: np.ndarray, by: int) -> np.ndarray:
    moved = np.zeros_like(marks)
    moved[:, max(by, 0) : len(marks) + min(by, 0)] = marks[:, max(-by, 0) : len(marks) - max(by, 0)]
    return moved


def _on(weights: np.ndarray, marks: np.ndarray) -> np.ndarray:
    return (weights * marks).sum(axis=-1)


def _followed(weights: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return _on(weights, _shifted(_same_before(ids), 1))


def _only_first(weights: np.ndarray, ids: np.ndarray) -> np.ndarray:
    same = _same_before(ids)
    return _on(weights, _shifted(same & (np.cumsum(same, axis=1) == 1), 1))


def _only_last(weights: np.ndarray, ids: np.ndarray) -> np.ndarray:
    same = _same_before(ids)
    return _on(weights, _shifted(same & (np.cumsum(same[:, ::-1], axis=1)[:, ::-1] == 1), 1))


def _texts(rng: np.random.Generator) -> list[tuple]:
    """Draw texts of the induction task and causal weights; letters come twice or more often."""
    made = []
    for pairs, repeats in ((2, 5), (3, 7), (6, 10)):
        source, target = tasks.induction(pairs, repeats).draw(rng, 1)
        weights = softmax(rng.normal(size=(2 * repeats, 2 * repeats)), where=causal_mask(2 * repeats))
        made.append((weights, source[0], target[0] != 0))
    return made


induction_score = exercise(
    name="induction_score",
    arguments=("weights", "ids", "asked"),
    cases=_texts,
    answer=lambda weights, ids, asked: interpret.induction_score(weights[np.newaxis], ids, asked)[0],
    mistakes=(
        Mistake(
            "Off by one: the letter itself",
            lambda w, ids, asked: _on(w, _same_before(ids))[asked].mean(),
            "That is the weight on the same letter, earlier. What followed it stands one place further on: "
            "place s counts if ids[s - 1] is that letter.",
        ),
        Mistake(
            "Off by one: before instead of after",
            lambda w, ids, asked: _on(w, _shifted(_same_before(ids), -1))[asked].mean(),
            "Place s counts when the letter BEFORE it, ids[s - 1], is the one that asks. Here it was ids[s + 1].",
        ),
        Mistake("Only one of the times", lambda w, ids, asked: _only_last(w, ids)[asked].mean(), ALL_TIMES),
        Mistake("Only one of the times", lambda w, ids, asked: _only_first(w, ids)[asked].mean(), ALL_TIMES),
        Mistake(
            "Averaged over all places",
            lambda w, ids, asked: _followed(w, ids).mean(),
            "Most places ask nothing. Average over those where `asked` is True.",
        ),
        Mistake(
            "Averaged over all places",
            lambda w, ids, asked: _followed(w, ids)[asked].sum() / len(ids),
            "Divide by the number of places that ask, asked.sum(), not by all of them.",
        ),
        Mistake(
            "Added up, not averaged",
            lambda w, ids, asked: _followed(w, ids)[asked].sum(),
            "A score from 0 to 1 is wanted: the mean over the places that ask.",
        ),
        Mistake(
            "One number a place",
            lambda w, ids, asked: _followed(w, ids)[asked],
            "These are right, one for each place that asks. Wanted is their mean.",
        ),
        Mistake(
            "Rows and columns exchanged",
            lambda w, ids, asked: _followed(w.T, ids)[asked].mean(),
            "The row is who asks, t; the column is who is asked, s: weights[t, s].",
        ),
        Mistake(
            "The largest weight, wherever it is",
            lambda w, ids, asked: w.max(axis=-1)[asked].mean(),
            "This says how sharp the head is, not whether it is right. Count the weight on the places that followed.",
        ),
    ),
    hints=(
        "Take one place t that asks. At which places s does the letter before, `ids[s - 1]`, equal `ids[t]`?",
        "For each such t: add up `weights[t, s]` for s from 1 to t where `ids[s - 1] == ids[t]`. Then the mean.",
        "`np.flatnonzero(asked)` gives the places t. Inside: `sum(weights[t, s] for s in range(1, t + 1) if ...)`.",
    ),
    solution="""\
def induction_score(weights, ids, asked):
    sums = []
    for t in np.flatnonzero(asked):
        sums.append(sum(weights[t, s] for s in range(1, t + 1) if ids[s - 1] == ids[t]))
    return np.mean(sums)""",
    difficulty=3,
    importance=2,
    minutes=8,
)


def _replaced(heads: np.ndarray, place: tuple, says: np.ndarray | float) -> np.ndarray:
    changed = heads.copy()
    changed[place] = says
    return changed


def _mean_of(heads: np.ndarray, head: int, axis: int | tuple | None) -> np.ndarray:
    return _replaced(heads, np.s_[:, head], heads[:, head].mean(axis=axis, keepdims=True))


def _keep_only(heads: np.ndarray, head: int) -> np.ndarray:
    return _replaced(
        np.broadcast_to(heads.mean(axis=(0, 2), keepdims=True), heads.shape), np.s_[:, head], heads[:, head]
    )


AXES = "The head's average is one list of K numbers, over all texts and all places: axes 0 and 1 of heads[:, head]."

ablate_head = exercise(
    name="ablate_head",
    arguments=("heads", "head"),
    cases=lambda rng: [(rng.normal(1, 1, size=shape), head) for shape, head in (((3, 2, 5, 7), 1), ((4, 4, 4, 4), 2))],
    answer=lambda heads, head: _mean_of(heads, head, (0, 1)),
    mistakes=(
        Mistake(
            "Silenced, not averaged",
            lambda heads, head: _replaced(heads, np.s_[:, head], 0.0),
            "The layers above have never heard zeros from this head. Put what it says on average.",
        ),
        Mistake(
            "Wrong axis: a text instead of a head",
            lambda heads, head: _replaced(heads, np.s_[head], heads[head].mean(axis=(0, 1))),
            "heads[head] is a text. The axes are texts, heads, places, numbers: heads[:, head].",
        ),
        Mistake(
            "Wrong axis: a text instead of a head",
            lambda heads, head: _replaced(heads, np.s_[head], 0.0),
            "heads[head] is a text. The axes are texts, heads, places, numbers: heads[:, head].",
        ),
        Mistake(
            "Wrong axis: a place instead of a head",
            lambda heads, head: _replaced(heads, np.s_[:, :, head], heads[:, :, head].mean(axis=(0, 1))),
            "heads[:, :, head] is a place of every text. The heads are the second axis: heads[:, head].",
        ),
        Mistake("Averaged over the texts alone", lambda heads, head: _mean_of(heads, head, 0), AXES),
        Mistake("Averaged over the places alone", lambda heads, head: _mean_of(heads, head, 1), AXES),
        Mistake(
            "One number for all K",
            lambda heads, head: _mean_of(heads, head, None),
            "Each of its K numbers has its own average: leave the last axis alone.",
        ),
        Mistake(
            "The average of all heads",
            lambda heads, head: _replaced(heads, np.s_[:, head], heads.mean(axis=(0, 1, 2))),
            "The heads speak of different things. Take the average of this one: heads[:, head].",
        ),
        Mistake(
            "All heads but this one",
            _keep_only,
            "Here the others were averaged and this one was left as it is. It is this one that should fall silent.",
        ),
        Mistake(
            "Head removed",
            lambda heads, head: np.delete(heads, head, axis=1),
            "The layer above expects all H heads in their places. Keep the shape, change what this one says.",
        ),
        Mistake(
            "Only the average returned",
            lambda heads, head: heads[:, head].mean(axis=(0, 1)),
            "That is what the head should say. Return all heads, a copy, with this one saying it everywhere.",
        ),
    ),
    hints=(
        "What is one head's share of the table (B, H, T, K)? And over which two axes of it is the average taken?",
        "`heads[:, head]` has shape (B, T, K); its mean over axes 0 and 1 has shape (K,). Write it into a copy.",
        "`changed = heads.copy()`, then `changed[:, head] = heads[:, head].mean(axis=(0, 1))`.",
    ),
    solution="""\
def ablate_head(heads, head):
    changed = heads.copy()
    changed[:, head] = heads[:, head].mean(axis=(0, 1))
    return changed""",
    difficulty=1,
    importance=3,
    minutes=5,
)
