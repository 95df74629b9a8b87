"""Tales are told by their grammar, as often as it says, and their chances can be added up."""

import itertools
import math

import numpy as np
import pytest

from lesson import tasks
from lesson.tasks.tales import BEGIN, FULL_STOP, GRAMMAR, WORDS


def test_the_grammar_is_a_whole():
    assert {state for arcs in GRAMMAR.values() for _, _, state in arcs} == set(GRAMMAR)
    for arcs in GRAMMAR.values():
        assert math.isclose(sum(chance for _, chance, _ in arcs), 1)
        assert len({word for word, _, _ in arcs}) == len(arcs)  # so that a tale has one way through
        assert all((state == BEGIN) == (word == FULL_STOP) for word, _, state in arcs)


def test_every_next_word_is_asked_and_possible():
    task = tasks.tales(length=20)
    source, target = task.draw(np.random.default_rng(1), 300)
    assert source.shape == (300, 20) and (WORDS.decode(source[:, 0]) == np.array([FULL_STOP] * 300)).all()
    assert (target[:, :-1] == source[:, 1:]).all() and not target[:, -1].any()
    assert all(math.isfinite(tasks.tale_log_probability(WORDS.decode(row)[1:])) for row in source)


def test_tales_come_as_often_as_their_chances_say():
    source, _ = tasks.tales(length=20).draw(np.random.default_rng(2), 10_000)
    for words in ("nobody sleeps .", "the dog sleeps", "the cats near", "once upon a"):
        share = (source[:, 1 : 1 + len(words.split())] == WORDS.encode(words.split())).all(axis=-1).mean()
        assert share == pytest.approx(math.exp(tasks.tale_log_probability(words.split())), rel=0.15)


def test_chances_of_all_beginnings_add_up_to_one():
    words = [word for word in WORDS.tokens if not word.startswith("<")]
    chances = [math.exp(tasks.tale_log_probability(three)) for three in itertools.product(words, repeat=3)]
    assert math.isclose(sum(chances), 1)


@pytest.mark.parametrize("words", ["the dog sing .", "dog", "the cats near the cat sleeps .", "nobody sleeps . ."])
def test_what_is_no_tale_has_no_chance(words):
    assert tasks.tale_log_probability(words.split()) == -math.inf


def test_a_text_too_short_is_refused():
    with pytest.raises(ValueError, match="2 tokens or more, got length=1"):
        tasks.tales(length=1)
