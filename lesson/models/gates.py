"""Which heads speak, and what they look at: one path for both, such as "encoder/0/attention"."""

import numpy as np

from lesson import tree

ATTENTIONS = ("attention", "cross_attention")


def attention_paths(params: dict) -> list[str]:
    """List the paths of all multi-head attentions of a model."""
    paths = [path.removesuffix("/query/weight") for path in tree.flatten(params) if path.endswith("/query/weight")]
    return [path for path in paths if path.rpartition("/")[2] in ATTENTIONS]


def nest_gates(gates: dict[str, np.ndarray] | None, params: dict) -> dict:
    """Turn {"encoder/0/attention": (..., H)} into the nested form that the layers take.

    Raises ValueError for a path that is no attention of the model: a misspelt gate would shut nothing.
    """
    if not gates:
        return {}
    known = attention_paths(params)
    for path in gates:
        if path not in known:
            raise ValueError(f"gates: wanted paths among {', '.join(known)}, got {path!r}")
    return tree.unflatten(gates)


def attention_weights(cache) -> dict[str, np.ndarray]:
    """Read the attention weights out of a whole model's cache: {"decoder/0/cross_attention": (..., H, T, S), ...}."""
    return {
        f"{part}/{number}/{name}": getattr(block, name).inner.weights
        for part, stack in _stacks(cache)
        for number, block in enumerate(stack.blocks)
        for name in ATTENTIONS
        if getattr(block, name) is not None
    }


def residual_stream(cache) -> dict[str, tuple[np.ndarray, ...]]:
    """Read the residual stream out of a whole model's cache: {"encoder": (before layer 0, after layer 0, ...), ...}."""
    return {part: stack.stream for part, stack in _stacks(cache)}


def _stacks(cache) -> list[tuple]:
    return [(part, getattr(cache, part).stack) for part in ("encoder", "decoder") if hasattr(cache, part)]
