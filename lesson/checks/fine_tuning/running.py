"""While it runs: one gradient out of several passes, and when to stop."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="10-fine-tuning-playbook")

WEIGHED = "Each pass has divided by its own tokens: multiply by them again, add up, divide by all tokens."
BEST = "Kept are the weights of the epoch with the highest score, not those of the last."
SINCE = "Patience counts the epochs since the best one, and the run ends when they are as many as `patience`."


def _accumulated(make: Callable) -> Callable:
    return lambda gradients, tokens: make(np.stack(gradients), np.asarray(tokens)[:, np.newaxis, np.newaxis])


def _pass_cases(rng: np.random.Generator) -> list[tuple]:
    return [
        ([rng.normal(size=shape) for _ in tokens], tokens)
        for shape, tokens in (((3, 5), [7, 2, 11]), ((2, 2), [4, 4]), ((5, 1), [1, 30, 2, 2]), ((2, 3), [6]))
    ]


accumulate = exercise(
    name="accumulate",
    arguments=("gradients", "tokens"),
    cases=_pass_cases,
    answer=_accumulated(lambda g, n: (n * g).sum(axis=0) / n.sum()),
    mistakes=(
        Mistake(
            "Summed, not averaged",
            _accumulated(lambda g, n: g.sum(axis=0)),
            f"Three passes would make a step three times as long. {WEIGHED}",
        ),
        Mistake(
            "Plain mean over the passes",
            _accumulated(lambda g, n: g.mean(axis=0)),
            f"Then a token in a short pass counts for more than one in a long pass. {WEIGHED}",
        ),
        Mistake(
            "Weighed, but not divided",
            _accumulated(lambda g, n: (n * g).sum(axis=0)),
            f"That is the gradient of a sum over tokens, not of a mean. {WEIGHED}",
        ),
        Mistake(
            "Weighed, and divided by the passes",
            _accumulated(lambda g, n: (n * g).mean(axis=0)),
            f"After the weighing there are as many parts as tokens. {WEIGHED}",
        ),
        Mistake(
            "Divided by the tokens twice",
            _accumulated(lambda g, n: g.sum(axis=0) / n.sum()),
            f"A pass's gradient is a mean already. {WEIGHED}",
        ),
        Mistake(
            "The last pass alone",
            lambda gradients, tokens: gradients[-1],
            "The gradient was replaced from pass to pass; add to what is there.",
        ),
        Mistake(
            "The first pass alone",
            lambda gradients, tokens: gradients[0],
            "It returned within the loop: let the loop end first.",
        ),
        Mistake(
            "The passes are added to the first one's gradient",
            _accumulated(lambda g, n: g[0] + (n * g).sum(axis=0) / n.sum()),
            "A sum begins with zero. What was left of another step is a stale gradient.",
        ),
    ),
    hints=(
        "What would the gradient be, had all tokens been in one pass? Each token would count alike.",
        "`tokens[i] * gradients[i]` is the sum over a pass's tokens.",
        "`sum(n * g for g, n in zip(gradients, tokens)) / sum(tokens)`.",
    ),
    solution="""\
def accumulate(gradients, tokens):
    total = sum(n * g for g, n in zip(gradients, tokens))
    return total / sum(tokens)""",
    difficulty=2,
    importance=2,
    minutes=5,
)


def _stopping(
    is_better: Callable = lambda score, best: score > best,
    waits: Callable = lambda since, patience: since < patience,
    told: Callable = lambda kept, last: (kept, last),
) -> Callable:
    """Go from epoch to epoch while patience lasts: which epoch is kept, and which was the last."""

    def stopped(scores, patience):
        kept = last = 0
        while last + 1 < len(scores) and waits(last - kept, patience):
            last += 1
            if is_better(scores[last], scores[kept]):
                kept = last
        return told(kept, last)

    return stopped


def _since_a_rise(scores: list[float], patience: int) -> tuple[int, int]:
    kept = last = falls = 0
    while last + 1 < len(scores) and falls < patience:
        last += 1
        falls = 0 if scores[last] > scores[last - 1] else falls + 1
        kept = last if scores[last] > scores[kept] else kept
    return kept, last


def _in_all(scores: list[float], patience: int) -> tuple[int, int]:
    kept = last = falls = 0
    while last + 1 < len(scores) and falls < patience:
        last += 1
        if scores[last] > scores[kept]:
            kept = last
        else:
            falls += 1
    return kept, last


stopped = exercise(
    name="stopped",
    arguments=("scores", "patience"),
    returns=("kept", "last"),
    cases=lambda rng: [
        ([50, 50, 60, 40, 60, 70, 70, 20, 10, 40], 2),
        ([90, 40, 50, 60, 70], 3),
        ([10, 20, 30], 4),
        ([0.3, 0.3, 0.3], 1),
    ],
    answer=_stopping(),
    mistakes=(
        Mistake("Keeps the last, not the best", _stopping(told=lambda kept, last: (last, last)), BEST),
        Mistake(
            "Looks at all epochs for the best",
            lambda scores, patience: (int(np.argmax(scores)), _stopping()(scores, patience)[1]),
            "What would have come after the stop was never trained: nobody knows those scores.",
        ),
        Mistake(
            "Never stops",
            _stopping(waits=lambda since, patience: True),
            SINCE,
        ),
        Mistake("One epoch too patient", _stopping(waits=lambda since, patience: since <= patience), SINCE),
        Mistake("One epoch too impatient", _stopping(waits=lambda since, patience: since < patience - 1), SINCE),
        Mistake(
            "An equal score counts as better",
            _stopping(lambda score, best: score >= best),
            "A tie is no progress: of equals the earlier is kept, and patience goes on.",
        ),
        Mistake(
            "Compared with the epoch before, not with the best",
            _since_a_rise,
            f"A score may rise and still be below the best. {SINCE}",
        ),
        Mistake("Epochs without progress counted in all", _in_all, f"A new best begins the count anew. {SINCE}"),
        Mistake("Kept and last exchanged", _stopping(told=lambda kept, last: (last, kept)), "First what is kept."),
        Mistake(
            "Epochs counted from 0",
            _stopping(told=lambda kept, last: (kept - 1, last - 1)),
            "scores[0] is the model before the first epoch, so the places in the list are the epochs' numbers.",
        ),
        Mistake(
            "The untouched model not kept",
            lambda scores, patience: tuple(1 + n for n in _stopping()(scores[1:], patience)),
            "scores[0] counts as well: when fine-tuning only makes it worse, the model as it came is the best.",
        ),
        Mistake("Scores, not epochs", lambda scores, patience: (max(scores), scores[-1]), "Wanted are the epochs."),
    ),
    hints=(
        "Go from epoch 1 on, and remember which epoch was the best so far; at first that is 0.",
        "After each epoch: a higher score than `scores[kept]` makes `kept` this epoch.",
        "Leave the loop with `break` as soon as `last - kept == patience`.",
    ),
    solution="""\
def stopped(scores, patience):
    kept = last = 0
    for epoch in range(1, len(scores)):
        last = epoch
        if scores[epoch] > scores[kept]:
            kept = epoch
        if last - kept == patience:
            break
    return kept, last""",
    difficulty=2,
    importance=2,
    minutes=8,
)
