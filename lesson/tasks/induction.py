"""Induction: what followed this the last time?"""

import numpy as np

from lesson.tasks.task import PAD_ID, Examples, Task
from lesson.tokenizer import SPECIALS, Vocabulary

LETTERS = Vocabulary((*SPECIALS, *"abcdefghijklmnopqrstuvwxyz"))
FIRST_LETTER = LETTERS.id("a")


def induction(pairs: int = 6, repeats: int = 10, letters: int = 26) -> Task:
    """Complete a pair that was seen before: "a k  m c  a k  q b  m ?" asks for "c".

    Each sequence invents its own pairs of letters, no letter in two of them, and writes `repeats` pairs drawn at
    random. Asked is the second letter of every pair that was written before. Only the sequence itself can tell: a
    letter means nothing by itself, and neither does its position. The answer stands one place after what must be
    found, which takes two layers: one to note what stood before, one to look it up (Olsson et al. 2022, "In-context
    learning and induction heads").
    Raises ValueError when there are not letters enough for the pairs.
    """
    if not 1 <= letters <= 26:
        raise ValueError(f"wanted 1 to 26 letters, got {letters}")
    if not 1 <= pairs <= letters // 2:
        raise ValueError(f"wanted 1 to {letters // 2} pairs of {letters} letters, got {pairs}")
    if repeats < 2:
        raise ValueError(f"wanted at least 2 pairs written, got repeats={repeats}")

    def generate(rng, count):
        alphabet = np.broadcast_to(np.arange(FIRST_LETTER, FIRST_LETTER + letters), (count, letters))
        invented = rng.permuted(alphabet, axis=1)[:, : 2 * pairs].reshape(count, pairs, 2)
        chosen = rng.integers(0, pairs, (count, repeats))
        written = np.take_along_axis(invented, chosen[:, :, None], axis=1)
        earlier = np.tril(np.ones((repeats, repeats), dtype=bool), -1)
        seen = ((chosen[:, :, None] == chosen[:, None, :]) & earlier).any(axis=-1)
        target = np.full(written.shape, PAD_ID)
        target[..., 0] = np.where(seen, written[..., 1], PAD_ID)
        return Examples(written.reshape(count, -1), target.reshape(count, -1))

    return Task("induction", LETTERS, generate, causes=_same_pair)


def _same_pair(examples: Examples) -> np.ndarray:
    """Mark, for each place that is asked, its own letter, where that stood before, and what followed it there."""
    source, target = examples
    before = np.tri(source.shape[1], dtype=bool)
    same = (source[:, :, None] == source[:, None, :]) & before & (target != PAD_ID)[:, :, None]
    followed = np.zeros_like(same)
    followed[:, :, 1:] = same[:, :, :-1]
    return same | (followed & before)
