"""Rotary positions: turn queries and keys, so that their product feels only how far apart they stand."""

from typing import NamedTuple

import numpy as np

from lesson.nn.positions import angles


class Rotary(NamedTuple):
    """The turns of every place: cos (..., T, K/2) and sin (..., T, K/2)."""

    cos: np.ndarray
    sin: np.ndarray


def rotary_positions(positions: np.ndarray, head_width: int, base: float = 10_000.0) -> Rotary:
    """Give every place its turns, one angle for each pair of coordinates.

        angle = p / base^(2i / K)        Su et al. 2021, eq. 15

    positions (..., T), usually np.arange(T)
    Returns tables (..., T, K / 2). Raises ValueError when the head width is not even and positive.
    """
    angle = angles(positions, head_width, base)
    return Rotary(np.cos(angle), np.sin(angle))


def rotate(x: np.ndarray, rotary: Rotary) -> np.ndarray:
    """Turn each pair of coordinates by the angle of its place.

        (a, b) -> (a cos - b sin, a sin + b cos)        Su et al. 2021, eq. 34

    x (..., T, K), its coordinates 2i and 2i + 1 being a pair   rotary: tables that broadcast to (..., T, K / 2)
    Returns output (..., T, K). A turn forgets nothing, so no cache is needed beside the tables.
    Raises ValueError when the tables are not for this width and length.

    >>> quarter = Rotary(np.array([[0.0]]), np.array([[1.0]]))
    >>> rotate(np.array([[3.0, 1.0]]), quarter).tolist()
    [[-1.0, 3.0]]
    """
    _require_tables(x, rotary)
    a, b = x[..., ::2], x[..., 1::2]
    output = np.empty_like(x)
    output[..., ::2] = a * rotary.cos - b * rotary.sin
    output[..., 1::2] = a * rotary.sin + b * rotary.cos
    return output


def rotate_backward(d_output: np.ndarray, rotary: Rotary) -> np.ndarray:
    """Carry a gradient back through the turn: turn it the other way.

        output = R x with R orthogonal, so d_x = R^T d_output
        R^T is the turn by minus the angle: cos stays, sin changes its sign

    d_output (..., T, K)        Returns d_x (..., T, K).
    """
    return rotate(d_output, Rotary(rotary.cos, -rotary.sin))


def _require_tables(x: np.ndarray, rotary: Rotary) -> None:
    wanted = (*x.shape[:-1], x.shape[-1] // 2)
    fits = x.shape[-1] % 2 == 0 and rotary.cos.shape[-2:] == wanted[-2:] and rotary.cos.ndim <= x.ndim
    if not fits:
        raise ValueError(f"wanted rotary tables that broadcast to {wanted}, got {rotary.cos.shape} for x {x.shape}")
