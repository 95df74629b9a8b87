"""The causes that a task names settle its answers, and nothing else does."""

import numpy as np
import pytest

from lesson import tasks
from lesson.tasks import Examples

POSITIVE = {"great", "love", "fast", "amazing", "exciting"}
COPIES = [tasks.copy(6, 2), tasks.reverse(6, 2), tasks.rotate(6, 3, 2)]


def drawn(task, count=200):
    return task.draw(np.random.default_rng(0), count)


@pytest.mark.parametrize("task", COPIES, ids=lambda task: task.name)
def test_each_digit_is_copied_from_one_place(task):
    examples = drawn(task)
    causes, said = task.causes(examples), examples.target[:, 1:]
    assert causes.shape == (200, 7, 6) and causes.dtype == bool
    is_digit = said > 3
    np.testing.assert_array_equal(causes.sum(axis=-1), is_digit)
    copied = np.broadcast_to(examples.source[:, None, :], causes.shape)[causes]
    np.testing.assert_array_equal(copied, said[is_digit])


def test_where_the_digits_stand_by_hand():
    examples = Examples(np.array([[5, 6, 7]]), np.array([[2, 7, 6, 5, 3]]))
    wanted = [[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 0]]
    np.testing.assert_array_equal(tasks.reverse(3).causes(examples)[0], wanted)


def test_examples_of_another_form_are_refused():
    task = tasks.reverse(6)
    with pytest.raises(ValueError, match=r"wanted examples of reverse, source \(B, 6\) and target \(B, 8\), got"):
        task.causes(tasks.as_language(drawn(task)))
    for short in (Examples(np.ones((1, 5)), np.ones((1, 8))), Examples(np.ones((1, 6)), np.ones((1, 7)))):
        with pytest.raises(ValueError, match="wanted examples of reverse"):
            task.causes(short)


def test_an_induction_is_settled_by_the_pair_alone():
    task = tasks.induction()
    examples = drawn(task)
    causes = task.causes(examples)
    asked = examples.target != 0
    np.testing.assert_array_equal(causes.any(axis=-1), asked)
    assert not (causes & (np.arange(20) > np.arange(20)[:, None])).any()
    for row, place in zip(*np.nonzero(asked), strict=True):
        letters = examples.source[row][causes[row, place]]
        # The pair as often as it was written, and its first letter once more.
        assert len(letters) % 2 == 1 and len(letters) >= 3
        assert set(letters[::2]) == {examples.source[row, place]}
        assert set(letters[1::2]) == {examples.target[row, place]}
        others = examples.source[row, : place + 1][~causes[row, place, : place + 1]]
        assert not set(letters) & set(others)


@pytest.mark.parametrize("opinions", [(1,), (1, 3)])
def test_a_verdict_is_settled_by_opinions_and_what_negates_them(opinions):
    task = tasks.sentiment(opinions=opinions)
    examples = drawn(task)
    causes = task.causes(examples)
    assert causes.shape == examples.source.shape
    words = np.array(task.vocabulary.tokens, dtype=object)[examples.source]
    for row, marked, label in zip(words, causes, examples.target, strict=True):
        verdict, turned = 0, False
        for word in row[marked]:
            if word == "not":
                assert not turned
                turned = True
            else:
                verdict += (1 if word in POSITIVE else -1) * (-1 if turned else 1)
                turned = False
        assert not turned and (verdict > 0) == label
    # A "not" before a neutral word is there, and is no cause.
    assert ((words == "not") & ~causes).any() and ((words == "not") & causes).any()


@pytest.mark.parametrize("task", [tasks.sort(4), tasks.addition(2)], ids=lambda task: task.name)
def test_where_every_token_matters_no_cause_is_named(task):
    assert task.causes is None
