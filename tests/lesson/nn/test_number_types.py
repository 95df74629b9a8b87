"""Nothing in a layer may turn float32 into float64: it would double the memory and halve the speed unseen."""

import numpy as np
import pytest

from lesson import tree
from lesson.nn.activations import ACTIVATIONS
from lesson.nn.dropout import dropout, dropout_backward
from lesson.nn.embedding import embedding, embedding_backward, init_embedding
from lesson.nn.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from lesson.nn.linear import init_linear, linear, linear_backward
from lesson.nn.loss import cross_entropy, cross_entropy_backward
from lesson.nn.norm import init_layer_norm, init_rms_norm, layer_norm, layer_norm_backward, rms_norm, rms_norm_backward
from lesson.nn.rotary import rotary_positions, rotate

RNG = np.random.default_rng(0)
X = RNG.standard_normal((2, 5, 12)).astype(np.float32)
LAYERS = {
    "linear": (init_linear(RNG, 12, 7), linear, linear_backward),
    "feed-forward": (init_feed_forward(RNG, 12, 7), feed_forward, feed_forward_backward),
    "layer norm": (init_layer_norm(12), layer_norm, layer_norm_backward),
    "RMS norm": (init_rms_norm(12), rms_norm, rms_norm_backward),
}


def assert_float32(*arrays):
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name):
    params, forward, backward = LAYERS[name]
    output, cache = forward(tree.map(np.float32, params), X)
    d_x, grads = backward(output, cache)
    assert_float32(output, d_x, *tree.flatten(grads).values())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    forward, backward = ACTIVATIONS[name]
    output, cache = forward(X)
    assert_float32(output, backward(output, cache))


def test_dropout_embedding_and_rotary():
    output, cache = dropout(X, 0.5, np.random.default_rng(0))
    assert_float32(output, dropout_backward(output, cache))
    output, cache = embedding(tree.map(np.float32, init_embedding(RNG, 7, 3)), np.array([1, 1, 6]))
    assert_float32(output, embedding_backward(output, cache)[1]["weight"])
    assert_float32(rotate(X, rotary_positions(np.arange(5), 12)))


def test_the_loss():
    loss, cache = cross_entropy(X, np.ones((2, 5), int), smoothing=0.1, pad=0)
    assert_float32(loss, cross_entropy_backward(1.0, cache))
