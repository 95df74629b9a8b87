"""Blame of tokens, where the right one is known by hand."""

import numpy as np
import pytest
from asked import ALL, IDS, TARGET, bag, classify, continue_text, said_in_bag, write

from lesson.interpret import ask, gradient_times_input, integrated_gradients, leave_one_out, score
from lesson.interpret.question import slopes

METHODS = {
    "gradient": gradient_times_input,
    "integrated": lambda question: integrated_gradients(question, points=1)[0],
    "left out": leave_one_out,
}


@pytest.mark.parametrize("method", METHODS)
def test_in_a_bag_of_words_each_token_is_blamed_for_what_it_says(method):
    question = bag()
    wanted = said_in_bag(question)
    assert np.abs(wanted[IDS != 0]).min() > 1e-3
    (blame,) = METHODS[method](question)
    np.testing.assert_allclose(blame, wanted, rtol=0, atol=1e-12)


def test_the_gradient_is_taken_where_nothing_has_faded():
    question, step = classify(), 1e-5
    keep = np.ones(IDS.shape)
    keep[:, 1] -= step
    wanted = (score(question) - score(question, (keep,))) / step
    np.testing.assert_allclose(gradient_times_input(question)[0][:, 1], wanted, rtol=1e-3, atol=0)


@pytest.mark.parametrize("name", ALL)
def test_integrated_gradients_are_complete(name):
    question = ALL[name]()
    # A way that leads past no norm of nearly nothing.
    question = question._replace(baseline=np.linspace(-0.3, 0.3, 8))
    blame, gap = integrated_gradients(question, points=64)
    nothing = score(question, tuple(np.zeros(ids.shape) for ids in question.inputs))
    moved = score(question) - nothing
    assert np.abs(moved).min() > 1e-3
    np.testing.assert_allclose(sum(each.sum(axis=-1) for each in blame), moved, rtol=0, atol=1e-6)
    assert np.abs(gap).max() < 1e-6


def test_the_gap_says_what_is_missing():
    question = classify()
    (blame,), gap = integrated_gradients(question, points=1)
    moved = score(question) - score(question, (np.zeros(IDS.shape),))
    assert np.abs(gap).max() > 1e-4
    np.testing.assert_allclose(blame.sum(axis=-1) - gap, moved, rtol=0, atol=1e-12)
    np.testing.assert_allclose(blame, slopes(question, (np.full(IDS.shape, 0.5),))[0], rtol=0, atol=1e-12)


def test_where_a_norm_nearly_divides_by_zero_more_points_close_the_gap():
    question = continue_text(positions="alibi")
    few, many = (np.abs(integrated_gradients(question, points)[1]).max() for points in (16, 256))
    assert few > 1e-2 and many < 1e-3


def test_no_points_are_refused():
    with pytest.raises(ValueError, match="wanted 1 point or more, got 0"):
        integrated_gradients(bag(), points=0)


@pytest.mark.parametrize("name", ALL)
def test_leaving_out_is_scoring_without(name):
    question = ALL[name]()
    found = leave_one_out(question)
    assert [each.shape for each in found] == [ids.shape for ids in question.inputs]
    keep = [np.ones(ids.shape) for ids in question.inputs]
    keep[0][:, 1] = 0
    np.testing.assert_allclose(found[0][:, 1], score(question) - score(question, tuple(keep)), rtol=0, atol=1e-12)
    assert found[0][1, 3] == 0


@pytest.mark.parametrize("method", METHODS)
def test_what_comes_after_the_place_of_the_answer_is_not_blamed(method):
    (blame,) = METHODS[method](continue_text())
    np.testing.assert_allclose(blame[1, 2:], 0, rtol=0, atol=1e-12)
    assert np.abs(blame[1, :2]).min() > 1e-4


@pytest.mark.parametrize("method", METHODS)
def test_one_text_without_a_batch(method):
    question = write()
    alone = ask(question.params, question.config, (IDS[0], TARGET[0]), np.array(3), np.array(2))
    for one, many in zip(METHODS[method](alone), METHODS[method](question), strict=True):
        np.testing.assert_allclose(one, many[0], rtol=0, atol=1e-12)
