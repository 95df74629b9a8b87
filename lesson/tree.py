"""Trees of parameters: nested dictionaries whose leaves are arrays, with paths like "encoder/0/attention/query/weight".

A list of layers is a dictionary with the keys "0", "1", ...; so there is one kind of branch, and every leaf has a name
that can be printed, saved, frozen or looked up.
"""

from collections.abc import Callable

import numpy as np

SEPARATOR = "/"


def flatten(tree: dict, prefix: str = "") -> dict[str, np.ndarray]:
    """Give every leaf its path, in the tree's own order.

    Raises ValueError when a key is no string, is empty or holds the separator: two leaves could then share a path.

    >>> flatten({"encoder": {"0": {"weight": 3}}, "bias": 4})
    {'encoder/0/weight': 3, 'bias': 4}
    """
    if not isinstance(tree, dict):
        raise ValueError(f"wanted a dictionary of parameters, got {type(tree).__name__}")
    flat = {}
    for key, value in tree.items():
        if not isinstance(key, str) or not key or SEPARATOR in key:
            raise ValueError(f"wanted a non-empty string without {SEPARATOR!r} as key, got {key!r} under {prefix!r}")
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{key}{SEPARATOR}"))
        else:
            flat[prefix + key] = value
    return flat


def unflatten(flat: dict[str, np.ndarray]) -> dict:
    """Build the tree that `flatten` would turn into these paths.

    Raises ValueError when a path has an empty part, or names both a leaf and a branch.

    >>> unflatten({"encoder/0/weight": 3, "bias": 4})
    {'encoder': {'0': {'weight': 3}}, 'bias': 4}
    """
    tree: dict = {}
    for path, leaf in flat.items():
        *branches, name = path.split(SEPARATOR)
        if not name or not all(branches):
            raise ValueError(f"wanted a path of non-empty parts, got {path!r}")
        node = tree
        for branch in branches:
            node = node.setdefault(branch, {})
            if not isinstance(node, dict):
                raise ValueError(f"{path!r} runs through a leaf: one of its parents holds an array")
        if name in node:
            raise ValueError(f"{path!r} is a leaf here and a branch elsewhere")
        node[name] = leaf
    return tree


def map(function: Callable, tree: dict, *others: dict) -> dict:
    """Apply a function to the leaves of one tree, or to the leaves of several that share their paths.

    Raises ValueError naming the first path that one tree has and another has not.

    >>> map(lambda weight, step: weight - step, {"a": {"b": 3}}, {"a": {"b": 1}})
    {'a': {'b': 2}}
    """
    return map_with_path(lambda _, *leaves: function(*leaves), tree, *others)


def map_with_path(function: Callable, tree: dict, *others: dict) -> dict:
    """Like `map`, with the leaf's path as the function's first argument (a mask over paths is made so).

    >>> map_with_path(lambda path, _: path.startswith("decoder/"), {"encoder": {"bias": 1}, "decoder": {"bias": 1}})
    {'encoder': {'bias': False}, 'decoder': {'bias': True}}
    """
    return _map(function, "", tree, *others)


def _map(function: Callable, prefix: str, tree: dict, *others: dict) -> dict:
    result = {}
    for other in others:
        _require_same_keys(prefix, tree, other)
    for key, value in tree.items():
        values, path = (value, *(other[key] for other in others)), prefix + key
        branches = [isinstance(each, dict) for each in values]
        if any(branches) and not all(branches):
            raise ValueError(f"wanted trees of one structure, but {path!r} is a branch in one and a leaf in another")
        result[key] = _map(function, path + SEPARATOR, *values) if all(branches) else function(path, *values)
    return result


def _require_same_keys(prefix: str, tree: dict, other: dict) -> None:
    difference = tree.keys() ^ other.keys()
    if difference:
        raise ValueError(f"wanted trees of one structure, but only one of them has {prefix + min(difference)!r}")


def zeros_like(tree: dict) -> dict:
    """Give a tree of zeros with the same paths, shapes and number types."""
    return map(np.zeros_like, tree)


def count(tree: dict) -> int:
    """Count the numbers in all leaves: the figure that papers call "parameters".

    >>> count({"weight": np.zeros((3, 5)), "bias": np.zeros(5)})
    20
    """
    return sum(int(np.size(leaf)) for leaf in flatten(tree).values())
