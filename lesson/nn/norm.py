"""Normalisation: give every position's vector one size, then let a learned weight stretch it."""

from typing import NamedTuple

import numpy as np


class NormCache(NamedTuple):
    """The normalised input (..., D), what it was multiplied by (..., 1), and the weight (D,)."""

    normalised: np.ndarray
    factor: np.ndarray
    weight: np.ndarray


def init_layer_norm(width: int) -> dict:
    """Start as the plain normalisation. Returns {"weight": ones (D,), "bias": zeros (D,)}; nothing is drawn."""
    return {"weight": np.ones(_require_width(width)), "bias": np.zeros(width)}


def layer_norm(params: dict, x: np.ndarray, epsilon: float = 1e-5) -> tuple[np.ndarray, NormCache]:
    """Shift each vector to mean 0 and scale it to variance 1, then stretch and shift each coordinate.

        (x - mean) / sqrt(variance + epsilon) * weight + bias        Ba, Kiros & Hinton 2016, eq. 3 and 4

    x (..., D)   weight (D,)   bias (D,)
    Returns output (..., D) and a cache. Raises ValueError when x is not as wide as the weight.

    >>> layer_norm(init_layer_norm(2), np.array([[3.0, 5.0]]))[0].round(4).tolist()
    [[-1.0, 1.0]]
    """
    _require_input(params, x)
    centred = x - _mean(x)
    factor = 1 / np.sqrt(_mean(centred, centred) + epsilon)
    normalised = centred * factor
    return normalised * params["weight"] + params["bias"], NormCache(normalised, factor, params["weight"])


def layer_norm_backward(d_output: np.ndarray, cache: NormCache) -> tuple[np.ndarray, dict]:
    """Carry a gradient back through layer normalisation.

        n = (x - mean) factor, g = d_output weight:    d n_i / d x_j = factor ([i = j] - 1/D - n_i n_j / D)
        d_x_j = sum_i g_i d n_i / d x_j = factor (g_j - mean(g) - n_j mean(g n))

    d_output (..., D)        Returns d_x (..., D) and grads shaped like params.
    """
    normalised, factor, weight = cache
    grads = {"weight": _sum_of_rows(d_output, normalised), "bias": _sum_of_rows(d_output)}
    g = d_output * weight
    along = _mean(g, normalised)
    return factor * (g - _mean(g) - normalised * along), grads


def init_rms_norm(width: int) -> dict:
    """Start as the plain normalisation. Returns {"weight": ones (D,)}; nothing is drawn."""
    return {"weight": np.ones(_require_width(width))}


def rms_norm(params: dict, x: np.ndarray, epsilon: float = 1e-5) -> tuple[np.ndarray, NormCache]:
    """Scale each vector to root mean square 1, then stretch each coordinate: layer norm without the shifts.

        x / sqrt(mean(x^2) + epsilon) * weight        Zhang & Sennrich 2019, eq. 4

    x (..., D)   weight (D,)
    Returns output (..., D) and a cache. Raises ValueError when x is not as wide as the weight.

    >>> rms_norm(init_rms_norm(2), np.array([[1.0, 7.0]]))[0].round(4).tolist()
    [[0.2, 1.4]]
    """
    _require_input(params, x)
    factor = 1 / np.sqrt(_mean(x, x) + epsilon)
    normalised = x * factor
    return normalised * params["weight"], NormCache(normalised, factor, params["weight"])


def rms_norm_backward(d_output: np.ndarray, cache: NormCache) -> tuple[np.ndarray, dict]:
    """Carry a gradient back through root-mean-square normalisation.

        n = x factor, g = d_output weight:    d n_i / d x_j = factor ([i = j] - n_i n_j / D)
        d_x_j = sum_i g_i d n_i / d x_j = factor (g_j - n_j mean(g n))

    d_output (..., D)        Returns d_x (..., D) and grads shaped like params.
    """
    normalised, factor, weight = cache
    grads = {"weight": _sum_of_rows(d_output, normalised)}
    g = d_output * weight
    return factor * (g - normalised * _mean(g, normalised)), grads


# NumPy's `mean` and `sum` of a product write the product down first and are slow along short rows: these take one pass.


def _mean(*factors: np.ndarray) -> np.ndarray:
    """Average an array, or the product of two, along the last axis. (..., D) -> (..., 1)"""
    terms = ",".join(["...d"] * len(factors))
    return np.einsum(f"{terms}->...", *factors)[..., np.newaxis] / factors[0].shape[-1]


def _sum_of_rows(*factors: np.ndarray) -> np.ndarray:
    """Add up all rows of an array, or of the product of two. (..., D) -> (D,)"""
    terms = ",".join(["nd"] * len(factors))
    return np.einsum(f"{terms}->d", *(each.reshape(-1, each.shape[-1]) for each in factors))


def _require_width(width: int) -> int:
    if width < 1:
        raise ValueError(f"wanted a width of at least 1, got {width}")
    return width


def _require_input(params: dict, x: np.ndarray) -> None:
    width = len(params["weight"])
    if np.ndim(x) < 1 or x.shape[-1] != width:
        raise ValueError(f"wanted an input of shape (..., {width}), got {np.shape(x)}")
