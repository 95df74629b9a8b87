"""A heatmap on matplotlib axes that the caller made; nothing here imports matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lesson.plots.summary import labelled
from lesson.plots.svg import number, shade

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_heatmap(
    axes: Axes, weights: np.ndarray, queries: Sequence[str], keys: Sequence[str] | None = None, decimals: int = 2
) -> Axes:
    """Draw attention weights as shaded cells, one row a query, each cell with its number.

    weights (T, S)   queries: T words   keys: S words, the queries again unless given

    The shades always run from 0 to 1, so that even attention looks even. Returns the axes.
    Raises ValueError when the words do not fit the weights.
    """
    weights, keys = labelled(weights, queries, keys)
    axes.imshow(shades(weights))
    for (row, column), weight in np.ndenumerate(weights):
        axes.text(column, row, number(weight, decimals), ha="center", va="center", color=shade(weight)[1])
    axes.set_xticks(range(len(keys)), keys, rotation=45, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(queries)), queries)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return axes


def shades(weights: np.ndarray) -> np.ndarray:
    """Give each weight (T, S) the red, green and blue of its shade: (T, S, 3), from 0 to 1."""
    return np.array(
        [[[int(shade(weight)[0][i : i + 2], 16) / 255 for i in (1, 3, 5)] for weight in row] for row in weights]
    )
