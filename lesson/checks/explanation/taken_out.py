"""Rows taken out, and rows put in from another run: what does the answer lose?"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="09-is-attention-an-explanation")

PUT_BACK = "Row t - 1 was still changed when row t's turn came. Begin each time with a fresh copy of the table."
COPY = "All zeros: a table was compared with itself. `other = x` is another name, not another table: use x.copy()."
EACH = "With all rows foreign it is the other run. One at a time, so that each place has a number of its own."
COLUMN = "x[:, t] is number t of every word. A word is a row: x[t]."


def _model(rng: np.random.Generator, width: int) -> Callable:
    """Make a model of one query, score(x (T, D)) -> number, in which rows share attention and none speaks alone."""
    ask, say = rng.normal(size=(2, width))
    bias = rng.normal()

    def score(x):
        return float(softmax(x @ ask) @ np.tanh(x @ say) + bias)

    return score


def _with_row(x: np.ndarray, place: int, row: np.ndarray | float) -> np.ndarray:
    changed = x.copy()
    changed[place] = row
    return changed


def _without(score: Callable, x: np.ndarray) -> np.ndarray:
    return np.array([score(_with_row(x, place, 0.0)) for place in range(len(x))])


def _in_turn(score: Callable, x: np.ndarray) -> np.ndarray:
    """Score with rows set to zero one after the other, none of them put back: (T + 1,)."""
    places = np.arange(len(x))[:, np.newaxis]
    return np.array([score(np.where(places >= count, x, 0.0)) for count in range(len(x) + 1)])


def _alone(score: Callable, x: np.ndarray) -> np.ndarray:
    places = np.arange(len(x))[:, np.newaxis]
    return np.array([score(np.where(places == place, x, 0.0)) for place in range(len(x))])


leave_one_out = exercise(
    name="leave_one_out",
    arguments=("score", "x"),
    cases=lambda rng: [(_model(rng, width), rng.normal(size=(t, width))) for t, width in ((5, 3), (4, 4), (7, 2))],
    answer=lambda score, x: score(x) - _without(score, x),
    mistakes=(
        Mistake(
            "Sign turned round",
            lambda score, x: _without(score, x) - score(x),
            "Blame is what the score loses: with the word, minus without it. What speaks for the answer is positive.",
        ),
        Mistake(
            "The score that is left, not what was lost",
            _without,
            "These are scores without the word. The loss is score(x) minus each of them.",
        ),
        Mistake("Not a copy", lambda score, x: np.zeros(len(x)), COPY),
        Mistake("Never put back", lambda score, x: score(x) - _in_turn(score, x)[1:], PUT_BACK),
        Mistake("Never put back", lambda score, x: -np.diff(_in_turn(score, x)), PUT_BACK),
        Mistake("Never put back", lambda score, x: _in_turn(score, x)[1:], f"{PUT_BACK} And take it off score(x)."),
        Mistake(
            "All but one left out",
            lambda score, x: score(x) - _alone(score, x),
            "Only row t becomes zero; all the others stay. Here row t alone was kept.",
        ),
        Mistake(
            "All but one left out",
            _alone,
            "Only row t becomes zero; all the others stay. Here row t alone was kept.",
        ),
        Mistake(
            "Row removed, not set to zero",
            lambda score, x: np.array([score(x) - score(np.delete(x, place, axis=0)) for place in range(len(x))]),
            "With the row gone, all words behind it move up a place, and a text of another length is asked. Put zeros.",
        ),
        Mistake(
            "Columns instead of rows",
            lambda score, x: np.array([score(x) - score(_with_row(x.T, d, 0.0).T) for d in range(x.shape[1])]),
            COLUMN,
        ),
        Mistake(
            "Sign lost",
            lambda score, x: np.abs(score(x) - _without(score, x)),
            "A word that speaks against the answer has negative blame, and this is worth knowing: keep the sign.",
        ),
    ),
    hints=(
        "Ask once with the whole table, then once for each row with that row set to zero.",
        "A fresh `other = x.copy()` each time, then `other[t] = 0`. What is lost is `score(x) - score(other)`.",
        "Collect the losses in a list, `for t in range(len(x))`, and return `np.array(losses)`.",
    ),
    solution="""\
def leave_one_out(score, x):
    losses = []
    for t in range(len(x)):
        other = x.copy()
        other[t] = 0
        losses.append(score(x) - score(other))
    return np.array(losses)""",
    difficulty=1,
    importance=3,
    minutes=6,
)


def _patched(rest: Callable, here: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.array([rest(_with_row(here, place, there[place])) for place in range(len(here))])


def _patch_in_turn(rest: Callable, here: np.ndarray, there: np.ndarray) -> np.ndarray:
    places = np.arange(len(here))[:, np.newaxis]
    return np.array([rest(np.where(places >= count, here, there)) for count in range(len(here) + 1)])


patch = exercise(
    name="patch",
    arguments=("rest", "here", "there"),
    cases=lambda rng: [(_model(rng, width), *rng.normal(size=(2, t, width))) for t, width in ((5, 3), (4, 4), (7, 2))],
    answer=lambda rest, here, there: _patched(rest, here, there) - rest(here),
    mistakes=(
        Mistake(
            "Sign turned round",
            lambda rest, here, there: rest(here) - _patched(rest, here, there),
            "Wanted is how the score moves: with the foreign row, minus without it.",
        ),
        Mistake(
            "Runs exchanged",
            lambda rest, here, there: _patched(rest, there, here) - rest(there),
            "The run that goes on is `here`; only row t comes from `there`.",
        ),
        Mistake(
            "Compared with the other run",
            lambda rest, here, there: _patched(rest, here, there) - rest(there),
            "What has changed is `here`, by one row. So compare with rest(here), as it was before.",
        ),
        Mistake(
            "The score, not its change",
            _patched,
            "These are scores after the change. Take off rest(here), the score before it.",
        ),
        Mistake("Not a copy", lambda rest, here, there: np.zeros(len(here)), COPY),
        Mistake(
            "Never put back", lambda rest, here, there: _patch_in_turn(rest, here, there)[1:] - rest(here), PUT_BACK
        ),
        Mistake("Never put back", lambda rest, here, there: np.diff(_patch_in_turn(rest, here, there)), PUT_BACK),
        Mistake(
            "Set to zero, not to the other run's row",
            lambda rest, here, there: _without(rest, here) - rest(here),
            "That is leaving out. Here row t becomes there[t]: what would stand there had it read the other.",
        ),
        Mistake(
            "Columns instead of rows",
            lambda rest, here, there: _patched(lambda x: rest(x.T), here.T, there.T) - rest(here),
            "here[:, t] is number t of every place. A place is a row: here[t].",
        ),
        Mistake(
            "All rows at once",
            lambda rest, here, there: rest(there) - rest(here),
            EACH,
        ),
        Mistake("All rows at once", lambda rest, here, there: np.full(len(here), rest(there) - rest(here)), EACH),
    ),
    hints=(
        "It is exercise 1 with another thing in the place of the row, and the difference taken the other way round.",
        "`mixed = here.copy()`, then `mixed[t] = there[t]`. The effect is `rest(mixed) - rest(here)`.",
        "Collect the effects in a list, `for t in range(len(here))`, and return `np.array(effects)`.",
    ),
    solution="""\
def patch(rest, here, there):
    effects = []
    for t in range(len(here)):
        mixed = here.copy()
        mixed[t] = there[t]
        effects.append(rest(mixed) - rest(here))
    return np.array(effects)""",
    difficulty=1,
    importance=3,
    minutes=5,
)
