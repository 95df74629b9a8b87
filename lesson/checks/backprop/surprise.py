"""Backward through the loss, from the mean surprise to the logits."""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import loss
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="05-backprop-you-can-trust")

MEAN = "The loss is a mean over the N rows, so each row's share of the gradient is divided by N: len(targets)."


def _entropy(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return loss.cross_entropy_backward(1.0, loss.cross_entropy(logits, targets)[1])


def _one_hot(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.eye(logits.shape[-1])[targets]


def _whole_columns(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    shares = softmax(logits)
    shares[:, targets] -= 1
    return shares / len(targets)


def _whole_rows(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    shares = softmax(logits)
    shares[targets] -= 1
    return shares / len(targets)


def _to_shares(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return -_one_hot(logits, targets) / softmax(logits) / len(targets)


def _overflowing(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return (shares - _one_hot(logits, targets)) / len(targets)


cross_entropy_backward = exercise(
    name="cross_entropy_backward",
    arguments=("logits", "targets"),
    cases=lambda rng: [
        (size * rng.normal(size=(n, v)), rng.integers(0, v, n)) for n, v, size in ((5, 3, 1), (4, 4, 1), (3, 5, 2000))
    ],
    answer=_entropy,
    mistakes=(
        Mistake("Summed, not averaged", lambda z, t: _entropy(z, t) * len(t), MEAN),
        Mistake(
            "Averaged over all entries",
            lambda z, t: _entropy(z, t) / z.shape[-1],
            f"There are N answers, not N V. {MEAN}",
        ),
        Mistake(
            "Sign turned round",
            lambda z, t: -_entropy(z, t),
            "The right logit should grow, so that its gradient has to be negative: shares less one-hot.",
        ),
        Mistake(
            "The right answer not taken off",
            lambda z, t: softmax(z) / len(t),
            "From the share of each row's target 1 is taken off; otherwise nothing pulls the right logit up.",
        ),
        Mistake(
            "One taken off whole columns",
            _whole_columns,
            "shares[:, targets] are columns of all rows. Pair each row with its target: shares[np.arange(N), targets].",
        ),
        Mistake(
            "One taken off whole rows",
            _whole_rows,
            "shares[targets] are rows. Pair each row with its own column: shares[np.arange(N), targets].",
        ),
        Mistake(
            "The numbers of the tokens taken off",
            lambda z, t: (softmax(z) - t) / len(t),
            "A token's number is only its place. Take off 1 at that place: shares[np.arange(N), targets] -= 1.",
        ),
        Mistake(
            "The numbers of the tokens taken off",
            lambda z, t: (softmax(z) - t[:, np.newaxis]) / len(t),
            "A token's number is only its place. Take off 1 at that place: shares[np.arange(N), targets] -= 1.",
        ),
        Mistake(
            "The gradient of the shares, not of the logits",
            _to_shares,
            "-1 / p is as far as the logarithm goes. The way back leads on through softmax, where it becomes p - 1.",
        ),
        Mistake(
            "Softmax over the wrong axis",
            lambda z, t: (softmax(z, axis=0) - _one_hot(z, t)) / len(t),
            "A row of logits is one guess among V tokens: softmax along axis=-1.",
        ),
        Mistake(
            "No softmax", lambda z, t: (z - _one_hot(z, t)) / len(t), "Logits are scores. First turn them into shares."
        ),
        Mistake(
            "Overflow",
            _overflowing,
            "np.exp(2000) is inf. Use the package's `softmax`, or take off each row's maximum first.",
        ),
    ),
    hints=(
        "Share by share: what the model gave, less what would have been right, which is 1 for the target and 0 else.",
        "`shares = softmax(logits)`. `shares[np.arange(len(targets)), targets]` are those of the right tokens.",
        "Take 1 off these, then divide everything by the number of rows.",
    ),
    solution=loss.cross_entropy_backward,
    difficulty=2,
    importance=3,
    minutes=6,
)
