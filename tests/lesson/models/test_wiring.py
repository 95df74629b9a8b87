"""Wiring taken out: the measured layers are the package's own, gradients are true, and each wire does its work."""

import numpy as np
import pytest

from lesson.models import wiring
from lesson.models.block import block, block_backward
from lesson.models.config import ModelConfig
from lesson.models.wiring import LENGTH, NORMS, WIDTH, measure_depths
from lesson.nn.feed_forward import init_feed_forward
from lesson.nn.multi_head import init_multi_head_attention
from lesson.nn.norm import init_layer_norm

ALL = [(norm, residual) for norm in NORMS for residual in (True, False)]


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_with_everything_in_they_are_the_packages_own_blocks(norm):
    config = ModelConfig(1, width=WIDTH, num_heads=4, hidden_width=128, norm_first=norm == "pre")
    rng = np.random.default_rng(58)
    x, d_x = rng.normal(size=(2, LENGTH, WIDTH))
    sizes, caches = [size(x)], []
    for _ in range(3):
        params = {
            "attention": init_multi_head_attention(rng, WIDTH, 4),
            "attention_norm": init_layer_norm(WIDTH),
            "feed_forward": init_feed_forward(rng, WIDTH, 128),
            "feed_forward_norm": init_layer_norm(WIDTH),
        }
        x, cache = block(params, x, config=config)
        sizes.append(size(x))
        caches.append(cache)
    np.testing.assert_allclose(measure_depths(3, norm).stream, sizes, rtol=1e-10)
    d_x, gradient = d_x / size(d_x), [1.0]
    for cache in reversed(caches):
        (d_x, _), _ = block_backward(d_x, cache)
        gradient.insert(0, size(d_x))
    np.testing.assert_allclose(measure_depths(3, norm).gradient, gradient, rtol=1e-10)


def size(x):
    return np.sqrt((x**2).mean())


@pytest.mark.parametrize(("norm", "residual"), ALL)
def test_a_step_back_is_the_derivative_of_a_step(norm, residual):
    rng = np.random.default_rng(0)
    x, move, d_output = rng.normal(size=(3, LENGTH, WIDTH))
    params = init_multi_head_attention(rng, WIDTH, 4)

    def loss(x):
        return (wiring._step(wiring._attend, params, x, norm, residual)[0] * d_output).sum()

    _, cache = wiring._step(wiring._attend, params, x, norm, residual)
    d_x = wiring._step_backward(wiring._attend_backward, d_output, cache, residual)
    slope = (loss(x + 1e-5 * move) - loss(x - 1e-5 * move)) / 2e-5
    assert slope == pytest.approx((d_x * move).sum(), rel=1e-6)


@pytest.mark.parametrize(("norm", "residual"), ALL)
def test_fewer_layers_are_the_first_of_more(norm, residual):
    few, many = measure_depths(3, norm, residual), measure_depths(7, norm, residual)
    np.testing.assert_array_equal(many.stream[:4], few.stream)
    np.testing.assert_array_equal(many.alike[:4], few.alike)
    assert all(figures.shape == (8,) for figures in many)


@pytest.mark.parametrize("seed", range(5))
def test_what_each_wire_is_for(seed):
    bare = measure_depths(24, "none", residual=False, seed=seed)
    assert bare.stream[-1] < 1e-5 and bare.gradient[0] < 1e-5 and bare.alike[3] > 0.99
    summed = measure_depths(24, "none", seed=seed)
    assert summed.stream[-1] > 1e3 and summed.gradient[0] > 1e4
    assert summed.alike[3] < 0.8
    post = measure_depths(24, "post", seed=seed)
    np.testing.assert_allclose(post.stream[1:], 1, atol=1e-3)
    pre = measure_depths(24, "pre", seed=seed)
    assert 3 < pre.stream[-1] < 10 and 2 < pre.gradient[0] < 15
    for norm in ("pre", "post"):
        assert measure_depths(24, norm, residual=False, seed=seed).alike[6] > 0.99


def test_what_cannot_be_measured_is_refused():
    for given in ((0, "pre"), (3, "layer")):
        with pytest.raises(ValueError, match="wanted a layer or more and one of pre, post, none, got"):
            measure_depths(*given)
