"""Goods and journeys: one vocabulary, no opinion in common, and idioms that mean what their words do not."""

import numpy as np

from lesson import tasks
from lesson.tasks import Examples
from lesson.tasks.sentiment import MORE_NEGATIVE, MORE_POSITIVE, NEGATIVE, POSITIVE
from lesson.tasks.travel import NEGATIVE_IDIOMS, POSITIVE_IDIOMS, TRAVEL_NEGATIVE, TRAVEL_POSITIVE

GOODS, TRAVEL = tasks.goods_and_travel()
PRAISE, BLAME = TRAVEL_POSITIVE + POSITIVE_IDIOMS, TRAVEL_NEGATIVE + NEGATIVE_IDIOMS


def read(text):
    """Judge a text about a journey as a person would, and count its opinions: idioms are found as text."""
    found = []
    for phrases, sign in ((PRAISE, 1), (BLAME, -1)):
        for phrase in phrases:
            if f" {phrase} " in f" {text} ":
                found.append(-sign if f" not {phrase} " in f" {text} " else sign)
    return found


def test_a_journey_is_judged_by_its_one_opinion():
    source, labels = TRAVEL.draw(np.random.default_rng(0), 500)
    for row, label in zip(source, labels, strict=True):
        (verdict,) = read(" ".join(TRAVEL.vocabulary.decode(row)))
        assert TRAVEL.labels[label] == ("positive" if verdict > 0 else "negative")


def test_every_word_and_idiom_is_said_in_both_ways():
    texts = [" ".join(TRAVEL.vocabulary.decode(row)) for row in TRAVEL.draw(np.random.default_rng(1), 2000).source]
    for phrase in PRAISE + BLAME:
        negated = [f" not {phrase} " in f" {text} " for text in texts if f" {phrase} " in f" {text} "]
        assert 0.2 < np.mean(negated) < 0.8, phrase


def test_no_opinion_on_journeys_is_ever_said_of_goods():
    assert GOODS.vocabulary == TRAVEL.vocabulary
    said = {word for row in GOODS.draw(np.random.default_rng(2), 5000).source for word in GOODS.vocabulary.decode(row)}
    assert {*POSITIVE, *MORE_POSITIVE, *NEGATIVE, *MORE_NEGATIVE} <= said
    assert not said & {*TRAVEL_POSITIVE, *TRAVEL_NEGATIVE}
    for idiom in POSITIVE_IDIOMS + NEGATIVE_IDIOMS:
        assert {*idiom.split()} - said, f"{idiom}: wanted a word that is new"


def test_four_idioms_mislead():
    good, bad = {*POSITIVE, *MORE_POSITIVE}, {*NEGATIVE, *MORE_NEGATIVE}
    assert [idiom for idiom in POSITIVE_IDIOMS if bad & {*idiom.split()}] == list(POSITIVE_IDIOMS[1:])
    assert [idiom for idiom in NEGATIVE_IDIOMS if good & {*idiom.split()}] == list(NEGATIVE_IDIOMS[1:])
    assert not any(good & {*idiom.split()} for idiom in POSITIVE_IDIOMS)
    assert not any(bad & {*idiom.split()} for idiom in NEGATIVE_IDIOMS)


def test_an_idiom_is_a_cause_as_a_whole_and_so_is_its_not():
    text = "not room not a white elephant a this"
    source = np.array([[*TRAVEL.vocabulary.encode(text.split()), 0, 0]])
    causes = TRAVEL.causes(Examples(source, np.array([1])))
    assert causes.astype(int).tolist() == [[0, 0, 1, 1, 1, 1, 0, 0, 0, 0]]


def test_counting_words_is_worth_nothing_on_journeys():
    source, labels = TRAVEL.draw(np.random.default_rng(3), 20_000)
    assert abs((tasks.polarity_count(TRAVEL, source) == labels).mean() - 0.5) < 0.03
