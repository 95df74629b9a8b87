"""One list of numbers for a whole text, whatever was padded."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="08-sentiment-that-must-attend")

PADDED = "Padding is there to fill a row, and a text must not change with its neighbours in the batch."
COUNT = "Divide by the number of tokens of that text: is_token.sum(axis=1, keepdims=True)."
COLUMN = "The counts (B,) have to stand in a column, (B, 1), or NumPy lines them up with the width: keepdims=True."
ONE_A_TEXT = "Each text has its own mean, over its tokens: axis 1 goes, (B, D) stays."


def _pool(hidden: np.ndarray, is_token: np.ndarray, least: int = 1) -> np.ndarray:
    count = np.maximum(is_token.sum(axis=1, keepdims=True), least)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (hidden * is_token[..., np.newaxis]).sum(axis=1) / count


def _summed(then: Callable) -> Callable:
    """Do something to the sum over each text's own tokens."""
    return lambda hidden, is_token: then((hidden * is_token[..., np.newaxis]).sum(axis=1), is_token)


def _largest(hidden: np.ndarray, is_token: np.ndarray) -> np.ndarray:
    return np.where(is_token[..., np.newaxis], hidden, -np.inf).max(axis=1)


def _cases(rng: np.random.Generator) -> list[tuple]:
    def case(lengths, size, width):
        return rng.normal(size=(len(lengths), size, width)), np.arange(size) < np.array(lengths)[:, np.newaxis]

    return [case((2, 5, 3), 5, 7), case((4, 1, 2, 3), 4, 4), case((3, 0), 3, 2)]


mean_pool = exercise(
    name="mean_pool",
    arguments=("hidden", "is_token"),
    cases=_cases,
    answer=_pool,
    mistakes=(
        Mistake("Padding pooled", lambda hidden, is_token: hidden.mean(axis=1), f"{PADDED} Leave it out of the sum."),
        Mistake(
            "Padding counted",
            _summed(lambda total, is_token: total / is_token.shape[1]),
            f"The sum leaves padding out, but the count does not, so short texts come out too small. {COUNT}",
        ),
        Mistake(
            "Padding added, not counted",
            lambda hidden, is_token: hidden.sum(axis=1) / np.maximum(is_token.sum(axis=1, keepdims=True), 1),
            f"The count is right, but what stands at padding is in the sum. {PADDED}",
        ),
        Mistake("Summed, not averaged", _summed(lambda total, is_token: total), f"Long texts would shout. {COUNT}"),
        Mistake("Divided by the tokens of all texts", _summed(lambda total, is_token: total / is_token.sum()), COUNT),
        Mistake("Divided by the number of texts", _summed(lambda total, is_token: total / len(total)), COUNT),
        Mistake(
            "All texts in one mean",
            lambda hidden, is_token: hidden[is_token].mean(axis=0),
            f"hidden[is_token] lays the tokens of all texts into one list. {ONE_A_TEXT}",
        ),
        Mistake("Averaged over the texts", lambda hidden, is_token: hidden.mean(axis=0), ONE_A_TEXT),
        Mistake("Averaged over the width", lambda hidden, is_token: hidden.mean(axis=-1), ONE_A_TEXT),
        Mistake(
            "The padding alone",
            lambda hidden, is_token: _pool(hidden, ~is_token),
            "The mask is upside down: is_token is True where a word stands.",
        ),
        Mistake("The first token alone", lambda hidden, is_token: hidden[:, 0], ONE_A_TEXT),
        Mistake(
            "The largest, not the mean", _largest, "That is max pooling, which some models use. Wanted is the mean."
        ),
        Mistake(
            "Mask without an axis for the width",
            lambda hidden, is_token: (hidden * is_token).sum(axis=1),
            "is_token (B, S) has to become (B, S, 1) to meet hidden (B, S, D): is_token[..., np.newaxis].",
        ),
        Mistake("Count lined up with the width", _summed(lambda total, is_token: total / is_token.sum(axis=1)), COLUMN),
        Mistake(
            "Count lined up with the width",
            lambda hidden, is_token: hidden.sum(axis=1) / is_token.sum(axis=1),
            f"{COLUMN} And what stands at padding is in the sum.",
        ),
        Mistake(
            "Empty text divides by zero",
            partial(_pool, least=0),
            "A text without a word has 0 tokens, and 0 / 0 is no number. Divide by at least 1: np.maximum(count, 1).",
        ),
    ),
    hints=(
        "A mean is a sum divided by a count. Padding must be in neither.",
        "`hidden * is_token[..., np.newaxis]` has zeros at padding; `.sum(axis=1)` adds up each text.",
        "Divide by `np.maximum(is_token.sum(axis=1, keepdims=True), 1)`, shape (B, 1).",
    ),
    solution="""\
def mean_pool(hidden, is_token):
    total = (hidden * is_token[..., np.newaxis]).sum(axis=1)
    count = is_token.sum(axis=1, keepdims=True)
    return total / np.maximum(count, 1)""",
    difficulty=2,
    importance=3,
    minutes=6,
)
