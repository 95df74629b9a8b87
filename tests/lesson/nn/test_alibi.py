import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.alibi import alibi_bias, alibi_key, alibi_positions, alibi_query
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.masks import causal_mask
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention
from lesson.nn.softmax import softmax

SEEDS = st.integers(0, 2**32 - 1)
PLACES = st.integers(0, 1000)


def test_the_slopes_are_the_papers():
    assert np.array_equal(alibi_positions(np.arange(3), 8).slopes, [2.0**-h for h in range(1, 9)])


def test_the_bias_is_the_papers():
    bias = alibi_bias(np.array([0.5, 0.25]), np.arange(3), np.arange(3))
    assert np.array_equal(bias[0], [[0, 0.5, 1], [-0.5, 0, 0.5], [-1, -0.5, 0]])
    assert np.array_equal(bias[1], bias[0] / 2)


@settings(deadline=None, max_examples=50)
@given(SEEDS, PLACES)
def test_one_more_coordinate_does_what_the_bias_does(seed, first):
    q, k, v = np.random.default_rng(seed).standard_normal((3, 2, 3, 5, 4))
    places, mask = first + np.arange(5), causal_mask(5)
    alibi = alibi_positions(places, 3)
    output, cache = scaled_dot_product_attention(alibi_query(q, alibi), alibi_key(k, alibi), v, mask)
    bias = alibi_bias(alibi.slopes, places, places)
    weights = softmax(q @ k.swapaxes(-1, -2) / np.sqrt(4) + bias, where=mask)
    assert np.allclose(cache.weights, weights, atol=1e-11)
    assert np.allclose(output, weights @ v, atol=1e-11)


@settings(deadline=None, max_examples=50)
@given(SEEDS, PLACES)
def test_attention_with_alibi_does_not_see_where_a_text_begins(seed, shift):
    rng = np.random.default_rng(seed)
    params, x = init_multi_head_attention(rng, 12, 3), rng.standard_normal((2, 5, 12))

    def attend_from(first):
        alibi = alibi_positions(first + np.arange(5), 3)
        return multi_head_attention(params, x, num_heads=3, positions=alibi, may_attend=causal_mask(5))[0]

    assert np.allclose(attend_from(0), attend_from(shift), atol=1e-10)


def test_of_equal_keys_the_nearer_gets_more():
    q = k = v = np.ones((3, 5, 4))
    alibi = alibi_positions(np.arange(5), 3)
    _, cache = scaled_dot_product_attention(alibi_query(q, alibi), alibi_key(k, alibi), v, causal_mask(5))
    assert (np.diff(cache.weights[:, -1]) > 0).all()


def test_heads_and_keys_that_do_not_fit_are_named():
    alibi = alibi_positions(np.arange(5), 3)
    with pytest.raises(ValueError, match="wanted 3 heads, one a slope, got 2"):
        alibi_query(np.zeros((2, 5, 4)), alibi)
    with pytest.raises(ValueError, match="wanted 5 keys, one a position, got 6"):
        alibi_key(np.zeros((3, 6, 4)), alibi)
    with pytest.raises(ValueError, match="at least 1 head, got 0"):
        alibi_positions(np.arange(5), 0)
