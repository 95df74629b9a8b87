"""Clipping, and accumulation that equals the large batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_model import Batch, draw, init, objective_without_dropout

from lesson import tree
from lesson.training import accumulated, clip, norm, split_batch

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5).map(np.array)


@given(NUMBERS, NUMBERS, st.floats(1e-3, 1e3))
def test_clipping_bounds_the_norm_and_keeps_the_direction(a, b, largest):
    grads = {"a": a, "deep": {"b": b}}
    clipped, length = clip(grads, largest)
    assert length == pytest.approx(np.linalg.norm(np.concatenate([a, b])), rel=1e-12)
    assert norm(clipped) <= largest * (1 + 1e-12)
    factor = min(1, largest / length) if length else 1
    np.testing.assert_allclose(clipped["a"], a * factor, rtol=1e-12)
    np.testing.assert_allclose(clipped["deep"]["b"], b * factor, rtol=1e-12)


def test_short_gradients_come_back_untouched():
    grads = {"a": np.array([0.3, 0.4])}
    assert clip(grads, 0.6)[0] is grads
    assert clip(grads, 0.4)[0] is not grads


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_gradients_without_a_finite_norm_are_not_hidden(value):
    grads = {"a": np.array([1.0, value])}
    clipped, length = clip(grads, 1.0)
    assert clipped is grads
    assert not np.isfinite(length)


@pytest.mark.parametrize("largest", [0, -1, np.nan])
def test_the_largest_norm_is_positive(largest):
    with pytest.raises(ValueError, match="wanted a largest norm above 0"):
        clip({"a": np.ones(2)}, largest)


def uneven_batch(count, seed):
    batch = draw(np.random.default_rng(seed), 1, count)
    # The first rows keep all their tokens, the last ones hardly any.
    batch.target[: count // 2] = np.maximum(batch.target[: count // 2], 1)
    batch.target[count // 2 :, 1:] = 0
    return batch


@given(st.integers(2, 9), st.data())
def test_accumulation_equals_the_large_batch(count, data):
    parts, seed = data.draw(st.integers(1, count)), data.draw(st.integers(0, 100))
    params, batch = init(np.random.default_rng(seed)), uneven_batch(count, seed)
    loss, grads, kept = objective_without_dropout(params, batch, None)
    small = split_batch(batch, parts)
    assert len(small) == parts
    summed_loss, summed_grads, summed_kept = accumulated(objective_without_dropout)(params, small, None)
    assert summed_kept == kept
    assert summed_loss == pytest.approx(loss, rel=0, abs=1e-12)
    tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=0, atol=1e-12), summed_grads, grads)


def test_a_plain_mean_over_uneven_batches_would_be_wrong():
    params, batch = init(np.random.default_rng(1)), uneven_batch(6, 1)
    losses, _, kept = zip(
        *(objective_without_dropout(params, each, None) for each in split_batch(batch, 2)), strict=True
    )
    assert kept[0] > 2 * kept[1]
    assert abs(np.mean(losses) - objective_without_dropout(params, batch, None)[0]) > 1e-3


def test_a_batch_of_padding_alone_adds_nothing_and_only_such_is_an_error():
    params, batch = init(np.random.default_rng(1)), uneven_batch(4, 1)
    empty = Batch(batch.source, np.zeros_like(batch.target))
    whole = accumulated(objective_without_dropout)
    loss, _, kept = whole(params, [empty, batch, empty], None)
    wanted_loss, _, wanted_kept = objective_without_dropout(params, batch, None)
    assert (loss, kept) == (pytest.approx(wanted_loss, abs=1e-15), wanted_kept)
    for batches in ([empty], []):
        with pytest.raises(ValueError, match="wanted at least one kept token"):
            whole(params, batches, None)


@pytest.mark.parametrize("parts", [0, 5])
def test_a_batch_is_cut_into_no_more_parts_than_it_has_examples(parts):
    with pytest.raises(ValueError, match=f"wanted 1 to 4 parts, got {parts}"):
        split_batch(uneven_batch(4, 1), parts)
