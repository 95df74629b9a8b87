"""Softmax against what it must be whatever the numbers are, and against values one can work out on paper."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lesson.gradcheck import check_gradients
from lesson.nn.softmax import softmax, softmax_backward

SHAPES = arrays.array_shapes(min_dims=1, max_dims=3, max_side=5)
ANY_FLOAT = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def scores_and_mask(draw):
    shape = draw(SHAPES)
    return draw(arrays.arrays(float, shape, elements=ANY_FLOAT)), draw(arrays.arrays(bool, shape))


def test_paper_values():
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [1 / 8, 2 / 8, 5 / 8], rtol=1e-15)
    np.testing.assert_allclose(softmax(np.array([0.0, math.log(3)])), [0.25, 0.75], rtol=1e-15)


@given(scores_and_mask())
def test_rows_sum_to_one_or_are_all_zero_for_every_finite_float(pair):
    scores, where = pair
    shares = softmax(scores, where)
    assert np.all(shares[~where] == 0)
    np.testing.assert_allclose(shares.sum(axis=-1), where.any(axis=-1).astype(float), atol=1e-14)


def test_the_widest_gap_between_floats_overflows_in_silence():
    largest = np.finfo(float).max
    np.testing.assert_array_equal(softmax(np.array([-largest, largest])), [0, 1])


@given(scores_and_mask())
def test_what_is_forbidden_cannot_matter_even_when_it_is_not_a_number(pair):
    scores, where = pair
    np.testing.assert_array_equal(softmax(scores, where), softmax(np.where(where, scores, np.nan), where))


@given(scores_and_mask(), st.integers(0, 2))
def test_axis_is_the_axis_that_sums_to_one(pair, axis):
    scores, where = pair
    axis %= scores.ndim
    last = np.moveaxis(softmax(np.moveaxis(scores, axis, -1), np.moveaxis(where, axis, -1)), -1, axis)
    np.testing.assert_allclose(softmax(scores, where, axis=axis), last, atol=1e-15)


@given(arrays.arrays(float, (3, 5), elements=st.floats(-50, 50)), st.floats(-50, 50))
def test_shift_changes_nothing(scores, shift):
    np.testing.assert_allclose(softmax(scores + shift), softmax(scores), rtol=1e-12, atol=1e-15)


def test_mask_broadcasts_and_input_stays_untouched():
    scores = np.arange(12.0).reshape(2, 2, 3)
    before = scores.copy()
    shares = softmax(scores, np.array([True, False, True]))
    np.testing.assert_array_equal(scores, before)
    np.testing.assert_array_equal(shares[..., 1], np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("given_type", "wanted_type"), [(np.float32, np.float32), (np.float64, np.float64), (int, float)]
)
def test_number_type_is_kept_and_whole_numbers_become_float64(given_type, wanted_type):
    assert softmax(np.ones(3, given_type), np.array([True, True, False])).dtype == wanted_type


def test_a_row_without_entries_stays_without_entries():
    assert softmax(np.zeros((2, 0))).shape == (2, 0)


@pytest.mark.parametrize(
    ("where", "message"),
    [(np.zeros(3), "boolean mask.*float64"), (np.ones((2, 3), bool), r"broadcasts to \(3,\).*\(2, 3\)")],
)
def test_bad_masks_are_named(where, message):
    with pytest.raises(ValueError, match=message):
        softmax(np.zeros(3), where)


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_gradient(axis):
    rng = np.random.default_rng(0)
    where = rng.random((3, 5, 7)) < 0.7
    where[1, 2] = where[2, :, 3] = where[:, 1, 4] = False

    def forward(inputs):
        y = softmax(inputs["x"], where, axis)
        return y, y

    def backward(d_y, y):
        return {"x": softmax_backward(d_y, y, axis)}

    (row,) = check_gradients(forward, backward, {"x": rng.standard_normal((3, 5, 7))}, rng)
    assert row.error < 1e-6
