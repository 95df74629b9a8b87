import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.masks import causal_mask, causal_padding_mask, padding_mask


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 6), st.integers(0, 9), st.integers(0, 5))
def test_the_causal_mask_entry_by_entry(targets, sources, offset):
    mask = causal_mask(targets, sources, offset)
    assert mask.dtype == bool
    assert mask.shape == (targets, sources)
    assert all(mask[t, s] == (s <= t + offset) for t in range(targets) for s in range(sources))


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 6), st.integers(0, 5))
def test_decoding_step_by_step_reads_the_rows_of_the_whole_mask(targets, offset):
    whole = causal_mask(targets + offset)
    assert np.array_equal(causal_mask(targets, offset=offset), whole[offset:])


def test_an_offset_for_each_example():
    masks = causal_mask(2, 5, np.array([0, 3]))
    assert np.array_equal(masks, [causal_mask(2, 5, 0), causal_mask(2, 5, 3)])
    assert causal_mask(2, offset=np.array([0, 3])).shape == (2, 2, 5)


def test_the_padding_mask_broadcasts_over_targets():
    ids = np.array([[4, 9, 9], [4, 5, 6]])
    mask = padding_mask(ids, pad=9)
    assert mask.shape == (2, 1, 3)
    assert np.array_equal(mask[:, 0], [[True, False, False], [True, True, True]])


def test_both_is_both():
    ids = np.array([[4, 9, 5], [9, 5, 6]])
    mask = causal_padding_mask(ids, pad=9)
    assert np.array_equal(mask, padding_mask(ids, 9) & np.tril(np.ones((3, 3), bool)))


def test_bad_sizes_are_named():
    with pytest.raises(ValueError, match="-1 targets and 3 sources"):
        causal_mask(-1, 3)
    with pytest.raises(ValueError, match="wanted ids of shape"):
        padding_mask(3, 0)
