"""Attention: numbers from paper, the promises of its masks, and its gradients with every kind of broadcasting."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.gradcheck import check_gradients
from lesson.nn.attention import (
    merge_heads,
    scaled_dot_product_attention,
    scaled_dot_product_attention_backward,
    split_heads,
)

T, S, K, M = 3, 5, 7, 11
SEEDS = st.integers(0, 2**32 - 1)


def random_inputs(rng, *leading):
    shapes = (T, K), (S, K), (S, M)
    return [rng.standard_normal((*leading, *shape)) for shape in shapes]


def test_paper_values():
    # Scores 2 log 3 and 0, halved by sqrt(4): weights 3/4 and 1/4.
    q = np.array([[1.0, 0, 0, 0]])
    k = np.array([[2 * math.log(3), 9, 9, 9], [0, 5, 5, 5]])
    output, cache = scaled_dot_product_attention(q, k, np.array([[4.0, 0], [0, 8]]))
    np.testing.assert_allclose(cache.weights, [[0.75, 0.25]], rtol=1e-14)
    np.testing.assert_allclose(output, [[3, 2]], rtol=1e-14)
    assert cache.scale == 0.5


@given(SEEDS)
def test_a_masked_key_might_as_well_not_exist(seed):
    rng = np.random.default_rng(seed)
    q, k, v = random_inputs(rng, 2)
    kept = rng.random(S) < 0.6
    output, cache = scaled_dot_product_attention(q, k, v, kept)
    np.testing.assert_array_equal(cache.weights[..., ~kept], 0)
    shorter = scaled_dot_product_attention(q, k[:, kept], v[:, kept])[0] if kept.any() else np.zeros_like(output)
    np.testing.assert_allclose(output, shorter, atol=1e-14)


@given(SEEDS)
def test_order_of_keys_does_not_matter_and_order_of_queries_is_kept(seed):
    rng = np.random.default_rng(seed)
    q, k, v = random_inputs(rng)
    queries, keys = rng.permutation(T), rng.permutation(S)
    np.testing.assert_allclose(
        scaled_dot_product_attention(q[queries], k[keys], v[keys])[0],
        scaled_dot_product_attention(q, k, v)[0][queries],
        atol=1e-14,
    )


@pytest.mark.parametrize(
    ("q_leading", "k_leading", "v_leading", "mask_shape"),
    [
        ((), (), (), None),
        ((2, 3), (2, 3), (2, 3), (2, 1, T, S)),
        ((2, 3), (2, 1), (2, 1), (T, S)),  # grouped queries: one set of keys and values, several sets of queries
        ((1, 2), (2,), (3, 1), (S,)),
        ((1,), (2, 1), (1, 1), None),
    ],
)
def test_gradients(q_leading, k_leading, v_leading, mask_shape):
    rng = np.random.default_rng(1)
    leading = q_leading, k_leading, v_leading
    shapes = (T, K), (S, K), (S, M)
    q, k, v = (rng.standard_normal((*front, *shape)) for front, shape in zip(leading, shapes, strict=True))
    may_attend = None if mask_shape is None else rng.random(mask_shape) < 0.6
    if mask_shape and mask_shape[-2:] == (T, S):
        may_attend[..., 1, :] = False

    def forward(inputs):
        return scaled_dot_product_attention(inputs["q"], inputs["k"], inputs["v"], may_attend)

    def backward(d_output, cache):
        return dict(zip("qkv", scaled_dot_product_attention_backward(d_output, cache), strict=True))

    rows = check_gradients(forward, backward, {"q": q, "k": k, "v": v}, rng)
    assert max(row.error for row in rows) < 1e-6


def test_float32_stays_float32():
    q, k, v = (x.astype(np.float32) for x in random_inputs(np.random.default_rng(2)))
    output, cache = scaled_dot_product_attention(q, k, v)
    gradients = scaled_dot_product_attention_backward(output, cache)
    assert {x.dtype for x in (output, cache.weights, *gradients)} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("q", "k", "v"),
    [((3, 4), (5, 3), (5, 2)), ((3, 4), (5, 4), (4, 2)), ((4,), (5, 4), (5, 2)), ((3, 0), (5, 0), (5, 2))],
)
def test_shapes_that_do_not_fit_are_told(q, k, v):
    with pytest.raises(ValueError, match=r"wanted q .*got q"):
        scaled_dot_product_attention(np.zeros(q), np.zeros(k), np.zeros(v))


def test_an_additive_mask_is_refused():
    with pytest.raises(ValueError, match="boolean"):
        scaled_dot_product_attention(np.zeros((2, 4)), np.zeros((3, 4)), np.zeros((3, 4)), np.full((2, 3), -1e9))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 3), st.sampled_from([(), (2,), (3, 2)]))
def test_heads_split_and_merge(num_heads, head_width, positions, leading):
    x = np.random.default_rng(0).standard_normal((*leading, positions, num_heads * head_width))
    heads = split_heads(x, num_heads)
    assert heads.shape == (*leading, num_heads, positions, head_width)
    for head in range(num_heads):
        np.testing.assert_array_equal(heads[..., head, :, :], x[..., head * head_width : (head + 1) * head_width])
    np.testing.assert_array_equal(merge_heads(heads), x)


@pytest.mark.parametrize("num_heads", [3, 0, -2])
def test_heads_that_do_not_divide_the_width_are_refused(num_heads):
    with pytest.raises(ValueError, match=f"width 8 and num_heads {num_heads}"):
        split_heads(np.zeros((2, 8)), num_heads)
