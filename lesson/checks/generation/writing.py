"""A text written token by token."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="07-generate-well")

LAST = "Row t of the scores says what comes after token t. What comes after the whole text stands in the last row."
LIMIT = "The limit counts the tokens that are written, without those of the prompt."


def _reader(rng: np.random.Generator, vocabulary: int) -> Callable:
    """A small model that scores what follows every token, and to which all of the past makes a difference."""
    table, out = rng.normal(size=(vocabulary, 5)), rng.normal(size=(5, vocabulary))

    def next_scores(ids):
        ids = np.asarray(ids)
        if ids.ndim != 1 or not ids.size or not ((ids >= 0) & (ids < vocabulary)).all():
            raise ValueError(f"next_scores wants ids (T,) from 0 to {vocabulary - 1}, got {ids.tolist()}")
        age = np.arange(len(ids))[:, None] - np.arange(len(ids))
        return np.tanh(np.where(age >= 0, 0.8 ** np.abs(age), 0.0) @ table[ids]) @ out

    return next_scores


def _write(
    next_scores: Callable,
    prompt: Sequence[int],
    stop: int,
    limit: int,
    row: int = -1,
    choose: Callable = np.argmax,
    read: Callable = lambda text, prompt: text,
) -> list[int]:
    text = list(prompt)
    for _ in range(limit):
        scores = next_scores(read(text, prompt))
        text.append(int(choose(scores if row is None else scores[row])))
        if text[-1] == stop:
            break
    return text


def _greedy(next_scores: Callable, prompt: Sequence[int], stop: int, limit: int) -> list[int]:
    return _write(next_scores, prompt, stop, limit)


def _without_its_stop(next_scores: Callable, prompt: Sequence[int], stop: int, limit: int) -> list[int]:
    text = _greedy(next_scores, prompt, stop, limit)
    return text[:-1] if len(text) > len(prompt) and text[-1] == stop else text


def _while_not_stopped(next_scores: Callable, prompt: Sequence[int], stop: int, limit: int) -> list[int]:
    return list(prompt) if prompt[-1] == stop else _greedy(next_scores, prompt, stop, limit)


def _case(rng: np.random.Generator, vocabulary: int, prompt: int, limit: int, ends: bool, begins_with_stop=False):
    """A model that writes different tokens; `ends`: the fourth of them is the stop token."""
    while True:
        next_scores = _reader(rng, vocabulary)
        text = rng.permutation(vocabulary)[:prompt].tolist()
        whole = _write(next_scores, text, -1, limit)
        written = whole[prompt:]
        free = [token for token in range(vocabulary) if token not in whole]
        stop = text[-1] if begins_with_stop else written[3] if ends else free[0] if free else -1
        fourth_ends = len(set(written[:4])) > 2 and stop in written and written.index(stop) == 3
        if fourth_ends if ends else stop >= 0 and stop not in written:
            return next_scores, text, stop, limit


greedy = exercise(
    name="greedy",
    arguments=("next_scores", "prompt", "stop", "limit"),
    cases=lambda rng: [
        _case(rng, 13, 3, 7, ends=True),
        _case(rng, 11, 2, 5, ends=False),
        _case(rng, 11, 1, 4, ends=False, begins_with_stop=True),
        _case(rng, 13, 5, 6, ends=True),
    ],
    answer=_greedy,
    mistakes=(
        Mistake("Scores of the wrong position", partial(_write, row=0), LAST),
        Mistake(
            "Scores of the wrong position",
            partial(_write, row=None, choose=lambda scores: scores[max(len(scores) - 2, 0)].argmax()),
            LAST,
        ),
        Mistake("Largest of the whole table", partial(_write, row=None), f"{LAST} Take np.argmax of that row alone."),
        Mistake(
            "Never stops",
            lambda next_scores, prompt, stop, limit: _write(next_scores, prompt, -1, limit),
            "It writes on behind the stop token, up to the limit. Leave the loop once that token is written.",
        ),
        Mistake(
            "Stop token not written",
            _without_its_stop,
            "The stop token is the last one of the text: append it first, then ask whether that was it.",
        ),
        Mistake(
            "Stopped by the prompt",
            _while_not_stopped,
            "A prompt may end with the stop token: a tale begins after a full stop. Ask only of what is new.",
        ),
        Mistake(
            "Nothing new read",
            partial(_write, read=lambda text, prompt: prompt),
            "It reads the prompt again at every step, so it writes the same token again. Give it the text so far.",
        ),
        Mistake(
            "Only the last token read",
            partial(_write, read=lambda text, prompt: text[-1:]),
            "The model needs the whole text so far: with one token alone the past is forgotten.",
        ),
        Mistake(
            "One token too many",
            lambda next_scores, prompt, stop, limit: _write(next_scores, prompt, stop, limit + 1),
            LIMIT,
        ),
        Mistake(
            "Limit counts the prompt",
            lambda next_scores, prompt, stop, limit: _write(next_scores, prompt, stop, max(limit - len(prompt), 0)),
            LIMIT,
        ),
        Mistake(
            "Prompt left out",
            lambda next_scores, prompt, *rest: _write(next_scores, prompt, *rest)[len(prompt) :],
            "These are the new tokens alone. Return the whole text, the prompt first.",
        ),
        Mistake(
            "One token only",
            lambda next_scores, prompt, stop, limit: _write(next_scores, prompt, stop, 1),
            "Is `return` inside the loop? Then the first round is the last.",
        ),
        Mistake("Smallest score", partial(_write, choose=np.argmin), "The best token has the largest score."),
    ),
    hints=(
        "Begin with `text = list(prompt)`. What has to happen for one more token, and when is it over?",
        "`scores = next_scores(text)` has a row for each token of the text; the next token is `scores[-1].argmax()`.",
        "`for _ in range(limit):` compute it, `text.append(token)`, and `break` if it is the stop token.",
    ),
    solution="""\
def greedy(next_scores, prompt, stop, limit):
    text = list(prompt)
    for _ in range(limit):
        token = int(next_scores(text)[-1].argmax())
        text.append(token)
        if token == stop:
            break
    return text""",
    difficulty=1,
    importance=3,
    minutes=6,
)
