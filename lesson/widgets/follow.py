"""Follow attention from word to word, along threads."""

from collections.abc import Sequence

import ipywidgets
import numpy as np

from lesson.plots.summary import summarise
from lesson.plots.svg import number
from lesson.plots.threads import thread_picture
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import Views, Weights, choose, choose_layer, head_names, take

MOST_NAMED = 5


def follow_the_lines(weights: Weights, rows: Sequence[str], columns: Sequence[str] | None = None) -> Explorer:
    """Make the widget: two lists of words, threads between them, a box for each head, and one word to follow alone.

    weights: for each layer (H, T, S), named if in a dict   rows: T words   columns: S words, else the rows
    Raises ValueError when shapes or words do not fit, or the weights are not shares from 0 to 1.
    """
    views = take(weights, rows, columns)
    boxes = {name.replace(" ", "_"): _box(name) for name in head_names(views)}

    def draw(layer: int, focus: int, least: float, **on: bool) -> tuple[str, str]:
        heads = [head for head, name in enumerate(boxes) if on[name]]
        return draw_lines(views, layer, heads, None if focus < 0 else focus, least)

    explorer = Explorer(
        "Follow the lines.",
        draw,
        layer=choose_layer(views),
        focus=choose(
            "Follow", views.told[0], "Draw the lines of one word alone: arrow keys go to the next", "every word"
        ),
        least=_least(),
        **boxes,
    )
    # Boxes in rows that break where the screen is narrow: one below the other they would fill a telephone.
    layer, focus, least, *heads = explorer.controls.values()
    row = ipywidgets.HBox(heads, layout=ipywidgets.Layout(flex_flow="row wrap", max_width="600px"))
    explorer.children = (layer, focus, least, row, *explorer.children[-2:])
    return explorer


def draw_lines(views: Views, layer: int, heads: Sequence[int], focus: int | None, least: float) -> tuple[str, str]:
    """Return the threads of the mean of some heads, all counted from 0, and the same in words."""
    if not len(heads):
        raise ValueError("wanted one head or more, got none")
    weights, numbers = views.weights[layer][heads], [head + 1 for head in heads]
    mean, (rows, columns) = weights.mean(axis=0), views.told
    said = [f"Shown: {views.layers[layer]}, {_which(heads, views)}; lines of {number(least, 2)} or more.", *views.notes]
    if focus is None:
        said.append(summarise(mean, rows, columns))
    else:
        said.append(_largest(rows[focus], mean[focus], columns))
        if len(heads) > 1:
            said.append(_head_by_head(weights[:, focus], numbers, columns))
    drawn = thread_picture(weights, numbers, views.rows, views.columns, focus, least)
    return drawn, "\n".join(said)


def _which(heads: Sequence[int], views: Views) -> str:
    if len(heads) == 1:
        return f"head {heads[0] + 1}"
    if len(heads) == views.weights.shape[1]:
        return f"the mean of all {len(heads)} heads"
    return f"the mean of heads {', '.join(str(head + 1) for head in heads)}"


def _largest(word: str, shares: np.ndarray, columns: Sequence[str]) -> str:
    """Name the largest shares, such as are not written as zero."""
    order = [place for place in np.argsort(-np.round(shares, 9), kind="stable") if shares[place] >= 5e-5]
    named = [f"'{columns[place]}' ({number(shares[place])})" for place in order[:MOST_NAMED]]
    return f"'{word}' attends to {', '.join(named) or 'nothing'}{'; to others less' * (len(order) > MOST_NAMED)}."


def _head_by_head(weights: np.ndarray, numbers: Sequence[int], columns: Sequence[str]) -> str:
    best = np.round(weights, 9).argmax(axis=-1)
    named = (f"{n} '{columns[j]}' ({number(row[j])})" for n, row, j in zip(numbers, weights, best, strict=True))
    return f"Most in each head: {', '.join(named)}."


def _box(name: str) -> ipywidgets.Checkbox:
    layout = ipywidgets.Layout(width="auto", margin="0 12px 0 0")
    tooltip = f"Whether {name} counts in the lines: space switches it"
    return ipywidgets.Checkbox(value=True, description=name, tooltip=tooltip, indent=False, layout=layout)


def _least() -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=0.1,
        min=0,
        max=0.5,
        step=0.05,
        readout_format=".2f",
        description="At least",
        tooltip="Lines below this weight are left out: arrow keys move it by 0.05",
        layout=wide(),
    )
