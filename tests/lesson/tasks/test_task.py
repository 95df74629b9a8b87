"""Every task: drawn from a seed, in two parts that share nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson import tasks
from lesson.tasks.task import PAD_ID, content_fraction, push_left
from lesson.tokenizer import END, PAD, Vocabulary

ALL = [
    tasks.copy(3),
    tasks.reverse(8),
    tasks.reverse(5, shortest=2),
    tasks.rotate(4, by=3),
    tasks.sort(5, shortest=1),
    tasks.addition(2),
    tasks.addition(3, units_first=False),
    tasks.induction(pairs=2, repeats=3, letters=5),
    tasks.sentiment(),
    tasks.sentiment(wide=True, opinions=(1, 3)),
    *tasks.goods_and_travel(),
]
every_task = pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)


def contents(task, source):
    return {tuple(row[row != PAD_ID].tolist()) for row in task.content(source)}


@every_task
def test_no_content_is_ever_in_both_parts(task):
    # Small tasks are drawn from until their contents repeat, so a leak could not hide.
    train, _ = task.draw(np.random.default_rng(1), 5000)
    test, _ = task.draw(np.random.default_rng(1), 2000, "test")
    assert not contents(task, train) & contents(task, test)


@every_task
def test_the_parts_have_the_promised_shares(task):
    source = task.generate(np.random.default_rng(2), 20_000).source
    _, first = np.unique(task.content(source), axis=0, return_index=True)
    share = task.is_test(source[first]).mean()
    # Six standard deviations of a fair coin of this bias.
    assert abs(share - task.test_share) < 6 * np.sqrt(task.test_share * (1 - task.test_share) / len(first))


@every_task
def test_the_same_seed_draws_the_same_examples(task):
    first, again = (task.draw(np.random.default_rng(3), 20) for _ in range(2))
    other = task.draw(np.random.default_rng(4), 20)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.source, other.source)


@every_task
@pytest.mark.parametrize("part", ["train", "test"])
def test_shapes_numbers_and_ids(task, part):
    source, target = task.draw(np.random.default_rng(5), 7, part)
    assert source.dtype == target.dtype == np.int64
    assert len(source) == len(target) == 7
    assert source.min() >= 0 and source.max() < len(task.vocabulary)
    assert target.min() >= 0 and target.max() < (len(task.labels) or len(task.vocabulary))
    empty = task.draw(np.random.default_rng(5), 0, part)
    assert empty.source.shape == (0, source.shape[1])
    assert empty.target.shape == (0, *target.shape[1:])


@every_task
def test_padding_is_id_zero_and_stands_at_the_end(task):
    source = task.draw(np.random.default_rng(6), 50).source
    assert task.vocabulary.tokens[0] == PAD
    assert np.array_equal(push_left(source), source)


def test_drawing_the_same_part_twice_gives_different_examples():
    rng, task = np.random.default_rng(7), tasks.reverse(8)
    draw = task.batches(5)
    assert not np.array_equal(draw(rng, 1).source, draw(rng, 2).source)
    assert task.is_test(task.batches(5, "test")(rng, 1).source).all()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 5))
def test_the_part_does_not_depend_on_padding(ids, spare):
    narrow, wide = np.array([ids]), np.array([ids + [0] * spare])
    assert content_fraction(narrow) == content_fraction(wide)
    assert 0 <= content_fraction(narrow)[0] < 1


def test_the_part_depends_on_order():
    fractions = content_fraction(np.array([[5, 6, 7], [7, 6, 5], [6, 5, 7], [5, 6, 8]]))
    assert len(set(fractions)) == 4


def test_the_part_is_the_same_on_every_machine():
    fractions = content_fraction(np.array([[5, 6, 7], [13, 4, 0], [1, 0, 0]]))
    np.testing.assert_allclose(fractions, FRACTIONS, rtol=0, atol=1e-15)


FRACTIONS = [0.2228885063615489, 0.03729715892598262, 0.28176129772258496]


def test_what_is_drawn_is_the_same_on_every_machine():
    drawn = [content_fraction(task.draw(np.random.default_rng(58), 100).source).sum() for task in ALL]
    np.testing.assert_allclose(drawn, DRAWN, rtol=0, atol=1e-9)


DRAWN = [
    49.5559661246,
    55.5733004371,
    50.1635819689,
    60.5778071102,
    55.3319399073,
    44.9915346416,
    51.1274942998,
    51.9321755394,
    56.4962518696,
    57.677265382,
    50.2099811858,
    54.7600556205,
]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda rng: ALL[0].draw(rng, 3, "validation"), "wanted a part of .*'validation'"),
        (lambda rng: ALL[0].draw(rng, -1), "wanted a count of 0 or more, got -1"),
        (lambda rng: tasks.Task("x", ALL[0].vocabulary, ALL[0].generate, test_share=1), "between 0 and 1, got 1"),
        (lambda rng: tasks.copy(2, shortest=3), "shortest=3, length=2"),
        (lambda rng: tasks.sort(0), "length=0"),
        (lambda rng: tasks.addition(0), "1 to 17 digits, got 0"),
        (lambda rng: tasks.addition(18), "1 to 17 digits, got 18"),
        (lambda rng: tasks.induction(letters=27), "1 to 26 letters, got 27"),
        (lambda rng: tasks.induction(pairs=4, letters=7), "1 to 3 pairs of 7 letters, got 4"),
        (lambda rng: tasks.induction(repeats=1), "repeats=1"),
        (lambda rng: tasks.sentiment(opinions=(1, 2)), r"odd numbers of opinions, got \(1, 2\)"),
        (lambda rng: tasks.sentiment(opinions=()), "odd numbers of opinions"),
        (lambda rng: tasks.sentiment(others=-1), "others=-1"),
    ],
)
def test_bad_arguments_are_refused_where_they_are_given(action, message):
    with pytest.raises(ValueError, match=message):
        action(np.random.default_rng(0))


def test_an_empty_part_is_reported_instead_of_searched_for_ever():
    always_the_same = tasks.Task("one", Vocabulary((PAD, "a")), lambda rng, n: tasks.Examples(*np.ones((2, n, 1), int)))
    empty = "train" if always_the_same.is_test(np.ones((1, 1), int))[0] else "test"
    with pytest.raises(ValueError, match=f"wanted 3 examples for the {empty} part of one, found 0"):
        always_the_same.draw(np.random.default_rng(0), 3, empty)


def test_a_language_model_reads_the_question_and_is_asked_only_the_answer():
    task = tasks.reverse(4, shortest=2)
    examples = task.draw(np.random.default_rng(8), 30)
    read, asked = tasks.as_language(examples)
    assert read.shape == asked.shape == (30, 4 + 6 - 1)
    for source, target, row, wanted in zip(*examples, read, asked, strict=True):
        question, answer = source[source != PAD_ID].tolist(), target[target != PAD_ID].tolist()
        whole = question + answer
        assert row[: len(whole) - 1].tolist() == whole[:-1]
        assert wanted[wanted != PAD_ID].tolist() == answer[1:]
        assert np.flatnonzero(wanted).tolist() == list(range(len(question), len(whole) - 1))
        assert task.vocabulary.tokens[wanted[len(whole) - 2]] == END
