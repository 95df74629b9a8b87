import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.nn import product as module
from lesson.nn.linear import init_linear, linear, linear_backward
from lesson.nn.product import product, rows_by_rows

SIZES = st.integers(0, 9)


def both_ways(monkeypatch, run):
    """Give what `run` returns with a library for linear algebra, and without."""
    results = []
    for has_blas in (True, False):
        monkeypatch.setattr(module, "HAS_BLAS", has_blas)
        results.append(run())
    return results


@given(SIZES, SIZES, SIZES, st.booleans(), st.booleans())
def test_rows_by_rows_is_the_product_whatever_the_layout(i, k, j, turn_a, turn_b):
    rng = np.random.default_rng(0)
    a = rng.standard_normal((k, i)).T if turn_a else rng.standard_normal((i, k))
    b = rng.standard_normal((k, j)).T if turn_b else rng.standard_normal((j, k))
    expected = [[sum(x * y for x, y in zip(row, other, strict=True)) for other in b] for row in a]
    assert rows_by_rows(a, b).shape == (i, j)
    assert np.allclose(rows_by_rows(a, b), np.reshape(expected, (i, j)), rtol=1e-14, atol=1e-14)


def test_both_ways_give_one_product(monkeypatch):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((7, 300)), rng.standard_normal((300, 11))
    with_blas, without = both_ways(monkeypatch, lambda: product(a, b))
    assert with_blas.shape == without.shape == (7, 11)
    assert np.allclose(with_blas, without, rtol=1e-12, atol=1e-12)


def test_a_linear_map_goes_the_way_the_platform_wants_forward_and_backward(monkeypatch):
    rng = np.random.default_rng(0)
    params, x, d_output = init_linear(rng, 5, 3), rng.standard_normal((2, 7, 5)), rng.standard_normal((2, 7, 3))
    asked = []
    monkeypatch.setattr(module, "rows_by_rows", lambda a, b: asked.append((a.shape, b.shape)) or rows_by_rows(a, b))

    def run():
        output, cache = linear(params, x)
        d_x, grads = linear_backward(d_output, cache)
        return output, d_x, grads["weight"]

    for one, other in zip(*both_ways(monkeypatch, run), strict=True):
        assert np.allclose(one, other, rtol=1e-13, atol=1e-13)
    assert sorted(asked) == [((5, 14), (3, 14)), ((14, 3), (5, 3)), ((14, 5), (3, 5))]


def test_only_webassembly_lacks_the_library():
    assert module.HAS_BLAS is (sys.platform != "emscripten")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_number_type_stays(dtype, monkeypatch):
    a = np.ones((2, 3), dtype)
    assert [each.dtype for each in both_ways(monkeypatch, lambda: product(a, a.T))] == [dtype, dtype]
