"""How many parameters a model has, and where they are; how many multiplications it takes to read."""

from lesson import tree
from lesson.models.config import LanguageModelConfig


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


def count_multiplications(config: LanguageModelConfig, tokens: int, past: int = 0) -> int:
    """Count the multiplications in all matrix products while a language model reads tokens on top of a past.

        L T (2 D^2 + 2 D G K + 2 (P + T) D + 2 D F) + D V        by the shapes of each product

    T tokens ask, and meet all P + T keys, hidden ones too; G key heads of width K. Only the last one's successor is
    scored. What is not a product of matrices is little, and is left out. Raises ValueError when T < 1 or P < 0.

    >>> count_multiplications(LanguageModelConfig(10, width=4, num_layers=1, num_heads=1, hidden_width=8), 1)
    176
    """
    if tokens < 1 or past < 0:
        raise ValueError(f"wanted 1 token or more on a past of 0 or more, got {tokens} on {past}")
    width = config.width
    key_width = config.head_width * (config.num_key_heads or config.num_heads)
    maps = 2 * width * width + 2 * width * key_width + 2 * width * config.hidden_width
    attention = 2 * (past + tokens) * width
    return config.num_layers * tokens * (maps + attention) + width * config.vocabulary
