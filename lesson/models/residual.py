"""The residual connection around every sub-layer, its norm before or after: the only place that knows which."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from lesson.nn.dropout import DropoutCache, dropout, dropout_backward
from lesson.nn.norm import (
    NormCache,
    init_layer_norm,
    init_rms_norm,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)

NORMS = {
    "layer": (init_layer_norm, layer_norm, layer_norm_backward),
    "rms": (init_rms_norm, rms_norm, rms_norm_backward),
    # As BERT's family has it, for weights that come from there.
    "layer_bert": (init_layer_norm, partial(layer_norm, epsilon=1e-12), layer_norm_backward),
}


class ResidualCache(NamedTuple):
    """The sub-layer's own cache, and what stands around it."""

    inner: NamedTuple
    norm: NormCache
    dropout: DropoutCache
    norm_name: str
    norm_first: bool


def residual(
    norm_params: dict, x: np.ndarray, sublayer: Callable, config, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, ResidualCache]:
    """Add what a sub-layer makes of x to x.

        post-norm:  norm(x + dropout(sublayer(x)))        Vaswani et al. 2017, sections 3.1 and 5.4
        pre-norm:   x + dropout(sublayer(norm(x)))        Xiong et al. 2020, table 1

    x (..., D)   sublayer(x) -> (output, cache)   config: norm, norm_first, dropout   rng: None at evaluation
    Returns output (..., D) and a cache. In pre-norm nothing stands on the way from the last layer to the first.
    """
    _, norm, _ = NORMS[config.norm]
    if config.norm_first:
        normed, norm_cache = norm(norm_params, x)
        y, inner = sublayer(normed)
        y, dropped = dropout(y, config.dropout, rng)
        output = x + y
    else:
        y, inner = sublayer(x)
        y, dropped = dropout(y, config.dropout, rng)
        output, norm_cache = norm(norm_params, x + y)
    return output, ResidualCache(inner, norm_cache, dropped, config.norm, config.norm_first)


def residual_backward(
    d_output: np.ndarray, cache: ResidualCache, backward: Callable
) -> tuple[tuple[np.ndarray, np.ndarray | None], dict, dict]:
    """Carry a gradient back along both ways: through the sub-layer, and past it.

        output = x + f(norm(x)):    d_x = d_output + norm'(f'(d_output))
        output = norm(x + f(x)):    d_sum = norm'(d_output),  d_x = d_sum + f'(d_sum)

    backward(d_y, inner) -> ((d_x, d_source), grads)
    Returns (d_x, d_source), the sub-layer's grads and the norm's.
    """
    _, _, norm_backward = NORMS[cache.norm_name]
    if cache.norm_first:
        (d_normed, d_source), grads = backward(dropout_backward(d_output, cache.dropout), cache.inner)
        d_x, norm_grads = norm_backward(d_normed, cache.norm)
        return (d_output + d_x, d_source), grads, norm_grads
    d_sum, norm_grads = norm_backward(d_output, cache.norm)
    (d_x, d_source), grads = backward(dropout_backward(d_sum, cache.dropout), cache.inner)
    return (d_sum + d_x, d_source), grads, norm_grads
