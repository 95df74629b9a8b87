"""All heads at a glance, and one place through all layers; the axes are matplotlib's, which nothing here imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lesson.plots.heatmap import draw_heatmap, shades
from lesson.plots.summary import labelled
from lesson.plots.svg import number
from lesson.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_heads(
    figure: Figure, weights: Mapping[str, np.ndarray], queries: Sequence[str], keys: Sequence[str] | None = None
) -> np.ndarray:
    """Draw a small heatmap of every head, one row an attention; words stand at the outer edges alone.

    weights {"encoder/0/attention": (H, T, S), ...}, all of one shape   queries: T words   keys: S words
    Shades run from 0 to 1. Returns the axes (attentions, H). Raises ValueError when words or shapes do not fit.
    """
    heads = stacked(weights)
    grid = figure.subplots(*heads.shape[:2], squeeze=False)
    for (row, column), axes in np.ndenumerate(grid):
        cells, names = labelled(heads[row, column], queries, keys)
        axes.imshow(shades(cells))
        axes.set_title(say("head {number}", number=column + 1) if row == 0 else "")
        axes.set_xticks(range(len(names)), names if row == len(grid) - 1 else [], rotation=90)
        axes.set_yticks(range(len(queries)), queries if column == 0 else [])
        axes.tick_params(length=0)
    for axes, name in zip(grid[:, 0], weights, strict=True):
        axes.set_ylabel(name)
    return grid


def summarise_heads(
    weights: Mapping[str, np.ndarray], queries: Sequence[str], keys: Sequence[str] | None = None
) -> str:
    """Say of each head where its largest weight is. Arguments as in `draw_heads`.

    >>> print(summarise_heads({"encoder/0/attention": np.array([[[0.3, 0.7], [0.6, 0.4]]])}, ["not", "boring"]))
    encoder/0/attention, head 1: 'not' to 'boring' (0.7000).
    """
    sentences = []
    for name, heads in zip(weights, stacked(weights), strict=True):
        for head, cells in enumerate(heads, start=1):
            cells, words = labelled(cells, queries, keys)
            row, column = np.unravel_index(cells.argmax(), cells.shape)
            told = {"query": queries[row], "key": words[column], "weight": number(cells[row, column])}
            sentences.append(
                say("{layer}, head {head}: '{query}' to '{key}' ({weight}).", layer=name, head=head, **told)
            )
    return "\n".join(sentences)


def draw_rollout(axes: Axes, rollout: np.ndarray, words: Sequence[str]) -> Axes:
    """Draw what one position holds of every input after each layer, the lowest layer at the bottom.

    rollout (L, S), such as attention_rollout(...)[:, t]   words: S words        Returns the axes.
    """
    return draw_heatmap(axes, np.asarray(rollout)[::-1], layer_names(len(rollout))[::-1], words)


def layer_names(count: int) -> list[str]:
    """Name so many layers, the lowest first.

    >>> layer_names(2)
    ['layer 1', 'layer 2']
    """
    return [say("layer {number}", number=layer) for layer in range(1, count + 1)]


def summarise_rollout(rollout: np.ndarray, words: Sequence[str]) -> str:
    """Say which input the position holds most of after each layer. Arguments as in `draw_rollout`.

    >>> print(summarise_rollout(np.array([[0.25, 0.75], [0.5, 0.5]]), ["not", "boring"]))
    After layer 1 it holds most of 'boring' (0.7500), of 'not' least (0.2500).
    After layer 2 it holds of all alike (0.5000).
    """
    rollout, words = labelled(rollout, layer_names(len(rollout)), words)
    sentences = []
    for name, row in zip(layer_names(len(rollout)), rollout, strict=True):
        most, least = row.argmax(), row.argmin()
        if np.isclose(row[most], row[least], rtol=0, atol=1e-9):
            sentences.append(say("After {layer} it holds of all alike ({share}).", layer=name, share=number(row[most])))
        else:
            ends = {"most": words[most], "least": words[least], "high": number(row[most]), "low": number(row[least])}
            told = say(
                "After {layer} it holds most of '{most}' ({high}), of '{least}' least ({low}).", layer=name, **ends
            )
            sentences.append(told)
    return "\n".join(sentences)


def stacked(weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Stack the heads of all attentions: (L, H, T, S). Raises ValueError when their shapes differ."""
    shapes = {np.shape(heads) for heads in weights.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 3:
        raise ValueError(f"wanted weights (H, T, S), one shape for all attentions, got {sorted(shapes)}")
    return np.stack(list(weights.values()))
