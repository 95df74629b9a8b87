"""Layers whose wiring can be taken out, to see what it is for: how signal and gradient fare from layer to layer."""

from typing import NamedTuple

import numpy as np

from lesson.nn.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention, multi_head_attention_backward
from lesson.nn.norm import NormCache, init_layer_norm, layer_norm, layer_norm_backward

WIDTH, HEADS, HIDDEN, LENGTH = 32, 4, 128, 8
NORMS = ("pre", "post", "none")


class Depths(NamedTuple):
    """Three figures below the first layer and above each of L layers, all (L + 1,).

    stream: the root mean square of the numbers that run there   gradient: that of the gradient, 1 at the top
    alike: the cosine between two words, averaged over all pairs
    """

    stream: np.ndarray
    gradient: np.ndarray
    alike: np.ndarray


class StepCache(NamedTuple):
    """What a sub-layer keeps, and the norms before and after it, where there are any."""

    inner: NamedTuple
    before: NormCache | None
    after: NormCache | None


def measure_depths(num_layers: int, norm: str = "pre", residual: bool = True, seed: int = 58) -> Depths:
    """Send eight random words up through untrained layers, and a random gradient of size 1 down again.

        pre:  x + f(norm(x))     post:  norm(x + f(x))     none:  x + f(x)     without residual the "x +" is missing

    norm: "pre", "post" or "none"   seed: settles words, weights and gradient; fewer layers are the first of more
    Raises ValueError for no layers or another norm.
    """
    if num_layers < 1 or norm not in NORMS:
        raise ValueError(f"wanted a layer or more and one of {', '.join(NORMS)}, got {num_layers} and {norm!r}")
    rng = np.random.default_rng(seed)
    x, d_x = rng.normal(size=(2, LENGTH, WIDTH))
    stream, caches = [x], []
    for _ in range(num_layers):
        for sublayer, params in (
            (_attend, init_multi_head_attention(rng, WIDTH, HEADS)),
            (feed_forward, init_feed_forward(rng, WIDTH, HIDDEN)),
        ):
            x, cache = _step(sublayer, params, x, norm, residual)
            caches.append(cache)
        stream.append(x)
    d_x /= _size(d_x)
    gradient = [d_x]
    for feed_cache, attention_cache in zip(caches[::-2], caches[-2::-2], strict=True):
        d_x = _step_backward(_feed_backward, d_x, feed_cache, residual)
        d_x = _step_backward(_attend_backward, d_x, attention_cache, residual)
        gradient.append(d_x)
    return Depths(*(np.array(figures) for figures in (_sizes(stream), _sizes(gradient[::-1]), [*map(_alike, stream)])))


def _step(sublayer, params: dict, x: np.ndarray, norm: str, residual: bool) -> tuple[np.ndarray, StepCache]:
    read, before, after = x, None, None
    if norm == "pre":
        read, before = layer_norm(init_layer_norm(WIDTH), x)
    output, inner = sublayer(params, read)
    output = x + output if residual else output
    if norm == "post":
        output, after = layer_norm(init_layer_norm(WIDTH), output)
    return output, StepCache(inner, before, after)


def _step_backward(backward, d_output: np.ndarray, cache: StepCache, residual: bool) -> np.ndarray:
    """Carry a gradient back: through the norm above, through the sub-layer and the norm below it, and past both."""
    if cache.after is not None:
        d_output, _ = layer_norm_backward(d_output, cache.after)
    d_x = backward(d_output, cache.inner)
    if cache.before is not None:
        d_x, _ = layer_norm_backward(d_x, cache.before)
    return d_output + d_x if residual else d_x


def _attend(params: dict, x: np.ndarray) -> tuple[np.ndarray, NamedTuple]:
    return multi_head_attention(params, x, num_heads=HEADS)


def _attend_backward(d_output: np.ndarray, cache: NamedTuple) -> np.ndarray:
    return multi_head_attention_backward(d_output, cache)[0][0]


def _feed_backward(d_output: np.ndarray, cache: NamedTuple) -> np.ndarray:
    return feed_forward_backward(d_output, cache)[0]


def _size(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x * x)))


def _sizes(many: list[np.ndarray]) -> list[float]:
    return [_size(x) for x in many]


def _alike(x: np.ndarray) -> float:
    directions = x / np.linalg.norm(x, axis=-1, keepdims=True)
    cosines = directions @ directions.T
    return float((cosines.sum() - np.trace(cosines)) / (cosines.size - len(cosines)))
