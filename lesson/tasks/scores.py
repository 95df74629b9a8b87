"""How many answers are right."""

import numpy as np

from lesson.tasks.task import PAD_ID


def exact_match(said: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Say of each answer whether it is right from its first token to `<eos>`; what follows `<eos>` does not count.

    said (B, U), without `<bos>`   target (B, T), from `<bos>` to `<eos>`, padded. Returns (B,) booleans.
    Raises ValueError when there are not as many answers as targets.

    >>> target = np.array([[2, 7, 8, 3], [2, 7, 3, 0]])
    >>> exact_match(np.array([[7, 8, 3, 5], [7, 8, 3, 0]]), target).tolist()
    [True, False]
    """
    said, wanted = np.asarray(said), np.asarray(target)[:, 1:]
    if said.ndim != 2 or len(said) != len(wanted):
        raise ValueError(f"wanted answers of shape ({len(wanted)}, any length), got {said.shape}")
    missing = max(0, wanted.shape[1] - said.shape[1])
    said = np.pad(said, ((0, 0), (0, missing)), constant_values=PAD_ID)[:, : wanted.shape[1]]
    return ((said == wanted) | (wanted == PAD_ID)).all(axis=-1)


def token_accuracy(said: np.ndarray, target: np.ndarray) -> float:
    """Give the share of right tokens among those asked for; 0 in the target asks for nothing.

    said and target have one shape. Raises ValueError when they do not, or when nothing is asked.
    """
    said, target = np.asarray(said), np.asarray(target)
    if said.shape != target.shape:
        raise ValueError(f"wanted answers of shape {target.shape}, got {said.shape}")
    asked = target != PAD_ID
    if not asked.any():
        raise ValueError("wanted at least one token that is asked for, got a target of padding alone")
    return float((said == target)[asked].mean())


def confusion(truth: np.ndarray, said: np.ndarray, num_labels: int) -> np.ndarray:
    """Count what was said where: a row for each true label, a column for each label that was said.

    truth, said (N,): labels from 0 to num_labels - 1        Returns counts (num_labels, num_labels).
    Raises ValueError when the two do not fit each other, or hold another label.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    truth, said = np.asarray(truth), np.asarray(said)
    if truth.shape != said.shape or truth.ndim != 1:
        raise ValueError(f"wanted labels (N,) twice, got {truth.shape} and {said.shape}")
    labels = np.concatenate([truth, said])
    if labels.size and not 0 <= labels.min() <= labels.max() < num_labels:
        raise ValueError(f"wanted labels from 0 to {num_labels - 1}, got {labels.min()} to {labels.max()}")
    return np.bincount(num_labels * truth + said, minlength=num_labels**2).reshape(num_labels, num_labels)
