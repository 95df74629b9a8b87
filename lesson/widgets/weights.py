"""Weights as the views take them: checked, cut to what can be made out, every word told from its likes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ipywidgets
import numpy as np

from lesson.plots.heads import layer_names, stacked
from lesson.plots.summary import labelled
from lesson.plots.terminal import printable
from lesson.widgets.explorer import wide
from lesson.words import later, say

MOST_LAYERS, MOST_HEADS, MOST_WORDS = 12, 12, 24
Weights = Mapping[str, np.ndarray] | Sequence[np.ndarray] | np.ndarray


class Views(NamedTuple):
    """What all three views draw from.

    weights (L, H, T, S)   layers: L names   rows: T words   columns: S words   notes: what was left out, in sentences
    """

    weights: np.ndarray
    layers: list[str]
    rows: list[str]
    columns: list[str]
    notes: list[str]

    @property
    def told(self) -> tuple[list[str], list[str]]:
        """The words of rows and columns as a summary says them: with its place, a word that comes more than once."""
        return tell_apart(self.rows), tell_apart(self.columns)


def take(weights: Weights, rows: Sequence[str], columns: Sequence[str] | None = None) -> Views:
    """Check the weights of some layers and cut them to what a screen holds.

    weights: for each layer (H, T, S), named if in a dict   rows: T words   columns: S words, else the rows
    Raises ValueError when shapes or words do not fit, or the weights are not shares from 0 to 1.
    """
    named = weights if isinstance(weights, Mapping) else dict(zip(layer_names(len(weights)), weights, strict=True))
    stack = stacked(named).astype(float)
    rows, columns = list(rows), list(rows if columns is None else columns)
    if not stack.size:
        raise ValueError(f"wanted weights (H, T, S) of a head or more, a cell or more, got {stack.shape[1:]}")
    labelled(stack[0, 0], rows, columns)
    if not ((stack >= 0) & (stack <= 1 + 1e-6)).all():
        raise ValueError(f"wanted weights from 0 to 1, got {stack.min():g} to {stack.max():g}")
    kinds = (
        later("the first {some} of {all} layers"),
        later("the first {some} of {all} heads"),
        later("the first {some} of {all} rows"),
        later("the first {some} of {all} columns"),
    )
    most = (MOST_LAYERS, MOST_HEADS, MOST_WORDS, MOST_WORDS)
    over = [say(k, some=n, all=m) for k, n, m in zip(kinds, most, stack.shape, strict=True) if m > n]
    words = ([printable(str(word)) for word in some[:MOST_WORDS]] for some in (rows, columns))
    notes = [say("Drawn and measured here: {parts}.", parts=", ".join(over))] if over else []
    kept = stack[:MOST_LAYERS, :MOST_HEADS, :MOST_WORDS, :MOST_WORDS]
    return Views(kept, [printable(name) for name in named][:MOST_LAYERS], *words, notes)


def tell_apart(words: Sequence[str]) -> list[str]:
    """Add its place, from 1, to each word that comes more than once.

    >>> tell_apart(["to", "be", "to"])
    ['to (1)', 'be', 'to (3)']
    """
    counts = Counter(words)
    return [f"{word} ({i})" if counts[word] > 1 else word for i, word in enumerate(words, start=1)]


def choose(description: str, names: Sequence[str], tooltip: str, first: str | None = None) -> ipywidgets.Widget:
    """Make a slider from name to name; its value is the place among the names, -1 for `first`, if given."""
    options = [] if first is None else [(first, -1)]
    options += [(name, place) for place, name in enumerate(names)]
    # In a closed list the notebook takes the arrow keys for itself; but a slider needs two ends.
    control = ipywidgets.SelectionSlider if len(options) > 1 else ipywidgets.Dropdown
    return control(options=options, value=options[0][1], description=description, tooltip=tooltip, layout=wide())


def choose_layer(views: Views) -> ipywidgets.Widget:
    return choose(say("Layer"), views.layers, say("Which layer to draw: arrow keys go to the next"))


def head_names(views: Views) -> list[str]:
    return [say("head {number}", number=head) for head in range(1, views.weights.shape[1] + 1)]
