import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.norm import init_layer_norm, init_rms_norm, layer_norm, layer_norm_backward, rms_norm, rms_norm_backward

SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.floats(-100, 100), st.floats(0.1, 100))
def test_layer_norm_sees_neither_shift_nor_scale(seed, shift, scale):
    x = np.random.default_rng(seed).standard_normal((2, 5, 11))
    params = init_layer_norm(11)
    output, _ = layer_norm(params, x, epsilon=0.0)
    assert np.allclose(output.mean(axis=-1), 0, atol=1e-12)
    assert np.allclose(output.var(axis=-1), 1, atol=1e-12)
    assert np.allclose(layer_norm(params, shift + scale * x, epsilon=0.0)[0], output, atol=1e-9)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.floats(0.1, 100))
def test_rms_norm_sees_no_scale_but_every_shift(seed, scale):
    x = np.random.default_rng(seed).standard_normal((2, 5, 11))
    params = init_rms_norm(11)
    output, _ = rms_norm(params, x, epsilon=0.0)
    assert np.allclose(np.mean(output**2, axis=-1), 1, atol=1e-12)
    assert np.allclose(rms_norm(params, scale * x, epsilon=0.0)[0], output, atol=1e-12)
    assert not np.allclose(rms_norm(params, x + 1, epsilon=0.0)[0], output, atol=1e-3)


def test_a_constant_vector_stays_finite():
    output, cache = layer_norm(init_layer_norm(3), np.full((2, 3), 7.0))
    d_x, _ = layer_norm_backward(np.ones((2, 3)), cache)
    assert np.array_equal(output, np.zeros((2, 3)))
    assert np.isfinite(d_x).all()
    output, cache = rms_norm(init_rms_norm(3), np.zeros((2, 3)))
    assert np.isfinite(rms_norm_backward(np.ones((2, 3)), cache)[0]).all()


@pytest.mark.parametrize(("init", "norm"), [(init_layer_norm, layer_norm), (init_rms_norm, rms_norm)])
def test_wrong_widths_are_named(init, norm):
    with pytest.raises(ValueError, match=r"wanted an input of shape \(\.\.\., 3\), got \(2, 4\)"):
        norm(init(3), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="at least 1, got 0"):
        init(0)
