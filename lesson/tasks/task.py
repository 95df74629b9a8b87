"""What a task is: examples with exact answers, drawn from a seed, in two parts that share nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lesson.tokenizer import BEGIN, END, PAD, SPECIALS, Vocabulary

PARTS = ("train", "test")
PAD_ID, BEGIN_ID, END_ID = (SPECIALS.index(token) for token in (PAD, BEGIN, END))

_MOST_ROUNDS = 1000


class Examples(NamedTuple):
    """Questions and their answers, as ids padded with 0.

    source (B, S): what the model reads.
    target: what it should say. Sequence to sequence (B, T): from `<bos>` to `<eos>`. Language model (B, S): the token
    that follows each source token, 0 where none is asked for. Classification (B,): the number of the label.
    """

    source: np.ndarray
    target: np.ndarray


@dataclass(frozen=True)
class Task:
    """A generator of examples, and the rule that says which part an example belongs to.

    generate(rng, count) -> Examples. content(source) -> ids (B, S): what must not be seen in both parts; examples with
    equal content are always in the same part. labels: the answers' names, where the task is to classify.
    causes(examples) -> booleans (B, T, S), or (B, S) for a label: which source tokens settle what is said at each place
    (in sequence to sequence: after target token t). The others may be anything. None where no few tokens settle it.
    """

    name: str
    vocabulary: Vocabulary
    generate: Callable[[np.random.Generator, int], Examples]
    content: Callable[[np.ndarray], np.ndarray] = lambda source: source
    labels: tuple[str, ...] = ()
    test_share: float = 0.1
    causes: Callable[[Examples], np.ndarray] | None = None

    def __post_init__(self):
        if not 0 < self.test_share < 1:
            raise ValueError(f"wanted a test share between 0 and 1, got {self.test_share}")

    def is_test(self, source: np.ndarray) -> np.ndarray:
        """Say of each row of source ids whether it is kept for testing. source (B, S), returns (B,)."""
        return content_fraction(self.content(source)) < self.test_share

    def draw(self, rng: np.random.Generator, count: int, part: str = "train") -> Examples:
        """Draw examples of one part; the same generator state gives the same examples.

        Raises ValueError when the part is unknown, the count negative, or the part (nearly) empty.
        """
        if part not in PARTS:
            raise ValueError(f"wanted a part of {PARTS}, got {part!r}")
        if count < 0:
            raise ValueError(f"wanted a count of 0 or more, got {count}")
        share = self.test_share if part == "test" else 1 - self.test_share
        found: list[Examples] = []
        missing = count
        for _ in range(_MOST_ROUNDS):
            examples = self.generate(rng, int(missing / share * 1.1) + 8)
            kept = np.flatnonzero(self.is_test(examples.source) == (part == "test"))[:missing]
            found.append(Examples(*(array[kept].astype(np.int64) for array in examples)))
            missing -= len(kept)
            if not missing:
                return Examples(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))
        raise ValueError(f"wanted {count} examples for the {part} part of {self.name}, found {count - missing}")

    def batches(self, size: int, part: str = "train") -> Callable[[np.random.Generator, int], Examples]:
        """Give the `draw` that the training loop asks for a batch at every step."""
        return lambda rng, step: self.draw(rng, size, part)


def content_fraction(ids: np.ndarray) -> np.ndarray:
    """Map each row of ids to a number in [0, 1) that depends on its content alone, evenly spread.

    A multilinear hash modulo 2^64 (Carter and Wegman 1979) with the finaliser of SplitMix64 (Steele et al. 2014).
    Padding is 0 and adds nothing, so the batch's width makes no difference. ids (B, S), returns (B,).
    """
    ids = np.asarray(ids).astype(np.uint64)
    # Odd multiples of the golden ratio, one a position; unsigned products wrap, which is what a hash wants.
    factors = _mix(np.arange(1, ids.shape[-1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
    return (_mix((ids * factors).sum(axis=-1, dtype=np.uint64)) >> np.uint64(11)) * 2.0**-53


def _mix(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def push_left(ids: np.ndarray) -> np.ndarray:
    """Move each row's padding to its end, and keep the order of the rest.

    >>> push_left(np.array([[0, 5, 0, 6], [7, 0, 0, 8]])).tolist()
    [[5, 6, 0, 0], [7, 8, 0, 0]]
    """
    return np.take_along_axis(ids, _padding_last(ids), axis=-1)


def as_language(examples: Examples) -> Examples:
    """Rewrite sequence to sequence for a model that only continues: the question, `<bos>`, the answer, `<eos>`.

    While the question is read nothing is asked: the target is 0 there. Returns source and target (B, S + T - 1).
    """
    source, target = examples
    whole = np.concatenate([source, target], axis=1)
    asked = np.concatenate([np.full_like(source, PAD_ID), np.full_like(target[:, :1], PAD_ID), target[:, 1:]], axis=1)
    order = _padding_last(whole)
    whole, asked = (np.take_along_axis(ids, order, axis=-1) for ids in (whole, asked))
    return Examples(whole[:, :-1], asked[:, 1:])


def _padding_last(ids: np.ndarray) -> np.ndarray:
    return np.argsort(ids == PAD_ID, axis=-1, kind="stable")
