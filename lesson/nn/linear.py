"""The linear map: every number out is a weighted sum of all numbers in."""

import math
from typing import NamedTuple

import numpy as np

from lesson.nn.product import product


class LinearCache(NamedTuple):
    """The input, the weight it met, and whether a bias was added."""

    x: np.ndarray
    weight: np.ndarray
    has_bias: bool


def init_linear(rng: np.random.Generator, width_in: int, width_out: int, bias: bool = True) -> dict:
    """Draw a weight that keeps signals and gradients at one size, on average over both directions.

        weight ~ uniform(-a, a),  a = sqrt(6 / (in + out)),  bias = 0        Glorot & Bengio 2010, eq. 16

    Returns {"weight": (in, out), "bias": (out,)}, without a bias if none is wanted.
    Raises ValueError when a width is below 1.
    """
    if min(width_in, width_out) < 1:
        raise ValueError(f"wanted widths of at least 1, got {width_in} in and {width_out} out")
    bound = math.sqrt(6 / (width_in + width_out))
    params = {"weight": rng.uniform(-bound, bound, (width_in, width_out))}
    if bias:
        params["bias"] = np.zeros(width_out)
    return params


def linear(params: dict, x: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """Multiply by the weight and add the bias.

        x W + b        Goodfellow et al. 2016, section 6.1

    x (..., I)   weight (I, O)   bias (O,), optional
    Returns output (..., O) and a cache. Raises ValueError when x is not as wide as the weight wants.
    """
    weight = params["weight"]
    if np.ndim(x) < 1 or x.shape[-1] != weight.shape[0]:
        raise ValueError(f"wanted an input of shape (..., {weight.shape[0]}), got {np.shape(x)}")
    # One large product is faster than a stack of small ones, so the leading axes become one.
    output = product(x.reshape(-1, x.shape[-1]), weight).reshape(*x.shape[:-1], weight.shape[1])
    has_bias = "bias" in params
    if has_bias:
        output += params["bias"]
    return output, LinearCache(x, weight, has_bias)


def linear_backward(d_output: np.ndarray, cache: LinearCache) -> tuple[np.ndarray, dict]:
    """Carry a gradient back through a linear map.

        output_no = sum_i x_ni W_io + b_o, so d_x_ni = sum_o d_output_no W_io:        d_x = d_output W^T
        and d_W_io = sum_n x_ni d_output_no, d_b_o = sum_n d_output_no:               d_W = x^T d_output

    d_output (..., O)        Returns d_x (..., I) and grads shaped like params.
    """
    x, weight, has_bias = cache
    rows = d_output.reshape(-1, weight.shape[1])
    grads = {"weight": product(x.reshape(-1, weight.shape[0]).T, rows)}
    if has_bias:
        grads["bias"] = rows.sum(axis=0)
    return product(rows, weight.T).reshape(x.shape), grads
