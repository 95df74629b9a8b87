"""Follow attention from word to word, along threads."""

from collections.abc import Sequence

import ipywidgets
import numpy as np

from lesson.plots.summary import summarise
from lesson.plots.svg import number
from lesson.plots.threads import thread_picture
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import Views, Weights, choose, choose_layer, head_names, take
from lesson.words import say

MOST_NAMED = 5


def follow_the_lines(weights: Weights, rows: Sequence[str], columns: Sequence[str] | None = None) -> Explorer:
    """Make the widget: two lists of words, threads between them, a box for each head, and one word to follow alone.

    weights: for each layer (H, T, S), named if in a dict   rows: T words   columns: S words, else the rows
    Raises ValueError when shapes or words do not fit, or the weights are not shares from 0 to 1.
    """
    views = take(weights, rows, columns)
    boxes = {f"head_{head}": _box(name) for head, name in enumerate(head_names(views), start=1)}

    def draw(layer: int, focus: int, least: float, **on: bool) -> tuple[str, str]:
        heads = [head for head, name in enumerate(boxes) if on[name]]
        return draw_lines(views, layer, heads, None if focus < 0 else focus, least)

    explorer = Explorer(
        say("Follow the lines."),
        draw,
        layer=choose_layer(views),
        focus=choose(
            say("Follow"),
            views.told[0],
            say("Draw the lines of one word alone: arrow keys go to the next"),
            say("every word"),
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
        raise ValueError(say("wanted one head or more, got none"))
    weights, numbers = views.weights[layer][heads], [head + 1 for head in heads]
    mean, (rows, columns) = weights.mean(axis=0), views.told
    shown = {"layer": views.layers[layer], "heads": _which(heads, views), "least": number(least, 2)}
    said = [say("Shown: {layer}, {heads}; lines of {least} or more.", **shown), *views.notes]
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
        return say("head {number}", number=heads[0] + 1)
    if len(heads) == views.weights.shape[1]:
        return say("the mean of all {count} heads", count=len(heads))
    return say("the mean of heads {numbers}", numbers=", ".join(str(head + 1) for head in heads))


def _largest(word: str, shares: np.ndarray, columns: Sequence[str]) -> str:
    """Name the largest shares, such as are not written as zero."""
    order = [place for place in np.argsort(-np.round(shares, 9), kind="stable") if shares[place] >= 5e-5]
    named = [f"'{columns[place]}' ({number(shares[place])})" for place in order[:MOST_NAMED]]
    told = {"word": word, "words": ", ".join(named)}
    if not named:
        return say("'{word}' attends to nothing.", word=word)
    if len(order) > MOST_NAMED:
        return say("'{word}' attends to {words}; to others less.", **told)
    return say("'{word}' attends to {words}.", **told)


def _head_by_head(weights: np.ndarray, numbers: Sequence[int], columns: Sequence[str]) -> str:
    best = np.round(weights, 9).argmax(axis=-1)
    named = (f"{n} '{columns[j]}' ({number(row[j])})" for n, row, j in zip(numbers, weights, best, strict=True))
    return say("Most in each head: {named}.", named=", ".join(named))


def _box(name: str) -> ipywidgets.Checkbox:
    layout = ipywidgets.Layout(width="auto", margin="0 12px 0 0")
    tooltip = say("Whether {head} counts in the lines: space switches it", head=name)
    return ipywidgets.Checkbox(value=True, description=name, tooltip=tooltip, indent=False, layout=layout)


def _least() -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=0.1,
        min=0,
        max=0.5,
        step=0.05,
        readout_format=".2f",
        description=say("At least"),
        tooltip=say("Lines below this weight are left out: arrow keys move it by 0.05"),
        layout=wide(),
    )
