"""Sentiment with negation: counting good and bad words is worth nothing here."""

import numpy as np

from lesson.tasks.task import PAD_ID, Examples, Task, push_left
from lesson.tokenizer import Vocabulary
from lesson.vocab import DEFAULT_LABELS, DEFAULT_VOCAB

POSITIVE = ("great", "love", "fast", "amazing", "exciting")
NEGATIVE = ("bad", "hate", "slow", "terrible", "boring")
NEUTRAL = ("product", "service", "support")

MORE_POSITIVE = ("good", "lovely", "helpful", "clever", "bright", "cheap", "solid", "pretty", "friendly", "perfect")
MORE_NEGATIVE = ("poor", "ugly", "useless", "stupid", "dull", "dear", "broken", "rude", "dirty", "awful")
MORE_NEUTRAL = ("the", "a", "this", "it", "was", "is", "box", "film", "price", "phone", "screen", "really", "again")


def sentiment(wide: bool = False, opinions: tuple[int, ...] = (1,), others: int = 3) -> Task:
    """Judge a text of opinions and neutral words, each of which a "not" may stand before.

    A "not" turns round the opinion right after it, and does nothing before a neutral word: "not product great" is
    positive, "product not great" is negative. Every word has its "not" with probability 1/2, so neither the polarity
    of the words nor the number of "not"s tells anything: who stands next to whom does. The number of opinions is drawn
    from `opinions`, odd so that most of them are agreed; that majority is the label: 0 negative, 1 positive. `wide`
    adds words beyond the first classifier's vocabulary. Raises ValueError for even numbers of opinions.
    """
    if not opinions or any(number < 1 or number % 2 == 0 for number in opinions):
        raise ValueError(f"wanted odd numbers of opinions, got {opinions}")
    if others < 0:
        raise ValueError(f"wanted 0 or more neutral words, got others={others}")
    vocabulary = Vocabulary((*DEFAULT_VOCAB, *((*MORE_POSITIVE, *MORE_NEGATIVE, *MORE_NEUTRAL) if wide else ())))
    positive = vocabulary.encode(POSITIVE + (MORE_POSITIVE if wide else ()))
    negative = vocabulary.encode(NEGATIVE + (MORE_NEGATIVE if wide else ()))
    neutral = vocabulary.encode(NEUTRAL + (MORE_NEUTRAL if wide else ()))
    negation = vocabulary.id("not")
    slots = max(opinions) + others

    def generate(rng, count):
        number = rng.choice(opinions, (count, 1))
        places = np.broadcast_to(np.arange(slots), (count, slots))
        # +1 and -1 are opinions, 0 is neutral; slots beyond this row's number of words stay empty.
        kind = np.where(places < number, rng.choice([-1, 1], (count, slots)), 0)
        words = np.select(
            [kind > 0, kind < 0, places < number + others],
            [rng.choice(ids, (count, slots)) for ids in (positive, negative, neutral)],
            PAD_ID,
        )
        order = rng.permuted(places, axis=1)
        kind, words = (np.take_along_axis(array, order, axis=1) for array in (kind, words))
        negated = (rng.random((count, slots)) < 0.5) & (words != PAD_ID)
        verdict = np.where(negated, -kind, kind).sum(axis=1)
        texts = np.stack([np.where(negated, negation, PAD_ID), words], axis=-1).reshape(count, 2 * slots)
        return Examples(push_left(texts), (verdict > 0).astype(np.int64))

    def causes(examples):
        is_opinion = np.isin(examples.source, (*positive, *negative))
        is_negation = examples.source == negation
        is_negation[:, :-1] &= is_opinion[:, 1:]
        is_negation[:, -1] = False
        return is_opinion | is_negation

    return Task("sentiment", vocabulary, generate, labels=tuple(DEFAULT_LABELS), causes=causes)


def polarity_count(task: Task, source: np.ndarray) -> np.ndarray:
    """Judge by counting positive and negative words alone: the baseline. source (B, S), returns labels (B,)."""
    words = task.vocabulary.tokens
    positive = np.isin(words, POSITIVE + MORE_POSITIVE).astype(np.int64)
    negative = np.isin(words, NEGATIVE + MORE_NEGATIVE).astype(np.int64)
    return ((positive - negative)[source].sum(axis=-1) > 0).astype(np.int64)
