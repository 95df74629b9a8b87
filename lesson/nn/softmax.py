"""Softmax: scores in, shares out; the one in this package, masked and safe from overflow."""

import numpy as np


def softmax(x: np.ndarray, where: np.ndarray | None = None, axis: int = -1) -> np.ndarray:
    """Turn scores into positive shares that sum to one, leaving out what `where` forbids.

        softmax(x)_i = exp(x_i - max x) / sum_j exp(x_j - max x)        Goodfellow et al. 2016, eq. 4.1 and below

    x (..., N)   where (..., N), boolean, broadcast to x; True = takes part
    Returns an array shaped like x. Forbidden entries are exactly 0, and so is a row that forbids everything.
    Raises ValueError when `where` is not boolean or does not broadcast to x.

    >>> softmax(np.array([0.0, 1000.0, 1000.0]))
    array([0. , 0.5, 0.5])
    >>> softmax(np.array([[1.0, 1.0], [2.0, 3.0]]), where=np.array([[True, True], [False, False]]))
    array([[0.5, 0.5],
           [0. , 0. ]])
    """
    x = np.asarray(x)
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(np.float64)
    if where is not None:
        x = np.where(_require_mask(where, x.shape), x, -np.inf)
    # A row of nothing but -inf has no finite maximum; the smallest float in its place turns it into zeros, not NaN.
    peak = x.max(axis=axis, keepdims=True, initial=np.finfo(x.dtype).min)
    with np.errstate(over="ignore"):  # -1e308 - 1e308 is -inf, whose exponential is the right 0
        y = x - peak
    np.exp(y, out=y)
    # The maximum adds exp(0) = 1, so a sum below 1 belongs to a row without entries.
    y /= np.maximum(y.sum(axis=axis, keepdims=True), 1)
    return y


def softmax_backward(d_y: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Carry a gradient back through softmax, given the shares it returned.

        dy_i / dx_j = y_i (1[i = j] - y_j)
        d_x_j = sum_i d_y_i dy_i/dx_j = y_j (d_y_j - sum_i d_y_i y_i)

    d_y (..., N)   y (..., N)
    Returns d_x (..., N). A forbidden entry has y = 0 and therefore a gradient of exactly 0: no mask is needed here.
    """
    return y * (d_y - np.vecdot(d_y, y, axis=axis, keepdims=True))


def _require_mask(where: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    where = np.asarray(where)
    if where.dtype != bool:
        raise ValueError(f"wanted a boolean mask, True = may take part, got numbers of type {where.dtype}")
    try:
        return np.broadcast_to(where, shape)
    except ValueError:
        raise ValueError(f"wanted a mask that broadcasts to {shape}, got one of shape {where.shape}") from None
