"""A heatmap for a terminal: shading characters, numbers, and the words at the edges, in columns that stay straight."""

import unicodedata
from collections.abc import Sequence

import numpy as np

from lesson.plots.summary import labelled

BLOCKS, ASCII = " ░▒▓█", " .:*#"  # from light to dark
WIDTH = 9  # columns, of a label and of a cell
REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def text_heatmap(
    weights: np.ndarray,
    queries: Sequence[str],
    keys: Sequence[str] | None = None,
    limit: int = 7,
    shades: str = BLOCKS,
) -> str:
    """Write attention weights as lines of text, one row a query, one column a key; long texts are cut, and it says so.

    weights (T, S)   queries: T words   keys: S words, the queries again unless given
    Shading runs from the smallest to the largest weight shown, because weights that differ in the third decimal would
    look all alike otherwise. With seven keys at most, the table is no wider than 72 columns.
    Raises ValueError when the words do not fit the weights, or limit is below 1.

    >>> print(text_heatmap(np.array([[0.25, 0.75], [0.5, 0.5]]), ["not", "boring"], shades=ASCII))
                   not   boring
    not         0.2500 ##0.7500
    boring    ::0.5000 ::0.5000
    light 0.2500, dark 0.7500; each row is a query and shares out 1 among the keys
    """
    weights, keys = labelled(weights, queries, keys)
    if limit < 1:
        raise ValueError(f"limit: wanted a whole number of at least 1, got {limit}")
    shown = weights[:limit, :limit]
    lines = ["".join([" " * WIDTH, *(" " + fit(key, WIDTH - 1, right=True) for key in keys[:limit])])]
    for query, row, marks in zip(queries, shown, _shade(shown, shades), strict=False):
        cells = (f" {mark * 2}{weight:.4f}" for weight, mark in zip(row, marks, strict=True))
        lines.append(fit(query, WIDTH) + "".join(cells))
    edges = f"light {shown.min():.4f}, dark {shown.max():.4f}"
    lines.append(f"{edges}; each row is a query and shares out 1 among the keys")
    if max(weights.shape) > limit:
        rows, cut = shown.shape
        lines.append(f"cut: the first {rows:,} of {len(queries):,} queries and {cut:,} of {len(keys):,} keys")
    return "\n".join(line.rstrip() for line in lines)


def _shade(weights: np.ndarray, shades: str) -> list[list[str]]:
    low, span = weights.min(), np.ptp(weights)
    # What differs by rounding only is one shade: it must look the same on every machine.
    levels = (weights - low) / span if span > 1e-9 else np.ones_like(weights)
    return [[shades[level] for level in row] for row in np.rint(levels * (len(shades) - 1)).astype(int)]


def printable(text: str, encoding: str = "utf-8") -> str:
    r"""Escape what a terminal would obey (control characters, reordering) or could not encode; leave the rest.

    >>> print(printable("caf\u00e9 \x1b[2J", "ascii"))
    caf\xe9 \x1b[2J
    """
    escaped = (char.encode("unicode_escape").decode() if _is_obeyed(char) else char for char in text)
    return "".join(escaped).encode(encoding, "backslashreplace").decode(encoding)


def _is_obeyed(char: str) -> bool:
    is_control = unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
    return is_control or unicodedata.bidirectional(char) in REORDERING


def fit(text: str, width: int, right: bool = False) -> str:
    """Cut or fill a text to a number of terminal columns, wide characters counting two and combining ones none.

    >>> fit("transformer", 8), fit("注意", 6), fit("not", 6, right=True)
    ('transf..', '注意  ', '   not')
    """
    text = printable(text)
    edges = np.cumsum([_columns(char) for char in text], dtype=int)
    if len(edges) and edges[-1] > width:
        kept = int(np.searchsorted(edges, width - 2, side="right"))
        text, edges = text[:kept] + "..", edges[:kept] + 2
    gap = " " * (width - (edges[-1] if len(edges) else 0))
    return gap + text if right else text + gap


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
