"""The feed-forward sub-layer: widen every position's vector, bend it, and bring it back."""

from typing import NamedTuple

import numpy as np

from lesson.nn.activations import ACTIVATIONS
from lesson.nn.linear import LinearCache, init_linear, linear, linear_backward


class FeedForwardCache(NamedTuple):
    """The caches of the two linear maps and of the activation between them."""

    hidden: LinearCache
    activation: NamedTuple
    output: LinearCache
    activation_name: str


def init_feed_forward(rng: np.random.Generator, width: int, hidden_width: int) -> dict:
    """Draw two linear maps. Returns {"hidden": {"weight": (D, F), ...}, "output": {"weight": (F, D), ...}}."""
    return {"hidden": init_linear(rng, width, hidden_width), "output": init_linear(rng, hidden_width, width)}


def feed_forward(params: dict, x: np.ndarray, activation: str = "relu") -> tuple[np.ndarray, FeedForwardCache]:
    """Apply the same two linear maps, with a bend between them, to every position on its own.

        activation(x W_1 + b_1) W_2 + b_2        Vaswani et al. 2017, eq. 2

    x (..., D)   activation: "relu", "gelu" or "gelu_tanh"
    Returns output (..., D) and a cache. Raises ValueError for another activation or width.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"wanted one of {', '.join(ACTIVATIONS)} as activation, got {activation!r}")
    hidden, hidden_cache = linear(params["hidden"], x)
    bent, activation_cache = ACTIVATIONS[activation][0](hidden)
    output, output_cache = linear(params["output"], bent)
    return output, FeedForwardCache(hidden_cache, activation_cache, output_cache, activation)


def feed_forward_backward(d_output: np.ndarray, cache: FeedForwardCache) -> tuple[np.ndarray, dict]:
    """Carry a gradient back through the three steps, last one first.

        output = f_3(f_2(f_1(x))), so by the chain rule
        d_x = f_1'(f_2'(f_3'(d_output))), each f' being that step's own backward pass

    d_output (..., D)        Returns d_x (..., D) and grads shaped like params.
    """
    d_bent, output_grads = linear_backward(d_output, cache.output)
    d_hidden = ACTIVATIONS[cache.activation_name][1](d_bent, cache.activation)
    d_x, hidden_grads = linear_backward(d_hidden, cache.hidden)
    return d_x, {"hidden": hidden_grads, "output": output_grads}
