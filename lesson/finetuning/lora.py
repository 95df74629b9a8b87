"""Low-rank adapters: a small correction beside large weights that stand still.

The models know nothing of it. An adapter is a tree of its own; it is added to the weights before the forward pass, and
what the backward pass says of the sum is pulled back to it by the chain rule.
"""

from collections.abc import Sequence

import numpy as np

from lesson import tree
from lesson.training.flat import fill
from lesson.training.gradients import Objective
from lesson.training.groups import matching

DOWN, UP = "down", "up"


def projections(params: dict, names: str | Sequence[str]) -> list[str]:
    """List the paths of the weights (D, F) that are meant by names such as "query", "feed_forward" or "encoder/0".

    A name is a path, the end of one, or a pattern with "*"; what lies below it is meant too.
    Raises ValueError when a name matches no such weight.

    >>> projections({"0": {"query": {"weight": np.zeros((4, 4)), "bias": np.zeros(4)}}}, "query")
    ['0/query/weight']
    """
    names = (names,) if isinstance(names, str) else tuple(names)
    weights = [path for path, leaf in tree.flatten(params).items() if np.ndim(leaf) == 2]
    if not names:
        raise ValueError("wanted the name of at least one projection, got none")
    meant = {name: matching((name, f"*/{name}")) for name in names}
    for name, matches in meant.items():
        if not any(matches(path) for path in weights):
            known = ", ".join(sorted({path.split(tree.SEPARATOR)[-2] for path in weights if tree.SEPARATOR in path}))
            raise ValueError(f"wanted the name of a projection, such as one of {known}, got {name!r}")
    return [path for path in weights if any(matches(path) for matches in meant.values())]


def init_lora(
    rng: np.random.Generator, params: dict, rank: int, names: str | Sequence[str] = ("query", "value")
) -> dict:
    """Draw an adapter that changes nothing yet: A at random, B zero.

        A ~ N(0, 1/D),  B = 0        Hu et al. 2021, section 4.1

    Returns a tree that holds, where params hold a weight (D, F), {"down": A (D, R), "up": B (R, F)}.
    Raises ValueError for an unknown name, or a rank that is not from 1 to the narrower side of each weight.
    """
    leaves = tree.flatten(params)
    adapter = {}
    for path in projections(params, names):
        rows, columns = leaves[path].shape
        largest = min(rows, columns)
        if not isinstance(rank, int) or isinstance(rank, bool) or not 1 <= rank <= largest:
            raise ValueError(f"rank: wanted a whole number from 1 to {largest}, the width of {path!r}, got {rank!r}")
        number_type = leaves[path].dtype
        adapter[f"{path}/{DOWN}"] = (rng.standard_normal((rows, rank)) / np.sqrt(rows)).astype(number_type)
        adapter[f"{path}/{UP}"] = np.zeros((rank, columns), number_type)
    return tree.unflatten(adapter)


def merge_lora(params: dict, adapter: dict, scale: float = 1.0) -> dict:
    """Add an adapter to the weights it stands beside; all others come back as the very same arrays.

        W = W_0 + s A B        Hu et al. 2021, eq. 3

    `merge_lora(merged, adapter, -scale)` takes it off again, but for rounding; who keeps params has them exactly.
    Raises ValueError when the adapter is not one of these params.
    """
    leaves = tree.flatten(params)
    merged = dict(leaves)
    for path, (down, up) in _pairs(adapter).items():
        if path not in leaves or leaves[path].shape != (len(down), up.shape[1]):
            wanted = f"a weight of shape ({len(down)}, {up.shape[1]})"
            got = f"shape {leaves[path].shape}" if path in leaves else "none"
            raise ValueError(f"the adapter wants {wanted} at {path!r}, got {got}")
        merged[path] = leaves[path] + scale * (down @ up)
    return fill(params, merged)


def merge_lora_backward(d_params: dict, adapter: dict, scale: float = 1.0) -> dict:
    """Carry the weights' gradients back to the adapter.

        W = W_0 + s A B, so dW = s (dA B + A dB)
        d_A = s d_W B^T,  d_B = s A^T d_W

    Returns grads shaped like the adapter.
    """
    slopes, grads = tree.flatten(d_params), {}
    for path, (down, up) in _pairs(adapter).items():
        grads[f"{path}/{DOWN}"] = scale * (slopes[path] @ up.T)
        grads[f"{path}/{UP}"] = scale * (down.T @ slopes[path])
    return tree.unflatten(grads)


def adapted(objective: Objective, params: dict, scale: float = 1.0) -> Objective:
    """Turn an objective of a model into one of an adapter beside it: params stay what they are."""

    def of_adapter(adapter, batch, rng=None):
        loss, grads, kept = objective(merge_lora(params, adapter, scale), batch, rng)
        return loss, merge_lora_backward(grads, adapter, scale), kept

    return of_adapter


def _pairs(adapter: dict) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Find both factors of each weight's correction, by the weight's path."""
    leaves = tree.flatten(adapter)
    paths = [path.removesuffix(f"/{DOWN}") for path in leaves if path.endswith(f"/{DOWN}")]
    if set(leaves) != {f"{path}/{name}" for path in paths for name in (DOWN, UP)}:
        raise ValueError(f"wanted an adapter, with {DOWN!r} and {UP!r} for each weight, got {', '.join(leaves)}")
    return {path: (leaves[f"{path}/{DOWN}"], leaves[f"{path}/{UP}"]) for path in paths}
