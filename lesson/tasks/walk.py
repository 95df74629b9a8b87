"""A walk round ten digits: what comes next cannot be known, only what may come."""

import numpy as np

from lesson.tasks.sequences import DIGITS, FIRST_DIGIT
from lesson.tasks.task import PAD_ID, Examples, Task


def walk(length: int = 12, furthest: int = 3) -> Task:
    """Go 1 to `furthest` digits on, drawn anew at every step; 0 follows 9. Asked is each next digit but the first.

    All steps are equally likely, so that no honest model is less surprised than log(furthest): one that is has cheated.
    Raises ValueError for a walk of less than 2 digits, or steps that leave no digit out.

    >>> source, _ = walk(length=4).draw(np.random.default_rng(0), 1)
    >>> DIGITS.decode(source[0])
    ['2', '3', '4', '5']
    """
    if length < 2:
        raise ValueError(f"wanted walks of 2 digits or more, got length={length}")
    if not 1 <= furthest <= 9:
        raise ValueError(f"wanted a furthest step from 1 to 9, got {furthest}")

    def generate(rng, count):
        steps = rng.integers(1, furthest + 1, (count, length))
        steps[:, 0] = rng.integers(0, 10, count)
        source = FIRST_DIGIT + steps.cumsum(axis=-1) % 10
        # The last digit has no successor to be asked for.
        return Examples(source, np.pad(source[:, 1:], ((0, 0), (0, 1)), constant_values=PAD_ID))

    return Task("walk", DIGITS, generate)
