import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.embedding import embedding, embedding_backward, init_embedding


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 6), max_size=30), st.integers(0, 2**32 - 1))
def test_it_is_the_product_with_one_hot_rows_forward_and_backward(ids, seed):
    rng, ids = np.random.default_rng(seed), np.array(ids, int)
    params, one_hot = init_embedding(rng, 7, 3), np.eye(7)[ids]
    output, cache = embedding(params, ids)
    d_output = rng.standard_normal(output.shape)
    d_ids, grads = embedding_backward(d_output, cache)
    assert d_ids is None
    assert np.array_equal(output, one_hot @ params["weight"])
    assert np.allclose(grads["weight"], one_hot.T @ d_output, atol=1e-13)


@pytest.mark.parametrize("ids", [[-1], [0, 7], [[3], [99]]])
def test_ids_without_a_row_are_refused(ids):
    params = init_embedding(np.random.default_rng(0), 7, 3)
    with pytest.raises(ValueError, match="wanted ids from 0 to 6, got"):
        embedding(params, np.array(ids))


@pytest.mark.parametrize("ids", [[0.0], [True]])
def test_ids_that_are_no_integers_are_refused(ids):
    params = init_embedding(np.random.default_rng(0), 7, 3)
    with pytest.raises(ValueError, match="wanted integer ids"):
        embedding(params, np.array(ids))


def test_rows_have_length_one_on_average():
    for width in (4, 256):
        lengths = np.linalg.norm(init_embedding(np.random.default_rng(0), 1000, width)["weight"], axis=-1)
        assert abs(np.sqrt(np.mean(lengths**2)) - 1) < 0.05


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0)])
def test_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="at least 1"):
        init_embedding(np.random.default_rng(0), *sizes)
