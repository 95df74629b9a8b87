"""DistilBERT's names for what this package has under its own: the real thing is this thing, a little larger.

Sanh et al. 2019 keep BERT's encoder (Devlin et al. 2019, section 3): learned positions, the norm after each sub-layer,
the exact GELU. Its linear maps are kept as (out, in), and it has a key bias, which softmax does not see.
"""

import numpy as np

from lesson import tree

PREFIX = "distilbert."
_MODULES = {
    "attention/query": "attention.q_lin",
    "attention/key": "attention.k_lin",
    "attention/value": "attention.v_lin",
    "attention/output": "attention.out_lin",
    "attention_norm": "sa_layer_norm",
    "feed_forward/hidden": "ffn.lin1",
    "feed_forward/output": "ffn.lin2",
    "feed_forward_norm": "output_layer_norm",
}
_TABLES = {"embedding/token": "embeddings.word_embeddings", "embedding/position": "embeddings.position_embeddings"}


def distilbert_module(path: str) -> str:
    """Translate the path of an encoder's module.

    >>> distilbert_module("3/attention/query")
    'distilbert.transformer.layer.3.attention.q_lin'
    """
    if path in _TABLES:
        return PREFIX + _TABLES[path]
    layer, _, module = path.partition(tree.SEPARATOR)
    if not layer.isdigit() or module not in _MODULES:
        raise ValueError(f"wanted the path of a module that DistilBERT has, got {path!r}")
    return f"{PREFIX}transformer.layer.{layer}.{_MODULES[module]}"


def distilbert_skeleton(num_layers: int) -> dict:
    """Make a tree with the paths of a DistilBERT classifier and with leaves of size one: what a plan's names mean."""
    names = ("query", "key", "value", "output")
    layer = {
        "attention": {name: {"weight": np.zeros((1, 1))} for name in names},
        "feed_forward": {name: {"weight": np.zeros((1, 1))} for name in ("hidden", "output")},
    }
    encoder = {"embedding": {"token": {"weight": np.zeros((1, 1))}}, **{str(n): layer for n in range(num_layers)}}
    return {"encoder": encoder, "output": {"weight": np.zeros((1, 1))}}
