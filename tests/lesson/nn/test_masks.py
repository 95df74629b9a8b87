import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.masks import causal_mask, causal_padding_mask, padding_mask, reach


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


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 6), st.integers(0, 4), st.integers(0, 999))
def test_reach_is_a_way_along_the_mask_of_so_many_steps(size, layers, seed):
    mask = np.random.default_rng(seed).random((2, size, size)) < 0.3
    known = reach(mask, layers)
    for example in range(2):
        for t in range(size):
            found = {t}
            for _ in range(layers):
                found |= {s for asked in found for s in range(size) if mask[example, asked, s]}
            assert set(np.flatnonzero(known[example, t])) == found


def test_what_a_leak_adds_grows_with_every_layer():
    leaky = causal_mask(6, 6, offset=1)
    assert [int(reach(leaky, layers)[0].sum()) for layers in range(7)] == [1, 2, 3, 4, 5, 6, 6]


@pytest.mark.parametrize(
    ("mask", "layers", "message"),
    [
        (np.ones((2, 3)), 1, r"square mask \(..., T, T\), got shape \(2, 3\)"),
        (np.ones(3), 1, "square"),
        (np.ones((2, 2)), -1, "got -1"),
    ],
)
def test_reach_refuses_what_has_no_sense(mask, layers, message):
    with pytest.raises(ValueError, match=message):
        reach(mask, layers)
