"""Layers and the whole transformer against PyTorch: outputs and all gradients to 1e-10."""

import numpy as np
import pytest
from parity_values import assert_close, linear_params, load, multi_head_params, norm_params, under

from lesson import tree
from lesson.models.block import block, block_backward
from lesson.models.config import ModelConfig
from lesson.models.stack import stack, stack_backward

NORMS = ("pre", "post")


def config_of(values, norm):
    width = next(value for key, value in values.items() if key.endswith("norm1.weight")).size
    heads = int(values["num_heads"])
    return ModelConfig(1, width=width, num_heads=heads, norm_first=norm == "pre", positions="none")


def block_params(values, prefix=""):
    """PyTorch numbers a layer's norms in their order: norm2 is the feed-forward's without a cross-attention."""
    params = {"attention": multi_head_params(values, f"{prefix}self_attn.")}
    if f"{prefix}multihead_attn.in_proj_weight" in values:
        params["cross_attention"] = multi_head_params(values, f"{prefix}multihead_attn.")
    hidden, output = (linear_params(values, f"{prefix}linear{number}.") for number in (1, 2))
    params["feed_forward"] = {"hidden": hidden, "output": output}
    norms = {
        f"{name}_norm": norm_params(values, f"{prefix}norm{number}.") for number, name in enumerate(params, start=1)
    }
    return params | norms


def stack_params(values, part):
    layers = {str(layer): block_params(values, f"{part}.layers.{layer}.") for layer in range(2)}
    return layers | {"norm": norm_params(values, f"{part}.norm.")}


def assert_grads(grads, wanted):
    tree.map(assert_close, grads, wanted)


@pytest.mark.parametrize("norm", NORMS)
def test_encoder_layer(norm):
    values = load(f"encoder_layer_{norm}")
    config, mask = config_of(values, norm), values["padding"][:, np.newaxis, :]
    output, cache = block(block_params(under("params/", values)), values["x"], config=config, may_attend=mask)
    (d_x, d_source), grads = block_backward(values["d_output"], cache)
    assert_close(output, values["output"])
    assert_close(d_x, values["d_x"])
    assert d_source is None
    assert_grads(grads, block_params(under("grads/", values)))


@pytest.mark.parametrize("norm", NORMS)
def test_decoder_layer(norm):
    values = load(f"decoder_layer_{norm}")
    output, cache = block(
        block_params(under("params/", values)),
        values["x"],
        values["memory"],
        config=config_of(values, norm),
        may_attend=values["causal"],
        may_attend_source=values["padding"][:, np.newaxis, :],
    )
    (d_x, d_memory), grads = block_backward(values["d_output"], cache)
    assert_close(output, values["output"])
    assert_close(d_x, values["d_x"])
    assert_close(d_memory, values["d_memory"])
    assert_grads(grads, block_params(under("grads/", values)))


@pytest.mark.parametrize("norm", NORMS)
def test_whole_transformer(norm):
    values = load(f"transformer_{norm}")
    params, grads = under("params/", values), under("grads/", values)
    config, padding = config_of(values, norm), values["padding"][:, np.newaxis, :]
    hidden, encoder = stack(stack_params(params, "encoder"), values["source"], config=config, may_attend=padding)
    output, decoder = stack(
        stack_params(params, "decoder"),
        values["target"],
        hidden,
        config=config,
        may_attend=values["causal"],
        may_attend_source=padding,
    )
    (d_target, d_hidden), decoder_grads = stack_backward(values["d_output"], decoder)
    (d_source, _), encoder_grads = stack_backward(d_hidden, encoder)
    assert_close(output, values["output"])
    assert_close(d_target, values["d_target"])
    assert_close(d_source, values["d_source"])
    assert_grads(decoder_grads, stack_params(grads, "decoder"))
    assert_grads(encoder_grads, stack_params(grads, "encoder"))
