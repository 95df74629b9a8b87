"""The gradient checks of the layers around attention, rows of the table in `gradcheck_cases`.

The axes have distinct, prime sizes, so that none can stand in for another.
"""

from collections.abc import Callable

import numpy as np

from lesson import tree
from lesson.nn.activations import ACTIVATIONS
from lesson.nn.dropout import dropout, dropout_backward
from lesson.nn.embedding import embedding, embedding_backward, init_embedding
from lesson.nn.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from lesson.nn.linear import init_linear, linear, linear_backward
from lesson.nn.loss import cross_entropy, cross_entropy_backward
from lesson.nn.norm import init_layer_norm, init_rms_norm, layer_norm, layer_norm_backward, rms_norm, rms_norm_backward
from lesson.nn.positions import init_learned_positions, learned_positions, learned_positions_backward

B, T, S, D, F, V = 2, 5, 7, 11, 13, 17
LAYER_CASES: dict[str, Callable] = {}


def entering(table: dict[str, Callable]) -> Callable:
    """Make the decorator that enters a case into a table under a name."""

    def case(name: str) -> Callable:
        def enter(build: Callable) -> Callable:
            table[name] = build
            return build

        return enter

    return case


case = entering(LAYER_CASES)


def leaf_case(forward: Callable, backward: Callable, **inputs: np.ndarray) -> tuple:
    """A layer without parameters and with one input."""
    (name,) = inputs
    return lambda i: forward(i[name]), lambda d_output, cache: {name: backward(d_output, cache)}, inputs


def layer_case(forward: Callable, backward: Callable, params: dict, x: np.ndarray) -> tuple:
    """A layer with parameters and one input."""

    def both(d_output, cache):
        d_x, grads = backward(d_output, cache)
        return {"x": d_x, "params": grads}

    return lambda i: forward(i["params"], i["x"]), both, {"x": x, "params": params}


def table_case(forward: Callable, backward: Callable, params: dict, ids: np.ndarray) -> tuple:
    """A table of rows, read at places that have no gradient."""
    return (
        lambda i: forward(i["params"], ids),
        lambda d_output, cache: {"params": backward(d_output, cache)[1]},
        {"params": params},
    )


def nudge(rng: np.random.Generator, params: dict) -> dict:
    """Move every parameter off its starting value: a bias of zero or a weight of one would hide mistakes."""
    return tree.map(lambda leaf: leaf + 0.3 * rng.standard_normal(leaf.shape), params)


for activation in ACTIVATIONS:

    @case(activation)
    def _(rng, activation=activation):
        return leaf_case(*ACTIVATIONS[activation], x=2 * rng.standard_normal((B, T, D)))

    @case(f"feed-forward, {activation}")
    def _(rng, activation=activation):
        params = nudge(rng, init_feed_forward(rng, D, F))
        x = rng.standard_normal((B, T, D))
        return layer_case(lambda p, x: feed_forward(p, x, activation), feed_forward_backward, params, x)


@case("linear")
def _(rng):
    return layer_case(linear, linear_backward, nudge(rng, init_linear(rng, D, F)), rng.standard_normal((B, T, D)))


@case("linear, no bias")
def _(rng):
    return layer_case(linear, linear_backward, init_linear(rng, D, F, bias=False), rng.standard_normal((B, T, D)))


@case("layer norm")
def _(rng):
    params = nudge(rng, init_layer_norm(D))
    return layer_case(layer_norm, layer_norm_backward, params, 1 + 3 * rng.standard_normal((B, T, D)))


@case("RMS norm")
def _(rng):
    params = nudge(rng, init_rms_norm(D))
    return layer_case(rms_norm, rms_norm_backward, params, 1 + 3 * rng.standard_normal((B, T, D)))


@case("dropout, training")
def _(rng):
    def forward(x):
        # Chance has to repeat itself, or the two sides of the difference would drop different numbers.
        return dropout(x, 0.3, np.random.default_rng(7))

    return leaf_case(forward, dropout_backward, x=rng.standard_normal((B, T, D)))


@case("dropout, evaluation")
def _(rng):
    return leaf_case(lambda x: dropout(x, 0.3), dropout_backward, x=rng.standard_normal((B, T, D)))


@case("embedding")
def _(rng):
    return table_case(embedding, embedding_backward, init_embedding(rng, V, D), rng.integers(0, V, (B, 3 * T)))


@case("learned positions")
def _(rng):
    places = np.arange(T) + np.array([[0], [2]])
    return table_case(learned_positions, learned_positions_backward, init_learned_positions(rng, S, D), places)


for smoothing in (0.0, 0.1, 1.0):

    @case(f"cross-entropy, smoothing {smoothing}")
    def _(rng, smoothing=smoothing):
        targets = rng.integers(0, V, (B, T))
        targets[0, 3:] = targets[1, 0] = 0
        return leaf_case(
            lambda logits: cross_entropy(logits, targets, smoothing, pad=0),
            cross_entropy_backward,
            logits=3 * rng.standard_normal((B, T, V)),
        )
