"""Sentiment moved from goods to journeys: other words praise and blame, and idioms mislead who knows their words."""

from lesson.tasks.sentiment import (
    MORE_NEGATIVE,
    MORE_NEUTRAL,
    MORE_POSITIVE,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    opinion_task,
)
from lesson.tasks.task import Task
from lesson.tokenizer import Vocabulary
from lesson.vocab import DEFAULT_VOCAB

# Few, so that some dozens of texts show each of them more than once.
TRAVEL_POSITIVE = ("cosy", "spotless", "sunny")
TRAVEL_NEGATIVE = ("noisy", "shabby", "crowded")
TRAVEL_NEUTRAL = ("hotel", "room", "train", "beach", "guide", "meal", "the", "a", "this", "it", "was", "is", "really")
# Four of the six hold a word that among goods says the opposite.
POSITIVE_IDIOMS = ("over the moon", "never a dull moment", "in rude health")
NEGATIVE_IDIOMS = ("a white elephant", "good for nothing", "too clever by half")


def goods_and_travel(others: int = 3) -> tuple[Task, Task]:
    """Make `sentiment` twice over one vocabulary: of goods, and of journeys.

    No word or idiom that settles a text about a journey is an opinion among goods; a few neutral words are in both.
    Opinions on journeys are words and idioms alike, and a "not" turns round an idiom just as a word.
    """
    travel = (TRAVEL_POSITIVE + POSITIVE_IDIOMS, TRAVEL_NEGATIVE + NEGATIVE_IDIOMS, TRAVEL_NEUTRAL)
    goods = (POSITIVE + MORE_POSITIVE, NEGATIVE + MORE_NEGATIVE, NEUTRAL + MORE_NEUTRAL)
    words = (word for phrases in (*goods, *travel) for phrase in phrases for word in phrase.split())
    # Ids go to words as they come, each once.
    vocabulary = Vocabulary(tuple(dict.fromkeys((*DEFAULT_VOCAB, *words))))
    return (
        opinion_task("goods", vocabulary, *goods, others=others),
        opinion_task("travel", vocabulary, *travel, others=others),
    )
