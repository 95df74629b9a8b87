"""The layers against PyTorch: outputs and all gradients to 1e-10."""

import numpy as np
import pytest
from parity_values import assert_close, load, multi_head_params, norm_params, under

from lesson import tree
from lesson.nn.activations import ACTIVATIONS
from lesson.nn.attend import SourceHeads, attend, attend_backward
from lesson.nn.erf import erf
from lesson.nn.loss import cross_entropy, cross_entropy_backward
from lesson.nn.multi_head import multi_head_attention, multi_head_attention_backward
from lesson.nn.norm import layer_norm, layer_norm_backward


def assert_same_tree(got, wanted):
    tree.map(assert_close, got, wanted)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    values = load("activations")
    forward, backward = ACTIVATIONS[name]
    output, cache = forward(values["x"])
    assert_close(output, values[f"{name}/output"])
    assert_close(backward(values["d_output"], cache), values[f"{name}/d_x"])


def test_erf():
    values = load("activations")
    assert_close(erf(values["x"]), values["erf/output"])


def test_layer_norm():
    values = load("layer_norm")
    output, cache = layer_norm(norm_params(values, ""), values["x"])
    d_x, grads = layer_norm_backward(values["d_output"], cache)
    assert_close(output, values["output"])
    assert_close(d_x, values["d_x"])
    assert_same_tree(grads, norm_params(values, "d_"))


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy(smoothing):
    values = load("cross_entropy")
    loss, cache = cross_entropy(values["logits"], values["targets"], smoothing, pad=int(values["ignore_index"]))
    assert_close(loss, values[f"smoothing_{smoothing}/loss"])
    assert_close(cross_entropy_backward(1.0, cache), values[f"smoothing_{smoothing}/d_logits"])


@pytest.mark.parametrize("name", ["self", "causal", "cross"])
def test_multi_head_attention(name):
    values = load("multi_head")
    source = values["source"] if name == "cross" else None
    may_attend = {"self": None, "causal": values["causal"], "cross": values["padding"][:, np.newaxis, :]}[name]
    params = multi_head_params(under("params/", values))
    heads = int(values["num_heads"])
    output, cache = multi_head_attention(params, values["x"], source, num_heads=heads, may_attend=may_attend)
    (d_x, d_source), grads = multi_head_attention_backward(values["d_output"], cache)
    assert_close(output, values[f"{name}/output"])
    assert_close(cache.weights, values[f"{name}/weights"])
    assert_close(d_x, values[f"{name}/d_x"])
    if source is not None:
        assert_close(d_source, values["cross/d_source"])
    assert_same_tree(grads, multi_head_params(under(f"{name}/grads/", values)))


def test_grouped_query_attention():
    values = load("grouped_query")
    *_, num_heads, positions, head_width = values["q"].shape
    width = num_heads * head_width
    plain = {"weight": np.eye(width), "bias": np.zeros(width)}
    key = {"weight": np.zeros((width, values["k"].shape[-3] * head_width))}
    x = values["q"].swapaxes(1, 2).reshape(-1, positions, width)
    d_output = values["d_output"].swapaxes(1, 2).reshape(-1, positions, width)
    params, heads = {"query": plain, "key": key, "output": plain}, SourceHeads(values["k"], values["v"])
    output, cache = attend(params, x, heads, num_heads)
    (d_x, d_heads), _ = attend_backward(d_output, cache)
    assert_close(output, values["output"].swapaxes(1, 2).reshape(output.shape))
    assert_close(d_x, values["d_q"].swapaxes(1, 2).reshape(output.shape))
    assert_close(d_heads.key, values["d_k"])
    assert_close(d_heads.value, values["d_v"])
