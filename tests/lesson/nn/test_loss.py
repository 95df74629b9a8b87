import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.loss import cross_entropy, cross_entropy_backward

SEEDS = st.integers(0, 2**32 - 1)


def loss_and_gradient(logits, targets, *arguments, **keywords):
    loss, cache = cross_entropy(logits, targets, *arguments, **keywords)
    return loss, cross_entropy_backward(1.0, cache)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.floats(0, 1))
def test_it_is_the_definition(seed, smoothing):
    rng = np.random.default_rng(seed)
    logits, targets = rng.standard_normal((4, 5)), rng.integers(0, 5, 4)
    shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    wanted_shares = (1 - smoothing) * np.eye(5)[targets] + smoothing / 5
    wanted = np.mean(-np.sum(wanted_shares * np.log(shares), axis=-1))
    loss, d_logits = loss_and_gradient(logits, targets, smoothing)
    assert loss == pytest.approx(wanted, rel=1e-12)
    assert np.allclose(d_logits, (shares - wanted_shares) / 4, atol=1e-14)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.sampled_from([0.0, 0.1, 1.0]))
def test_padding_changes_nothing_and_gets_nothing(seed, smoothing):
    rng = np.random.default_rng(seed)
    logits, targets = rng.standard_normal((3, 7, 5)), rng.integers(1, 5, (3, 7))
    targets[1, 4:] = targets[0, 2] = 0
    loss, d_logits = loss_and_gradient(logits, targets, smoothing, pad=0)
    kept_loss, kept_gradient = loss_and_gradient(logits[targets != 0], targets[targets != 0], smoothing)
    assert loss == pytest.approx(kept_loss, rel=1e-13)
    assert np.allclose(d_logits[targets != 0], kept_gradient, atol=1e-15)
    assert not d_logits[targets == 0].any()


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("size", [0.0, 1e3, 1e300])
def test_it_is_finite_for_certain_rightly_or_wrongly_certain_and_undecided_models(size, smoothing):
    logits = np.array([[size, 0.0, -size], [-size, 0.0, size]])
    loss, d_logits = loss_and_gradient(logits, np.array([0, 0]), smoothing)
    assert np.isfinite(loss)
    assert np.isfinite(d_logits).all()


def test_nothing_but_padding_costs_nothing():
    loss, d_logits = loss_and_gradient(np.ones((2, 3, 5)), np.zeros((2, 3), int), pad=0)
    assert loss == 0
    assert not d_logits.any()


def test_a_pad_id_beyond_the_vocabulary_is_padding_still():
    loss, _ = loss_and_gradient(np.zeros((2, 3)), np.array([1, -100]), pad=-100)
    assert loss == pytest.approx(np.log(3))


def test_the_count_of_kept_tokens_joins_unequal_batches():
    rng = np.random.default_rng(0)
    logits, targets = rng.standard_normal((2, 7, 5)), rng.integers(1, 5, (2, 7))
    targets[1, 2:] = 0
    whole, _ = cross_entropy(logits, targets, pad=0)
    parts = [cross_entropy(logits[i], targets[i], pad=0) for i in range(2)]
    assert [cache.count for _, cache in parts] == [7, 2]
    assert whole == pytest.approx(sum(loss * cache.count for loss, cache in parts) / 9, rel=1e-14)


@pytest.mark.parametrize("targets", [[5], [-1], [0.0]])
def test_targets_outside_the_vocabulary_are_named(targets):
    with pytest.raises(ValueError, match=r"wanted (ids from 0 to 4, got|integer ids)"):
        cross_entropy(np.zeros((1, 5)), np.array(targets))


def test_shapes_and_smoothing_are_named():
    with pytest.raises(ValueError, match=r"got \(2, 5\) and \(3,\)"):
        cross_entropy(np.zeros((2, 5)), np.zeros(3, int))
    for smoothing in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match=f"smoothing from 0 to 1, got {smoothing}"):
            cross_entropy(np.zeros((1, 5)), np.zeros(1, int), smoothing)


def test_the_logits_stay_as_they_were():
    logits = np.arange(6.0).reshape(2, 3)
    loss_and_gradient(logits, np.array([1, 2]), 0.1)
    assert np.array_equal(logits, np.arange(6.0).reshape(2, 3))
