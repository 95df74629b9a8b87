"""Copy, reverse, sort, rotate: one sequence of digits in, another one out."""

from collections.abc import Callable

import numpy as np

from lesson.tasks.task import BEGIN_ID, END_ID, PAD_ID, Examples, Task
from lesson.tokenizer import SPECIALS, Vocabulary

DIGITS = Vocabulary((*SPECIALS, *"0123456789"))
FIRST_DIGIT = DIGITS.id("0")


def copy(length: int = 8, shortest: int | None = None) -> Task:
    """Say the digits as they are.

    >>> task = copy(length=3)
    >>> source, target = task.draw(np.random.default_rng(0), 1)
    >>> DIGITS.decode(source[0]) == DIGITS.decode(target[0])
    True
    """
    return _digits_task("copy", length, shortest, lambda position, lengths: position)


def reverse(length: int = 8, shortest: int | None = None) -> Task:
    """Say the digits from the last to the first: attention must turn the order round."""
    return _digits_task("reverse", length, shortest, lambda position, lengths: lengths - 1 - position)


def rotate(length: int = 8, by: int = 3, shortest: int | None = None) -> Task:
    """Say the digits starting with number `by`, counted from 0, and those before it at the end."""
    return _digits_task(f"rotate by {by}", length, shortest, lambda position, lengths: (position + by) % lengths)


def sort(length: int = 8, shortest: int | None = None) -> Task:
    """Say the digits from the smallest to the largest: now content decides, not position."""

    draw_digits = _digits_of(length, shortest)

    def generate(rng, count):
        source = draw_digits(rng, count)
        # Padding sorts last when it is read as larger than any digit.
        ordered = np.sort(np.where(source == PAD_ID, len(DIGITS), source), axis=-1)
        return Examples(source, framed(np.where(ordered == len(DIGITS), PAD_ID, ordered)))

    return Task("sort", DIGITS, generate)


def framed(answer: np.ndarray) -> np.ndarray:
    """Put `<bos>` before and `<eos>` after each row's ids. answer (B, T), padded at the right, returns (B, T + 2)."""
    target = np.pad(answer, ((0, 0), (1, 1)), constant_values=PAD_ID)
    target[:, 0] = BEGIN_ID
    np.put_along_axis(target, 1 + (answer != PAD_ID).sum(axis=-1, keepdims=True), END_ID, axis=-1)
    return target


def _digits_task(name: str, length: int, shortest: int | None, from_where: Callable) -> Task:
    """Make the task whose answer holds, at each position, the digit that stands at from_where(position, lengths)."""

    draw_digits = _digits_of(length, shortest)

    def generate(rng, count):
        source = draw_digits(rng, count)
        lengths = (source != PAD_ID).sum(axis=-1, keepdims=True)
        position = np.arange(length)
        taken = np.where(position < lengths, from_where(position, lengths), position)
        return Examples(source, framed(np.take_along_axis(source, taken, axis=-1)))

    def causes(examples):
        source, target = examples
        if source.shape[1] != length or target.shape[1] != length + 2:
            wanted = f"source (B, {length}) and target (B, {length + 2})"
            raise ValueError(f"wanted examples of {name}, {wanted}, got {source.shape} and {target.shape}")
        place, lengths = np.arange(length + 1)[:, None], (source != PAD_ID).sum(axis=-1)[:, None, None]
        return (place < lengths) & (np.arange(length) == from_where(place, lengths))

    return Task(name, DIGITS, generate, causes=causes)


def _digits_of(length: int, shortest: int | None) -> Callable:
    shortest = length if shortest is None else shortest
    if not 1 <= shortest <= length:
        raise ValueError(f"wanted 1 <= shortest <= length, got shortest={shortest}, length={length}")

    def draw_digits(rng, count):
        digits = rng.integers(FIRST_DIGIT, FIRST_DIGIT + 10, (count, length))
        lengths = rng.integers(shortest, length + 1, (count, 1))
        return np.where(np.arange(length) < lengths, digits, PAD_ID)

    return draw_digits
