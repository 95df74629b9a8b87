"""The shares that training wants, and the surprise at what the model gave."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.checks.training.asking import some_targets
from lesson.nn import loss as package
from lesson.nn.softmax import softmax
from lesson.tasks.task import PAD_ID

exercise = partial(Check, lesson="06-train-an-encoder-decoder")

WHOLE = "All tokens together have a share of 1: (1 - smoothing) for the right one, and smoothing divided among all."
REAL = "Padding asks nothing: leave its places out of the sum, and out of the number that the sum is divided by."
SURPRISE = "Surprise is the negative logarithm of the share that softmax gives to the right token."


def _mixed(make: Callable, is_real: Callable = lambda targets: targets != PAD_ID) -> Callable:
    """Give make(right, V, smoothing) where `right` (..., V) is 1 at the right token, and zeros where it is not real."""

    def shares(targets, num_tokens, smoothing):
        return make(np.eye(num_tokens)[targets], num_tokens, smoothing) * is_real(targets)[..., np.newaxis]

    return shares


smooth = exercise(
    name="smooth",
    arguments=("targets", "num_tokens", "smoothing"),
    cases=lambda rng: [
        (some_targets(rng, 3, 5, 2)[:, 1:], 17, 0.1),
        (some_targets(rng, 14, 13, 2)[:, 1:], 14, 0.3),
        (np.array([[3, 1, 0], [0, 0, 0]]), 4, 1.0),
    ],
    answer=_mixed(lambda right, v, s: (1 - s) * right + s / v),
    mistakes=(
        Mistake(
            "Smoothing summing to more than one",
            _mixed(lambda right, v, s: right + s / v),
            f"What is spread has to be taken from the right token first. {WHOLE}",
        ),
        Mistake(
            "Padding smoothed",
            _mixed(lambda right, v, s: (1 - s) * right + s / v, np.ones_like),
            "A place of padding has no right answer, so its row is all zeros: else the model learns to expect padding.",
        ),
        Mistake("Smoothing not divided among the tokens", _mixed(lambda right, v, s: (1 - s) * right + s), WHOLE),
        Mistake("The right token left out of the spreading", _mixed(lambda r, v, s: np.where(r, 1 - s, s / v)), WHOLE),
        Mistake(
            "Spread over the wrong tokens only",
            _mixed(lambda right, v, s: np.where(right, 1 - s, s / (v - 1))),
            "That sums to 1 as well, and some do it. Here all V tokens get smoothing / V, the right one among them.",
        ),
        Mistake("Taken, but not spread", _mixed(lambda right, v, s: (1 - s) * right), WHOLE),
        Mistake(
            "Shares exchanged",
            _mixed(lambda right, v, s: s * right + (1 - s) / v),
            "smoothing is what is spread, and most stays with the right token: (1 - smoothing) times it.",
        ),
        Mistake(
            "Ids taken for shares",
            lambda targets, v, s: (1 - s) * targets + s / v,
            "An id is a name, not an amount. Make a row of V numbers for each, with a 1 at the id: np.eye(V)[targets].",
        ),
        Mistake("Not smoothed", _mixed(lambda right, v, s: right), WHOLE),
    ),
    hints=(
        "First make rows with a 1 at the right token: row i of `np.eye(num_tokens)` is the row for token i.",
        "`right = np.eye(num_tokens)[targets]`; then take a share off it, and spread that over all tokens alike.",
        "`((1 - smoothing) * right + smoothing / num_tokens) * (targets != 0)[..., np.newaxis]`.",
    ),
    solution="""\
