import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.activations import ACTIVATIONS, gelu, gelu_tanh, relu, relu_backward
from lesson.nn.erf import erf


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_erf_agrees_with_the_standard_library_in_every_range(values):
    wanted = np.array([math.erf(value) for value in values])
    # The smallest numbers there are (below 1e-307) have fewer digits: a few units in the last place are meant there.
    np.testing.assert_allclose(erf(np.array(values)), wanted, rtol=1e-15, atol=1e-322)


def test_erf_agrees_with_the_standard_library_on_a_fine_grid():
    x = np.concatenate([np.linspace(-7, 7, 20_001), 10.0 ** np.linspace(-300, 0, 3_001)])
    wanted = np.array([math.erf(value) for value in x])
    assert np.max(np.abs(erf(x) - wanted) / np.maximum(np.abs(wanted), 1e-300)) <= 1e-15


def test_erf_keeps_shape_sign_of_zero_and_what_is_not_finite():
    x = np.array([[np.nan, np.inf], [-np.inf, -0.0]])
    result = erf(x)
    assert np.array_equal(result, [[np.nan, 1], [-1, 0]], equal_nan=True)
    assert np.signbit(result[1, 1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_far_from_zero_every_activation_is_the_identity_or_nothing(name):
    output, _ = ACTIVATIONS[name][0](np.array([-40.0, 0.0, 40.0]))
    assert np.array_equal(output, [0, 0, 40])


@settings(deadline=None, max_examples=50)
@given(st.floats(-50, 50))
def test_gelu_loses_what_its_mirror_image_keeps(value):
    x = np.array([value])
    for function in (gelu, gelu_tanh):
        # P(x) + P(-x) = 1, so x P(x) - (-x) P(-x) = x
        assert function(x)[0] - function(-x)[0] == pytest.approx(x, abs=1e-14, rel=1e-14)


def test_the_approximation_is_near_but_not_the_same():
    x = np.linspace(-5, 5, 1001)
    gap = np.max(np.abs(gelu(x)[0] - gelu_tanh(x)[0]))
    assert 1e-4 < gap < 5e-4


def test_relu_has_no_slope_at_zero():
    _, cache = relu(np.array([0.0, -0.0]))
    assert np.array_equal(relu_backward(np.ones(2), cache), [0, 0])
