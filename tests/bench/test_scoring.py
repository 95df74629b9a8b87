"""The measurement measures what it says: the same texts, the same numbers, both ways."""

import scoring


def test_both_ways_agree_and_the_figures_are_told():
    figures = scoring.measure(batch=7, rounds=1)
    assert figures["largest_difference"] < 1e-12
    assert figures["batch"] == 7
    assert f"ratio                   {figures['ratio']}" in scoring.lines(figures)


def test_texts_are_the_same_each_time_and_as_long_as_said():
    texts = scoring.make_texts(200)
    assert texts == scoring.make_texts(200)
    assert {len(text.split()) for text in texts} == set(range(2, 9))
