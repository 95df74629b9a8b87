"""DistilBERT, loaded: the real thing is this thing, only larger.

Sanh et al. 2019 keep BERT's encoder (Devlin et al. 2019, section 3): learned positions, a norm after the embeddings and
after each sub-layer, the exact GELU. Its state dict keeps linear maps as (out, in), and a key bias, which softmax does
not see.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.finetuning.distilbert_names import PREFIX, distilbert_module
from lesson.models.config import ModelConfig
from lesson.models.embed import EmbedCache, embed, embed_backward, find_places
from lesson.models.encoder import init_encoder
from lesson.models.residual import NORMS
from lesson.models.stack import StackCache, stack, stack_backward
from lesson.nn.feed_forward import FeedForwardCache, feed_forward, feed_forward_backward
from lesson.nn.masks import padding_mask
from lesson.nn.norm import NormCache, init_layer_norm

_NORM = "layer_bert"
# What softmax does not see, and a buffer that some versions saved.
_UNUSED = ("attention.k_lin.bias", "embeddings.position_ids")
_HEAD = {"hidden": "pre_classifier", "output": "classifier"}


class DistilBertCache(NamedTuple):
    """What its three steps keep."""

    embed: EmbedCache
    norm: NormCache
    stack: StackCache


class DistilBertClassifierCache(NamedTuple):
    """What body and head keep, and the shape of the hidden states between them."""

    body: DistilBertCache
    head: FeedForwardCache
    shape: tuple[int, ...]


def distilbert(params: dict, ids: np.ndarray, config: ModelConfig) -> tuple[np.ndarray, DistilBertCache]:
    """Read tokens as DistilBERT does: this package's encoder, with one norm more, on what comes from the tables.

        stack(norm(embed(ids)))        Sanh et al. 2019, section 3

    ids (..., S)        Returns hidden states (..., S, D) and a cache. Raises ValueError for ids outside the vocabulary.
    """
    ids = np.asarray(ids)
    x, embed_cache = embed(params["embedding"], ids, find_places(ids, config.pad), config)
    x, norm_cache = NORMS[config.norm][1](params["embedding_norm"], x)
    hidden, stack_cache = stack(params, x, config=config, may_attend=padding_mask(ids, config.pad))
    return hidden, DistilBertCache(embed_cache, norm_cache, stack_cache)


def distilbert_backward(d_hidden: np.ndarray, cache: DistilBertCache) -> tuple[None, dict]:
    """Carry a gradient back through the layers and the norm to the tables.

        hidden = stack(norm(embed(ids))), so d_tables = embed'(norm'(stack'(d_hidden)))

    d_hidden (..., S, D)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    (d_x, _), grads = stack_backward(d_hidden, cache.stack)
    d_x, norm_grads = NORMS[_NORM][2](d_x, cache.norm)
    return None, {"embedding": embed_backward(d_x, cache.embed)[1], "embedding_norm": norm_grads, **grads}


def distilbert_classifier(
    params: dict, ids: np.ndarray, config: ModelConfig
) -> tuple[np.ndarray, DistilBertClassifierCache]:
    """Score a text for each label, by what DistilBERT made of its first token.

        relu(hidden_0 W_1 + b_1) W_2 + b_2        Devlin et al. 2019, section 4.1, one map more

    params: {"body": those of `distilbert`, "head": those of `feed_forward`}   ids (..., S), with at least one token
    Returns logits (..., L) and a cache. Raises ValueError as `distilbert`.
    """
    hidden, body_cache = distilbert(params["body"], ids, config)
    logits, head_cache = feed_forward(params["head"], hidden[..., 0, :])
    return logits, DistilBertClassifierCache(body_cache, head_cache, hidden.shape)


def distilbert_classifier_backward(d_logits: np.ndarray, cache: DistilBertClassifierCache) -> tuple[None, dict]:
    """Carry a gradient back through the head to all of the body.

        logits = head(hidden_0), so d_hidden_0 = head'(d_logits), and 0 at all other places

    d_logits (..., L)        Returns None (ids are no numbers to move along) and grads shaped like params.
    """
    d_first, head_grads = feed_forward_backward(d_logits, cache.head)
    d_hidden = np.zeros(cache.shape, d_first.dtype)
    d_hidden[..., 0, :] = d_first
    return None, {"body": distilbert_backward(d_hidden, cache.body)[1], "head": head_grads}


def load_distilbert_classifier(state: Mapping[str, np.ndarray], num_heads: int = 12) -> tuple[dict, ModelConfig]:
    """Translate a state dict of DistilBERT with a classifier's head, as arrays, to (params, config).

    num_heads as in `load_distilbert`, and so are the errors.
    """
    body, config = load_distilbert(state, num_heads)
    labels, _ = _matrix(state, "classifier.weight")
    widths = {"hidden": (config.width, config.width), "output": (config.width, labels)}
    head = {
        name: {
            kind: _read(state, name, f"{_HEAD[name]}.{kind}", shape)
            for kind, shape in (("weight", wide), ("bias", wide[1:]))
        }
        for name, wide in widths.items()
    }
    return {"body": body, "head": head}, config


def load_distilbert(state: Mapping[str, np.ndarray], num_heads: int = 12) -> tuple[dict, ModelConfig]:
    """Translate a state dict of DistilBERT, as arrays, to (params, config); without the head above it, if there is one.

    num_heads: the one figure that the shapes do not tell   dropout is off
    Raises ValueError, naming it, for an array that is missing, is not DistilBERT's, has another shape, or holds
    anything but finite numbers.
    """
    arrays = {name.removeprefix(PREFIX): np.asarray(array) for name, array in _own(state).items()}
    config = _config(arrays, num_heads)
    plan = init_encoder(np.random.default_rng(0), config) | {"embedding_norm": init_layer_norm(config.width)}
    wanted = {path: (_name(path), leaf.shape) for path, leaf in tree.flatten(plan).items()}
    for name in arrays.keys() - {name for name, _ in wanted.values()}:
        if not name.endswith(_UNUSED):
            raise ValueError(f"wanted a state dict of DistilBERT, got {name!r} in it")
    return tree.unflatten({path: _read(arrays, path, *found) for path, found in wanted.items()}), config


def _own(state: Mapping[str, np.ndarray]) -> dict:
    """Pick what belongs to the encoder: all of it, or what stands under its name when there is a head too."""
    if not isinstance(state, Mapping):
        raise ValueError(f"wanted a state dict, arrays by name, got {type(state).__name__}")
    own = {name: array for name, array in state.items() if name.startswith(PREFIX)}
    return own or dict(state)


def _name(path: str) -> str:
    module, _, kind = path.rpartition(tree.SEPARATOR)
    name = "embeddings.LayerNorm" if module == "embedding_norm" else distilbert_module(module).removeprefix(PREFIX)
    return f"{name}.{kind}"


def _config(arrays: dict, num_heads: int) -> ModelConfig:
    tokens, places, hidden = (
        _matrix(arrays, f"{name}.weight")
        for name in (
            *("embeddings.word_embeddings", "embeddings.position_embeddings"),
            "transformer.layer.0.ffn.lin1",
        )
    )
    layers = {name.split(".")[2] for name in arrays if name.startswith("transformer.layer.")}
    return ModelConfig(
        vocabulary=tokens[0],
        width=tokens[1],
        num_layers=len(layers),
        num_heads=num_heads,
        hidden_width=hidden[0],
        norm=_NORM,
        norm_first=False,
        activation="gelu",
        positions="learned",
        longest=places[0],
    )


def _matrix(arrays: Mapping, name: str) -> tuple[int, int]:
    if name not in arrays or np.ndim(arrays[name]) != 2:
        got = f"shape {np.shape(arrays[name])}" if name in arrays else "none"
        raise ValueError(f"wanted a state dict of DistilBERT with a matrix {name!r}, got {got}")
    return np.shape(arrays[name])


def _read(arrays: Mapping, path: str, name: str, shape: tuple[int, ...]) -> np.ndarray:
    is_table = path.startswith("embedding/")
    turned = shape if is_table else shape[::-1]
    if name not in arrays or np.shape(arrays[name]) != turned:
        got = f"shape {np.shape(arrays[name])}" if name in arrays else "none"
        raise ValueError(f"wanted an array of shape {turned} as {name!r}, got {got}")
    array = np.asarray(arrays[name])
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        raise ValueError(f"wanted finite numbers as {name!r}, got {array.dtype}, not all of them such")
    # `embed` multiplies by the root of the width (Vaswani et al. 2017, section 3.4); DistilBERT does not.
    return array / np.sqrt(shape[1], dtype=array.dtype) if is_table else array.T.copy()
