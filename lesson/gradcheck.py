"""Check a backward pass against central differences, leaf by leaf.

The output is projected on one fixed random array, which turns any layer into a scalar function; its analytic gradient
then has to agree with central differences at every single entry of every parameter and every input. The differences
are taken at two distances, h and 2h, and joined so that their errors of order h^2 cancel (Richardson's extrapolation):
h can then be large enough for rounding not to matter.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson import tree

STEP = 1e-4
FLOOR = 1e-3


class Row(NamedTuple):
    """One line of the table: a leaf's path, its shape, and the largest relative error among its entries."""

    path: str
    shape: tuple[int, ...]
    error: float


def check_gradients(forward: Callable, backward: Callable, inputs: dict, rng: np.random.Generator) -> list[Row]:
    """Compare analytic gradients with central differences, one row a leaf.

        d/dx sum(r forward(x)), r fixed and random        against central differences, see `numerical_gradient`

    forward(inputs) -> (output, cache) and backward(d_output, cache) -> a tree of gradients with the paths of `inputs`;
    `inputs` is a nested dictionary of float64 arrays: the layer's inputs and, under "params", its parameters.
    Raises ValueError when an input is not float64, or a gradient's path or shape is not its input's.

    >>> forward, backward = lambda inputs: (inputs["x"] ** 3, inputs["x"]), lambda d_y, x: {"x": 3 * d_y * x**2}
    >>> check_gradients(forward, backward, {"x": np.array([1.0, 2.0])}, np.random.default_rng(0))[0].error < 1e-9
    True
    """
    # A private copy: the entries are nudged in place, and the caller's arrays are not ours to write to.
    inputs = tree.map(np.array, inputs)
    output, cache = forward(inputs)
    projection = rng.standard_normal(np.shape(output))
    analytic = tree.flatten(backward(projection, cache))
    leaves = tree.flatten(inputs)
    _require_same_leaves(leaves, analytic)

    def output_now() -> np.ndarray:
        return forward(inputs)[0]

    return [
        Row(path, leaf.shape, relative_error(analytic[path], numerical_gradient(output_now, leaf, projection)))
        for path, leaf in leaves.items()
    ]


def numerical_gradient(
    function: Callable[[], np.ndarray], leaf: np.ndarray, projection: np.ndarray | float = 1.0, step: float = STEP
) -> np.ndarray:
    """Nudge each entry of an array both ways, in place, and see how far a projected output moves.

        d_h = sum(r (f(x + h) - f(x - h))):    (8 d_h - d_2h) / 12h        central differences, error O(h^4)

    function() reads the leaf and returns an output (...)   projection r (...)   leaf (any shape), restored afterwards
    Returns an array shaped like the leaf.
    """
    gradient = np.empty_like(leaf)
    for index in np.ndindex(leaf.shape):
        near, far = (np.sum(projection * _difference(function, leaf, index, n * step)) for n in (1, 2))
        gradient[index] = (8 * near - far) / (12 * step)
    return gradient


def _difference(function: Callable[[], np.ndarray], leaf: np.ndarray, index: tuple, change: float) -> np.ndarray:
    """Give f(x + h) - f(x - h): subtracted before they are summed, outputs that did not move leave no rounding."""
    value = leaf[index]
    leaf[index] = value + change
    above = np.array(function())  # a copy: a layer may return its very input, which moves next
    leaf[index] = value - change
    difference = above - function()
    leaf[index] = value
    return difference


def relative_error(analytic: np.ndarray, numerical: np.ndarray) -> float:
    """Give the largest difference in relation to the gradient's size, or to a small floor where there is hardly any.

        max |a - n| / max(|a|, |n|, floor)

    Rounding leaves something in every difference, so an entry whose true gradient is zero has no relative error worth
    the name; below the floor the error is in effect absolute. What is not finite gives infinity.

    >>> relative_error(np.array([2.0, 1e-12]), np.array([1.0, 0.0]))
    0.5
    """
    if not (np.isfinite(analytic).all() and np.isfinite(numerical).all()):
        return float("inf")
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), FLOOR)
    return float(np.max(np.abs(analytic - numerical) / scale, initial=0.0))


def format_table(rows: list[Row]) -> str:
    """Write rows as aligned plain text with the largest error on the last line."""
    width = max(len("largest"), *(len(row.path) for row in rows))
    lines = [f"{row.path:<{width}}  {row.shape!s:<16}  {row.error:.1e}" for row in rows]
    return "\n".join([*lines, f"{'largest':<{width}}  {'':<16}  {max(row.error for row in rows):.1e}"])


def _require_same_leaves(leaves: dict[str, np.ndarray], analytic: dict[str, np.ndarray]) -> None:
    if leaves.keys() != analytic.keys():
        raise ValueError(f"wanted gradients for {sorted(leaves)}, got {sorted(analytic)}")
    for path, leaf in leaves.items():
        if leaf.dtype != np.float64:
            raise ValueError(f"wanted float64 at {path!r}, got {leaf.dtype}: rounding would drown the comparison")
        if np.shape(analytic[path]) != leaf.shape:
            raise ValueError(f"wanted a gradient of shape {leaf.shape} at {path!r}, got {np.shape(analytic[path])}")
