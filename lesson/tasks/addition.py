"""Addition of whole numbers, written in digits."""

import numpy as np

from lesson.tasks.sequences import framed
from lesson.tasks.task import Examples, Task
from lesson.tokenizer import SPECIALS, Vocabulary

SUMS = Vocabulary((*SPECIALS, *"0123456789", "+"))
FIRST_DIGIT = SUMS.id("0")


def addition(digits: int = 3, units_first: bool = True) -> Task:
    """Add two numbers of so many digits: "0 4 7 + 2 5 5" gives "0 3 0 2".

    Zeros fill up from the left, so every digit keeps its place. With `units_first` the answer is said from the units
    on, as one adds on paper: "2 0 3 0"; each carry is then known before it is needed (Lee et al. 2023, "Teaching
    arithmetic to small transformers"). 47 + 255 and 255 + 47 are one content: both are in the same part.
    Raises ValueError when digits are no number from 1 to 17.
    """
    if not 1 <= digits <= 17:
        raise ValueError(f"wanted numbers of 1 to 17 digits, got {digits}")

    def generate(rng, count):
        a, b = rng.integers(0, 10**digits, (2, count))
        plus = np.full((count, 1), SUMS.id("+"))
        source = np.concatenate([_written(a, digits), plus, _written(b, digits)], axis=1)
        answer = _written(a + b, digits + 1)
        return Examples(source, framed(answer[:, ::-1] if units_first else answer))

    def content(source):
        a, b = source[:, :digits], source[:, digits + 1 :]
        swap = ((a - b) @ _places(digits) > 0)[:, None]
        return np.concatenate([np.where(swap, b, a), np.where(swap, a, b)], axis=1)

    return Task(f"addition of {digits} digits", SUMS, generate, content)


def _written(numbers: np.ndarray, digits: int) -> np.ndarray:
    return FIRST_DIGIT + numbers[:, None] // _places(digits) % 10


def _places(digits: int) -> np.ndarray:
    # Said outright, because NumPy's own integers have 32 bits in WebAssembly.
    return np.int64(10) ** np.arange(digits - 1, -1, -1, dtype=np.int64)
