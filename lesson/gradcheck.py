"""Check a backward pass against central differences, leaf by leaf.

The output is projected on one fixed random array, which turns any layer into a scalar function; its analytic gradient
then has to agree with (f(x + h) - f(x - h)) / 2h at every single entry of every parameter and every input.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson import tree

STEP = 1e-5
ABSOLUTE_TOLERANCE = 1e-9


class Row(NamedTuple):
    """One line of the table: a leaf's path, its shape, and the largest relative error among its entries."""

    path: str
    shape: tuple[int, ...]
    error: float


def check_gradients(forward: Callable, backward: Callable, inputs: dict, rng: np.random.Generator) -> list[Row]:
    """Compare analytic gradients with central differences, one row a leaf.

        d/dx sum(r * forward(x)) = (sum(r * forward(x + h)) - sum(r * forward(x - h))) / 2h + O(h^2)

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

    def loss() -> float:
        return float(np.sum(projection * forward(inputs)[0]))

    return [
        Row(path, leaf.shape, relative_error(analytic[path], numerical_gradient(loss, leaf)))
        for path, leaf in leaves.items()
    ]


def numerical_gradient(loss: Callable[[], float], leaf: np.ndarray, step: float = STEP) -> np.ndarray:
    """Nudge each entry of an array both ways, in place, and see how far a scalar moves.

    (loss(x + h) - loss(x - h)) / 2h        central difference, error O(h^2)

    leaf (any shape), restored afterwards        Returns an array shaped like it.
    """
    gradient = np.empty_like(leaf)
    for index in np.ndindex(leaf.shape):
        value = leaf[index]
        leaf[index] = value + step
        above = loss()
        leaf[index] = value - step
        below = loss()
        leaf[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(analytic: np.ndarray, numerical: np.ndarray) -> float:
    """Give the largest |a - n| / max(|a|, |n|), where a difference below the absolute tolerance counts as none.

    Rounding alone leaves about 1e-11 in a central difference, so an entry whose true gradient is zero has no relative
    error worth the name: agreement may be absolute or relative. What is not finite, on either side, gives infinity.

    >>> relative_error(np.array([2.0, 1e-12]), np.array([1.0, 0.0]))
    0.5
    """
    if not (np.isfinite(analytic).all() and np.isfinite(numerical).all()):
        return float("inf")
    difference = np.abs(analytic - numerical)
    scale = np.maximum(np.abs(analytic), np.abs(numerical))
    relative = np.where(difference <= ABSOLUTE_TOLERANCE, 0.0, difference / np.maximum(scale, ABSOLUTE_TOLERANCE))
    return float(np.max(relative, initial=0.0))


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
