"""The smallest thing that trains: one token in, the next one out, with padding to ignore and dropout to draw."""

from typing import NamedTuple

import numpy as np

from lesson.nn.loss import cross_entropy, cross_entropy_backward

V, D, T = 7, 5, 6


class Batch(NamedTuple):
    source: np.ndarray
    target: np.ndarray


def init(rng):
    return {
        "embedding": {"weight": rng.normal(size=(V, D))},
        "layers": {"0": {"weight": rng.normal(size=(D, V)), "bias": np.zeros(V)}},
    }


def objective(params, batch, rng):
    kept = rng.random((*batch.source.shape, D)) < 0.9
    return _loss(params, batch, kept)


def objective_without_dropout(params, batch, rng):
    return _loss(params, batch, np.ones((*batch.source.shape, D)))


def _loss(params, batch, kept):
    table, layer = params["embedding"]["weight"], params["layers"]["0"]
    hidden = table[batch.source] * kept
    loss, cache = cross_entropy(hidden @ layer["weight"] + layer["bias"], batch.target, pad=0)
    d_logits = cross_entropy_backward(1.0, cache)
    d_table = np.zeros_like(table)
    np.add.at(d_table, batch.source, d_logits @ layer["weight"].T * kept)
    d_layer = {
        "weight": np.einsum("btd,btv->dv", hidden, d_logits),
        "bias": d_logits.sum(axis=(0, 1)),
    }
    return loss, {"layers": {"0": d_layer}, "embedding": {"weight": d_table}}, cache.count


def draw(rng, step, count=4):
    """The next token is the double of this one, modulo V; about a third is padding."""
    source = rng.integers(1, V, (count, T))
    target = np.where(rng.random((count, T)) < 0.7, np.maximum(2 * source % V, 1), 0)
    return Batch(source, target)
