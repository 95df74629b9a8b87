"""How much of a training step is matrix products: those of one step are noted, and done again alone.

The linear maps' go through one function, which is watched. Attention's six a pass are known by their formula; their
operands are noted as `scaled_dot_product_attention` meets them, layout included.
"""

from collections.abc import Callable
from typing import NamedTuple
from unittest import mock

import numpy as np

from lesson.nn import attend, linear
from lesson.nn.product import product

Multiply = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Products(NamedTuple):
    """Pairs of factors, and how each pair is multiplied."""

    pairs: list[tuple[Multiply, np.ndarray, np.ndarray]]

    def run(self) -> None:
        """Do all of them."""
        for multiply, a, b in self.pairs:
            multiply(a, b)

    def operations(self) -> int:
        """Count multiplications and additions: 2 I K J for factors (..., I, K) and (..., K, J)."""
        return sum(2 * _size(a, b) * a.shape[-2] * a.shape[-1] * b.shape[-1] for _, a, b in self.pairs)


def note_products(step: Callable[[], object]) -> Products:
    """Do one step, and note its products."""
    pairs: list = []

    def watched_product(a, b):
        pairs.append((product, a, b))
        return product(a, b)

    def watched_forward(q, k, v, may_attend=None):
        output, cache = forward(q, k, v, may_attend)
        pairs.extend([(np.matmul, q, k.swapaxes(-1, -2)), (np.matmul, cache.weights, v)])
        return output, cache

    def watched_backward(d_output, cache):
        q, k, v, weights, _ = cache
        turned = weights.swapaxes(-1, -2)
        pairs.extend([(np.matmul, turned, d_output), (np.matmul, d_output, v.swapaxes(-1, -2))])
        # The gradients of the scores are as large as the weights, and laid out as they are.
        pairs.extend([(np.matmul, weights, k), (np.matmul, turned, q)])
        return backward(d_output, cache)

    forward, backward = attend.scaled_dot_product_attention, attend.scaled_dot_product_attention_backward
    with (
        mock.patch.object(linear, "product", watched_product),
        mock.patch.object(attend, "scaled_dot_product_attention", watched_forward),
        mock.patch.object(attend, "scaled_dot_product_attention_backward", watched_backward),
    ):
        step()
    return Products(pairs)


def _size(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.prod(np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), dtype=int))
