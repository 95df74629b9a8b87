"""The product of two matrices, which takes most of a training step: the one place that knows how to make it fast."""

import sys

import numpy as np

HAS_BLAS = sys.platform != "emscripten"


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Multiply two matrices.

        product_ij = sum_k a_ik b_kj

    a (I, K)   b (K, J) -> (I, J)

    Natively that is `a @ b`, done by a library for linear algebra (BLAS). WebAssembly has none, and its `@` walks down
    the columns of b number by number; so there b is turned, and rows meet rows.

    >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    """
    return a @ b if HAS_BLAS else rows_by_rows(a, b.T)


def rows_by_rows(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Multiply every row of a by every row of b, both laid out so that the numbers of a row are neighbours.

        product_ij = sum_k a_ik b_jk

    a (I, K)   b (J, K) -> (I, J)
    """
    return np.einsum("ik,jk->ij", np.ascontiguousarray(a), np.ascontiguousarray(b))
