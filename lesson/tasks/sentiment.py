"""Sentiment with negation: counting good and bad words is worth nothing here."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lesson.tasks.task import PAD_ID, Examples, Task, push_left
from lesson.tokenizer import Vocabulary, pad_to_batch
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
    more = (MORE_POSITIVE, MORE_NEGATIVE, MORE_NEUTRAL) if wide else ((), (), ())
    phrases = [few + rest for few, rest in zip((POSITIVE, NEGATIVE, NEUTRAL), more, strict=True)]
    vocabulary = Vocabulary((*DEFAULT_VOCAB, *(word for words in more for word in words)))
    return opinion_task("sentiment", vocabulary, *phrases, opinions, others)


def opinion_task(
    name: str,
    vocabulary: Vocabulary,
    positive: tuple[str, ...],
    negative: tuple[str, ...],
    neutral: tuple[str, ...],
    opinions: tuple[int, ...] = (1,),
    others: int = 3,
) -> Task:
    """Make the task that `sentiment` is, of these words or of phrases of several, all of them in the vocabulary."""
    if not opinions or any(number < 1 or number % 2 == 0 for number in opinions):
        raise ValueError(f"wanted odd numbers of opinions, got {opinions}")
    if others < 0:
        raise ValueError(f"wanted 0 or more neutral words, got others={others}")
    table, negation = _encode_phrases(vocabulary, positive + negative + neutral), vocabulary.id("not")
    tables = np.split(table, np.cumsum([len(positive), len(negative)]))
    slots = max(opinions) + others
    widest = slots + max(opinions) * table.shape[1] + others * max(len(phrase.split()) for phrase in neutral)

    def generate(rng, count):
        number = rng.choice(opinions, (count, 1))
        places = np.broadcast_to(np.arange(slots), (count, slots))
        # +1 and -1 are opinions, 0 is neutral; slots beyond this row's number of words stay empty.
        kind = np.where(places < number, rng.choice([-1, 1], (count, slots)), 0)
        phrases = np.select(
            [each[..., np.newaxis] for each in (kind > 0, kind < 0, places < number + others)],
            [rng.choice(table, (count, slots)) for table in tables],
            PAD_ID,
        )
        order = rng.permuted(places, axis=1)
        kind = np.take_along_axis(kind, order, axis=1)
        phrases = np.take_along_axis(phrases, order[..., np.newaxis], axis=1)
        negated = (rng.random((count, slots)) < 0.5) & (phrases[..., 0] != PAD_ID)
        verdict = np.where(negated, -kind, kind).sum(axis=1)
        nots = np.where(negated, negation, PAD_ID)[..., np.newaxis]
        texts = push_left(np.concatenate([nots, phrases], axis=-1).reshape(count, -1))
        return Examples(texts[:, :widest], (verdict > 0).astype(np.int64))

    def causes(examples):
        return _causes(examples.source, np.concatenate(tables[:2]), negation)

    return Task(name, vocabulary, generate, labels=tuple(DEFAULT_LABELS), causes=causes)


def _encode_phrases(vocabulary: Vocabulary, phrases: tuple[str, ...]) -> np.ndarray:
    return pad_to_batch([[vocabulary.id(word) for word in phrase.split()] for phrase in phrases])[0]


def _causes(source: np.ndarray, opinions: np.ndarray, negation: int) -> np.ndarray:
    """Mark every word of an opinion, and a "not" right before one. source (B, S), opinions (P, L), padded."""
    longest, lengths = opinions.shape[1], (opinions != PAD_ID).sum(axis=-1)
    windows = sliding_window_view(np.pad(source, ((0, 0), (0, longest - 1))), longest, axis=1)
    begins = ((windows[:, :, np.newaxis] == opinions) | (opinions == PAD_ID)).all(axis=-1)
    is_cause = source == negation
    is_cause[:, :-1] &= begins[:, 1:].any(axis=-1)
    is_cause[:, -1] = False
    for offset in range(longest):
        goes_on = (begins & (lengths > offset)).any(axis=-1)
        is_cause[:, offset:] |= goes_on[:, : goes_on.shape[1] - offset]
    return is_cause


def polarity_count(task: Task, source: np.ndarray) -> np.ndarray:
    """Judge by counting positive and negative words alone: the baseline. source (B, S), returns labels (B,)."""
    words = task.vocabulary.tokens
    positive = np.isin(words, POSITIVE + MORE_POSITIVE).astype(np.int64)
    negative = np.isin(words, NEGATIVE + MORE_NEGATIVE).astype(np.int64)
    return ((positive - negative)[source].sum(axis=-1) > 0).astype(np.int64)
