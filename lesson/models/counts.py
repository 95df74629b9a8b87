"""How many parameters a model has, and where they are."""

from lesson import tree


def count_parts(params: dict, depth: int = 2) -> dict[str, int]:
    """Count the parameters below each path of so many parts; "encoder/0" is one of two.

    >>> import numpy as np
    >>> count_parts({"encoder": {"0": {"weight": np.zeros((2, 3))}, "norm": np.zeros(3)}, "output": np.zeros(5)})
    {'encoder/0': 6, 'encoder/norm': 3, 'output': 5}
    """
    if depth < 1:
        raise ValueError(f"wanted a depth of at least 1, got {depth}")
    parts: dict[str, int] = {}
    for path, leaf in tree.flatten(params).items():
        part = tree.SEPARATOR.join(path.split(tree.SEPARATOR)[:depth])
        parts[part] = parts.get(part, 0) + int(leaf.size)
    return parts


def format_counts(params: dict, depth: int = 2) -> str:
    """Write the counts as aligned plain text, their sum on the last line.

    >>> import numpy as np
    >>> print(format_counts({"encoder": np.zeros((50, 40)), "output": np.zeros(5)}))
    encoder  2,000
    output       5
    total    2,005
    """
    parts = count_parts(params, depth) | {"total": tree.count(params)}
    wide = max(map(len, parts))
    figures = max(len(f"{number:,}") for number in parts.values())
    return "\n".join(f"{part:<{wide}}  {number:>{figures},}" for part, number in parts.items())
