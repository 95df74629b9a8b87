import numpy as np
import pytest

from lesson.nn.feed_forward import feed_forward, init_feed_forward
from lesson.nn.linear import init_linear, linear, linear_backward


def test_the_map_by_hand():
    params = {"weight": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "bias": np.array([10.0, 20.0])}
    assert np.array_equal(linear(params, np.array([1.0, 0.0, 2.0]))[0], [21, 34])


def test_any_leading_axes_and_none():
    rng = np.random.default_rng(0)
    params, x = init_linear(rng, 3, 5), rng.standard_normal((2, 7, 3))
    output, cache = linear(params, x)
    d_x, grads = linear_backward(np.ones_like(output), cache)
    assert output.shape == (2, 7, 5)
    assert d_x.shape == x.shape
    assert grads["weight"].shape == (3, 5)
    assert np.allclose(output[1, 4], linear(params, x[1, 4])[0], rtol=1e-14, atol=1e-14)
    assert linear(params, np.zeros((0, 4, 3)))[0].shape == (0, 4, 5)


def test_the_input_and_the_params_stay_as_they_were():
    rng = np.random.default_rng(0)
    params, x = init_linear(rng, 3, 5), rng.standard_normal((2, 3))
    copies = params["weight"].copy(), params["bias"].copy(), x.copy()
    output, cache = linear(params, x)
    linear_backward(output, cache)
    assert all(np.array_equal(a, b) for a, b in zip(copies, (params["weight"], params["bias"], x), strict=True))


def test_the_first_weights_keep_to_their_bound_and_fill_it():
    params = init_linear(np.random.default_rng(0), 200, 100)
    bound = np.sqrt(6 / 300)
    assert 0.99 * bound < np.abs(params["weight"]).max() <= bound
    assert abs(params["weight"].std() - bound / np.sqrt(3)) < 0.01 * bound
    assert not params["bias"].any()
    assert "bias" not in init_linear(np.random.default_rng(0), 2, 3, bias=False)


@pytest.mark.parametrize("shape", [(5, 4), (3,), ()])
def test_a_wrong_width_is_named(shape):
    params = init_linear(np.random.default_rng(0), 5, 2)
    with pytest.raises(ValueError, match=r"\(\.\.\., 5\)"):
        linear(params, np.zeros(shape))


@pytest.mark.parametrize("widths", [(0, 3), (3, -1)])
def test_widths_below_one_are_refused(widths):
    with pytest.raises(ValueError, match="at least 1"):
        init_linear(np.random.default_rng(0), *widths)


def test_feed_forward_treats_every_position_alike():
    rng = np.random.default_rng(0)
    params, x = init_feed_forward(rng, 5, 11), rng.standard_normal((2, 7, 5))
    order = rng.permutation(7)
    assert np.allclose(feed_forward(params, x[:, order])[0], feed_forward(params, x)[0][:, order], atol=1e-14)


def test_feed_forward_by_hand():
    one = {"weight": np.array([[1.0, -1.0]]), "bias": np.zeros(2)}
    params = {"hidden": one, "output": {"weight": np.array([[1.0], [1.0]]), "bias": np.array([0.5])}}
    assert np.array_equal(feed_forward(params, np.array([[3.0], [-4.0]]))[0], [[3.5], [4.5]])


def test_an_unknown_activation_is_named():
    params = init_feed_forward(np.random.default_rng(0), 2, 3)
    with pytest.raises(ValueError, match="relu, gelu, gelu_tanh as activation, got 'swish'"):
        feed_forward(params, np.zeros((1, 2)), "swish")
