"""Attention added up, on cases known by hand."""

import numpy as np
import pytest

from lesson.interpret import attention_rollout, average_heads, with_residual


def test_heads_are_averaged():
    weights = np.array([[[1.0, 0.0]], [[0.5, 0.5]]])
    np.testing.assert_array_equal(average_heads(weights), [[0.75, 0.25]])


def test_attention_to_oneself_alone_stays_where_it_is():
    np.testing.assert_array_equal(attention_rollout([np.eye(3)] * 4), np.broadcast_to(np.eye(3), (4, 3, 3)))


def test_two_layers_by_hand():
    first, second = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    # With the residual: first [[.5, .5], [0, 1]], second [[1, 0], [.5, .5]].
    np.testing.assert_array_equal(attention_rollout([first, second])[1], [[0.5, 0.5], [0.25, 0.75]])
    np.testing.assert_array_equal(attention_rollout([second, first])[1], [[0.75, 0.25], [0.5, 0.5]])


def test_rows_sum_to_one_even_where_nothing_is_attended():
    weights = np.random.default_rng(0).dirichlet(np.ones(5), (3, 2, 5))
    weights[0, 1, 2] = 0
    np.testing.assert_allclose(attention_rollout(weights).sum(axis=-1), 1, rtol=0, atol=1e-12)


def test_a_batch_is_rolled_row_by_row():
    weights = np.random.default_rng(1).dirichlet(np.ones(4), (3, 2, 4))
    whole = attention_rollout(weights)
    assert whole.shape == (3, 2, 4, 4)
    np.testing.assert_allclose(whole[:, 1], attention_rollout(weights[:, 1]), rtol=0, atol=1e-12)


def test_what_is_no_self_attention_is_refused():
    with pytest.raises(ValueError, match=r"wanted attention of tokens to themselves, \(..., T, T\), got \(2, 3\)"):
        with_residual(np.ones((2, 3)))
    with pytest.raises(ValueError, match="wanted the attention of a layer at least"):
        attention_rollout([])