def smooth(targets, num_tokens, smoothing):
    right = np.eye(num_tokens)[targets]
    shares = (1 - smoothing) * right + smoothing / num_tokens
    return shares * (targets != 0)[..., np.newaxis]""",
    difficulty=2,
    importance=2,
    minutes=7,
)


def _surprise(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    top = logits.max(axis=-1, keepdims=True)
    spread = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
    return spread - _at(logits, targets)


def _at(x: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.take_along_axis(x, ids[..., np.newaxis], axis=-1)[..., 0]


def _overflowing(logits: np.ndarray, targets: np.ndarray) -> float:
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
        return -np.log(_at(shares, targets))[targets != PAD_ID].mean()


def _row_by_row(logits: np.ndarray, targets: np.ndarray) -> float:
    real = targets != PAD_ID
    return ((_surprise(logits, targets) * real).sum(axis=-1) / real.sum(axis=-1)).mean()


def _underflowing(logits: np.ndarray, targets: np.ndarray) -> float:
    with np.errstate(divide="ignore"):
        return -np.log(_at(softmax(logits), targets))[targets != PAD_ID].mean()


def _loss_cases(rng: np.random.Generator) -> list[tuple]:
    # The last input's model is certain of wrong tokens: the right one's share is zero as written, or inf / inf.
    certain = np.array([[[0.0, 5.0, -5.0], [0.0, 900.0, -900.0], [0.0, 800.0, 900.0]]])
    shapes = ((3, 5, 17), (14, 13, 14))
    return [
        *((rng.normal(size=(b, t + 1, v)), some_targets(rng, b, t, 1)[:, 1:]) for b, t, v in shapes),
        (certain, np.array([[1, 2, 1]])),
    ]


def _real(values: Callable) -> Callable:
    return lambda logits, targets: values(logits, targets)[targets != PAD_ID].mean()


loss = exercise(
    name="loss",
    arguments=("logits", "targets"),
    cases=_loss_cases,
    answer=lambda logits, targets: package.cross_entropy(logits, targets, pad=PAD_ID)[0],
    mistakes=(
        Mistake("Padding counted", lambda z, t: _surprise(z, t).mean(), REAL),
        Mistake(
            "Padding left out of the sum, not of the count",
            lambda z, t: (_surprise(z, t) * (t != PAD_ID)).mean(),
            f"The sum is right, but .mean() divides by the places of padding too. {REAL}",
        ),
        Mistake(
            "Each row averaged by itself",
            _row_by_row,
            "Then a token in a short answer counts more than one in a long one. Average over all real tokens at once.",
        ),
        Mistake("Summed, not averaged", lambda z, t: _surprise(z, t)[t != PAD_ID].sum(), "Divide by the real tokens."),
        Mistake("Sign forgotten", lambda z, t: -_real(_surprise)(z, t), SURPRISE),
        Mistake("No softmax", _real(lambda z, t: -_at(z, t)), f"Logits are no shares yet. {SURPRISE}"),
        Mistake("No logarithm", _real(lambda z, t: -_at(softmax(z), t)), SURPRISE),
        Mistake(
            "Logarithm of the mean share",
            lambda z, t: -np.log(_real(lambda z, t: _at(softmax(z), t))(z, t)),
            "First the logarithm of each share, then the mean: a product of shares becomes a sum of surprises.",
        ),
        Mistake(
            "Overflow",
            _overflowing,
            "e^900 is infinite. log softmax(z)_v = z_v - log sum exp(z), each row's largest logit taken off first.",
        ),
        Mistake(
            "Logarithm of zero",
            _underflowing,
            "A share can be too small to write, and log 0 is -inf. Take z_v - max - log(sum exp(z - max)) instead.",
        ),
        Mistake(
            "Right token not picked at each place",
            lambda z, t: -np.log(softmax(z)[np.arange(len(t)), t]).mean(),
            "z[np.arange(B), t] lines the ids up with the wrong axes. np.take_along_axis picks at each place.",
        ),
        Mistake("Shares of all tokens mixed in", _real(lambda z, t: _surprise(z, t) / z.shape[-1]), SURPRISE),
    ),
    hints=(
        "Three steps: the log of the softmax, the entry of the right token, the mean over the real places.",
        "log softmax is `shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))`, `shifted` = logits - row max.",
        "`np.take_along_axis(log_shares, targets[..., np.newaxis], axis=-1)[..., 0]`, then `[targets != 0].mean()`.",
    ),
    solution="""\
def loss(logits, targets):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    chosen = np.take_along_axis(log_shares, targets[..., np.newaxis], axis=-1)[..., 0]
    return -chosen[targets != 0].mean()""",
    difficulty=2,
    importance=3,
    minutes=9,
)
