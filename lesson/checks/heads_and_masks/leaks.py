"""A test that finds a leak: who notices a change of the last word."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention

exercise = partial(Check, lesson="02-heads-and-masks")


def _reader(rng: np.random.Generator, allowed: np.ndarray) -> Callable:
    """Make a model of one layer, model(ids (T,)) -> (T, 3), that attends where `allowed` (T, T) says."""
    table = rng.normal(size=(10, 3))

    def model(ids):
        x = table[np.asarray(ids) % 10]
        return scaled_dot_product_attention(x, x, x, allowed)[0]

    return model


def _rows_changed(model: Callable, ids: np.ndarray, place: int = -1) -> np.ndarray:
    """Say of every number the model gives whether another word at a place changes it."""
    changed = ids.copy()
    changed[place] = (changed[place] + 1) % 10
    return np.abs(model(ids) - model(changed)) > 1e-12


def _model_cases(rng: np.random.Generator) -> list[tuple]:
    leaky, honest, everything = (np.tri(size, k=k, dtype=bool) for size, k in ((7, 1), (5, 0), (6, 9)))
    return [(_reader(rng, mask), rng.integers(0, 10, len(mask))) for mask in (leaky, honest, everything)]


who_notices = exercise(
    name="who_notices",
    arguments=("model", "ids"),
    cases=_model_cases,
    answer=lambda model, ids: _rows_changed(model, ids).any(axis=-1),
    mistakes=(
        Mistake(
            "Answer inverted",
            lambda m, ids: ~_rows_changed(m, ids).any(axis=-1),
            "True means that the row is another than before: that position knows of the last word.",
        ),
        Mistake(
            "Another word than the last changed",
            lambda m, ids: _rows_changed(m, ids, 0).any(axis=-1),
            "Later rows may well depend on the first word. Change the last, ids[-1], which nobody before may know.",
        ),
        Mistake(
            "Nothing changed",
            lambda m, ids: np.zeros(len(ids), dtype=bool),
            "The two texts were the same. Is the new last word another one, and is the copy what the model reads?",
        ),
        Mistake("Numbers, not rows", _rows_changed, "One answer a row is wanted, shape (T,): join with .any(axis=-1)."),
        Mistake(
            "One answer for all rows",
            lambda m, ids: _rows_changed(m, ids).any(),
            "Which rows is the question: the last may change, no other. Give any the axis of the numbers, axis=-1.",
        ),
        Mistake(
            "The last row left out",
            lambda m, ids: _rows_changed(m, ids).any(axis=-1)[:-1],
            "All T rows are wanted. The last one may well be True: it is the changed word's own.",
        ),
    ),
    hints=(
        "Ask the model twice, with two texts that differ in the last word only, and compare its answers row by row.",
        "`other = ids.copy()`, then give `other[-1]` another word. `model(ids) != model(other)` has shape (T, V).",
        "`(model(ids) != model(other)).any(axis=-1)`, where `other[-1] = (ids[-1] + 1) % 10`.",
    ),
    solution="""\
def who_notices(model, ids):
    other = ids.copy()
    other[-1] = (ids[-1] + 1) % 10
    return (model(ids) != model(other)).any(axis=-1)""",
    difficulty=2,
    importance=3,
    minutes=6,
)
