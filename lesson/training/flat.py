"""All weights as one long vector: an optimiser then is a line of algebra, and one call instead of one a leaf.

A model has some fifty small arrays. Updating them one by one costs hundreds of tiny NumPy calls a step, which is what
WebAssembly is slowest at; joined, the same update is a dozen calls.
"""

import numpy as np

from lesson.tree import SEPARATOR


def join(leaves: dict[str, np.ndarray]) -> np.ndarray:
    """Write leaves one after the other, in the order of their paths, whatever the order they come in.

    So gradients line up with weights, and the moments in a checkpoint with both.

    >>> join({"b": np.array([[1.0, 2.0]]), "a": np.array(3.0)}).tolist()
    [3.0, 1.0, 2.0]
    """
    if not leaves:
        return np.zeros(0)
    return np.concatenate([leaves[path].ravel() for path in sorted(leaves)])


def cut(vector: np.ndarray, like: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Undo `join`: cut a vector into leaves of these paths and shapes; they are views of the vector.

    Raises ValueError when the vector's length is not the number of weights.
    """
    pieces, start = {}, 0
    for path in sorted(like):
        end = start + like[path].size
        pieces[path] = vector[start:end].reshape(like[path].shape)
        start = end
    if vector.shape != (start,):
        raise ValueError(f"wanted a vector of {start} numbers, got shape {vector.shape}")
    return {path: pieces[path] for path in like}


def fill(like: dict, leaves: dict[str, np.ndarray], prefix: str = "") -> dict:
    """Build a tree of the form of another one, empty branches included, from leaves by path.

    >>> fill({"a": {"b": 1}, "none": {}}, {"a/b": 2})
    {'a': {'b': 2}, 'none': {}}
    """
    return {
        key: fill(value, leaves, prefix + key + SEPARATOR) if isinstance(value, dict) else leaves[prefix + key]
        for key, value in like.items()
    }


def require_same_form(wanted: dict, got: dict, what: str) -> None:
    """Raise ValueError naming the first leaf that one has and the other has not, or has in another shape.

    wanted and got are trees that were flattened: {path: array}.
    """
    shapes, others = ({path: leaf.shape for path, leaf in leaves.items()} for leaves in (wanted, got))
    if shapes == others:
        return
    path = min(path for path in shapes.keys() | others.keys() if shapes.get(path) != others.get(path))
    wanted_shape, got_shape = (f"shape {side[path]}" if path in side else "none" for side in (shapes, others))
    raise ValueError(f"{what}: wanted {wanted_shape} for {path!r}, got {got_shape}")
