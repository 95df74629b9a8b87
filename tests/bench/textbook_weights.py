"""Carry weights from the package's tree into the textbook's objects, and gradients back by the same way."""

import numpy as np
import textbook

from lesson.models.stack import layers_of


def build(params: dict, num_heads: int) -> textbook.Transformer:
    """Build the textbook's transformer with an encoder-decoder's weights (pre-norm, sinusoids, nothing shared)."""
    stacks = (
        textbook.Stack(
            textbook.Embedding(part["embedding"]["token"]["weight"]),
            [_layer(layer, num_heads) for layer in layers_of(part)],
            textbook.LayerNorm(**part["norm"]),
        )
        for part in (params["encoder"], params["decoder"])
    )
    return textbook.Transformer(*stacks, textbook.Linear(**params["decoder"]["output"]))


def parameters_of(part) -> list[textbook.Parameter]:
    """List every parameter that hangs on an object."""
    if isinstance(part, textbook.Parameter):
        return [part]
    children = part if isinstance(part, list) else vars(part).values() if hasattr(part, "__dict__") else ()
    return [parameter for child in children for parameter in parameters_of(child)]


def gradients(model: textbook.Transformer) -> dict:
    """Collect the gradients as a tree shaped like the package's."""
    parts = {"encoder": _stack_gradients(model.encoder), "decoder": _stack_gradients(model.decoder)}
    parts["decoder"]["output"] = _held(model.output)
    return parts


def _layer(params: dict, num_heads: int) -> textbook.Layer:
    feed = textbook.FeedForward(*(textbook.Linear(**params["feed_forward"][name]) for name in ("hidden", "output")))
    parts = [_attention(params["attention"], num_heads), textbook.LayerNorm(**params["attention_norm"])]
    parts += [feed, textbook.LayerNorm(**params["feed_forward_norm"])]
    if "cross_attention" in params:
        parts += [_attention(params["cross_attention"], num_heads)]
        parts += [textbook.LayerNorm(**params["cross_attention_norm"])]
    return textbook.Layer(*parts)


def _attention(params: dict, num_heads: int) -> textbook.MultiHeadAttention:
    cut = {
        name: [
            textbook.Linear(*columns)
            for columns in zip(
                *(np.split(leaf, num_heads, axis=-1) for leaf in (params[name][key] for key in params[name])),
                strict=True,
            )
        ]
        for name in ("query", "key", "value")
    }
    heads = [textbook.Head(*three) for three in zip(*cut.values(), strict=True)]
    return textbook.MultiHeadAttention(heads, textbook.Linear(**params["output"]))


def _stack_gradients(stack: textbook.Stack) -> dict:
    layers = {str(number): _layer_gradients(layer) for number, layer in enumerate(stack.layers)}
    return {"embedding": {"token": {"weight": stack.embedding.table.gradient}}, **layers, "norm": _held(stack.norm)}


def _layer_gradients(layer: textbook.Layer) -> dict:
    feed = {"hidden": _held(layer.feed.hidden), "output": _held(layer.feed.output)}
    grads = {"attention": _attention_gradients(layer.attention), "attention_norm": _held(layer.attention_norm)}
    grads |= {"feed_forward": feed, "feed_forward_norm": _held(layer.feed_norm)}
    if layer.cross is not None:
        grads["cross_attention"] = _attention_gradients(layer.cross)
        grads["cross_attention_norm"] = _held(layer.cross_norm)
    return grads


def _attention_gradients(attention: textbook.MultiHeadAttention) -> dict:
    grads = {"output": _held(attention.output)}
    for name in ("query", "key", "value"):
        held = [_held(getattr(head, name)) for head in attention.heads]
        grads[name] = {key: np.concatenate([each[key] for each in held], axis=-1) for key in held[0]}
    return grads


def _held(part) -> dict:
    return {name: p.gradient for name, p in vars(part).items() if isinstance(p, textbook.Parameter)}
