"""How alike vectors are, such as those of the places in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lesson.plots.svg import number
from lesson.words import later, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_similarity(axes: Axes, vectors: np.ndarray, what: str = later("position")) -> Axes:
    """Draw the cosine of the angle between every two vectors, from -1 (opposite) over 0 to 1 (alike).

    vectors (P, D)   what: what they are of        Returns the axes; a scale stands beside them.
    """
    image = axes.imshow(cosines(vectors), cmap="PuOr", vmin=-1, vmax=1)
    axes.figure.colorbar(image, ax=axes, label=say("cosine"))
    axes.set_xlabel(say(what))
    axes.set_ylabel(say(what))
    return axes


def summarise_similarity(vectors: np.ndarray, what: str = later("position")) -> str:
    """Say how alike vectors are on average, by how far apart they stand.

    >>> print(summarise_similarity(np.array([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])))
    position against position, mean cosine by distance: 1 apart 0.0000, 2 apart -1.0000.
    """
    alike = cosines(vectors)
    means = [
        say("{distance} apart {cosine}", distance=apart, cosine=number(np.diagonal(alike, apart).mean()))
        for apart in range(1, len(alike))
    ]
    told = {"what": say(what), "means": ", ".join(means)}
    return say("{what} against {what}, mean cosine by distance: {means}.", **told)


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Give the cosines (P, P) of vectors (P, D). Raises ValueError for fewer than two, or one of no length."""
    vectors = np.asarray(vectors, float)
    if vectors.ndim != 2 or len(vectors) < 2:
        raise ValueError(f"wanted two vectors or more, (P, D), got {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not lengths.all():
        raise ValueError(f"wanted vectors that point somewhere, got zeros at {np.flatnonzero(lengths == 0).tolist()}")
    return (vectors / lengths) @ (vectors / lengths).T
