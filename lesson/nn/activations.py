"""Activations: the bends between two linear maps, without which they would be one."""

import math
from typing import NamedTuple

import numpy as np

from lesson.nn.erf import erf


class ReluCache(NamedTuple):
    """Which entries came through."""

    positive: np.ndarray


class GeluCache(NamedTuple):
    """The input and the share of it that came through."""

    x: np.ndarray
    gate: np.ndarray


def relu(x: np.ndarray) -> tuple[np.ndarray, ReluCache]:
    """Let what is positive through and stop the rest.

        max(0, x)        Nair & Hinton 2010, section 2.1; within Vaswani et al. 2017, eq. 2

    x (...)        Returns output (...) and a cache.

    >>> relu(np.array([-2.0, 0.0, 3.0]))[0]
    array([0., 0., 3.])
    """
    return np.maximum(x, 0), ReluCache(x > 0)


def relu_backward(d_output: np.ndarray, cache: ReluCache) -> np.ndarray:
    """Carry a gradient back through ReLU.

        x > 0: output = x, so d_x = d_output
        x < 0: output = 0, so d_x = 0             (at 0, where there is no slope, 0 too)

    d_output (...)        Returns d_x (...).
    """
    return np.where(cache.positive, d_output, 0.0)


def gelu(x: np.ndarray) -> tuple[np.ndarray, GeluCache]:
    """Let x through in the share of a normal distribution that lies below it.

        x P(x),  P(x) = (1 + erf(x / sqrt(2))) / 2        Hendrycks & Gimpel 2016, section 2

    x (...)        Returns output (...) and a cache.

    >>> gelu(np.array([-1.0, 0.0, 1.0]))[0].round(4).tolist()
    [-0.1587, 0.0, 0.8413]
    """
    gate = (1 + erf(x / math.sqrt(2))) / 2
    return x * gate, GeluCache(x, gate)


def gelu_backward(d_output: np.ndarray, cache: GeluCache) -> np.ndarray:
    """Carry a gradient back through the exact GELU.

        P'(x) = exp(-x^2 / 2) / sqrt(2 pi)        the normal density
        d_x = d_output (P(x) + x P'(x))           product rule

    d_output (...)        Returns d_x (...).
    """
    x, gate = cache
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return d_output * (gate + x * density)


def gelu_tanh(x: np.ndarray) -> tuple[np.ndarray, GeluCache]:
    """Approximate GELU by a hyperbolic tangent, as GPT-2 does.

        x P(x),  P(x) = (1 + tanh u) / 2,  u = sqrt(2/pi) (x + 0.044715 x^3)        Hendrycks & Gimpel 2016, section 2

    x (...)        Returns output (...) and a cache.

    >>> gelu_tanh(np.array([-1.0, 0.0, 1.0]))[0].round(4).tolist()
    [-0.1588, 0.0, 0.8412]
    """
    gate = (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2
    return x * gate, GeluCache(x, gate)


def gelu_tanh_backward(d_output: np.ndarray, cache: GeluCache) -> np.ndarray:
    """Carry a gradient back through the approximate GELU.

        P = (1 + tanh u) / 2, so P' = (1 - tanh^2 u) / 2 u' = 2 P (1 - P) u',  u' = sqrt(2/pi) (1 + 3 * 0.044715 x^2)
        d_x = d_output (P(x) + x P'(x))           product rule

    d_output (...)        Returns d_x (...).
    """
    x, gate = cache
    d_u = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x * x)
    return d_output * (gate + x * 2 * gate * (1 - gate) * d_u)


ACTIVATIONS = {
    "relu": (relu, relu_backward),
    "gelu": (gelu, gelu_backward),
    "gelu_tanh": (gelu_tanh, gelu_tanh_backward),
}
