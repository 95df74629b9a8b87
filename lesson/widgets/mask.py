"""Say cell by cell who may attend to whom, and see what becomes of the weights, and who can know of whom."""

from collections.abc import Sequence

import ipywidgets
import numpy as np

from lesson.nn.masks import causal_mask, padding_mask, reach
from lesson.nn.softmax import softmax
from lesson.plots.pictures import heatmap_picture
from lesson.plots.reach import reach_picture
from lesson.plots.svg import number, side_by_side
from lesson.widgets.cell_grid import CellGrid, as_rows
from lesson.widgets.explorer import Explorer, wide
from lesson.words import later, say, say_count

TOKENS = ("it", "is", "not", "bad", "<pad>")
#: what each word (a row) would share out to each; every row adds up to 10, and the scores are the logarithms
SHARES = ((4, 2, 1, 2, 1), (2, 2, 3, 2, 1), (1, 1, 2, 4, 2), (1, 1, 4, 2, 2), (2, 2, 2, 2, 2))
MOST_LAYERS = 4


def click_the_mask(tokens: Sequence[str] = TOKENS, shares: Sequence = SHARES, pad: str = "<pad>") -> Explorer:
    """Make the widget: a cell for each pair of words, buttons for known masks, a number of layers, a word to follow.

    tokens: T words   shares (T, T), above zero: what a word's weights are proportional to   pad: the word for padding
    Raises ValueError when the shares do not fit the words.
    """
    tokens, shares = tuple(tokens), np.asarray(shares, dtype=float)
    if shares.shape != (len(tokens), len(tokens)) or not (shares > 0).all():
        raise ValueError(f"wanted shares above zero ({len(tokens)}, {len(tokens)}), got {shares.shape}")
    known_masks = well_known_masks(tokens, pad)

    def draw(cells: tuple, layers: int, followed: int) -> tuple[str, str]:
        return draw_mask(np.array(cells), layers, followed, tokens, shares, known_masks)

    grid = CellGrid(known_masks["everything"], tokens, tokens, say("'{row}' may attend to '{column}'"))
    explorer = Explorer(
        say("Click the mask."),
        draw,
        cells=grid,
        layers=ipywidgets.IntSlider(
            value=2,
            min=1,
            max=MOST_LAYERS,
            description=say("Layers"),
            tooltip=say("How many layers use this mask"),
            layout=wide(),
        ),
        followed=ipywidgets.Dropdown(
            options=[(token, place) for place, token in enumerate(tokens)],
            value=3 % len(tokens),
            description=say("Follow"),
            tooltip=say("The word whose way through the layers is shown"),
            layout=wide(),
        ),
    )
    explorer.buttons = _buttons(grid, known_masks)
    row = ipywidgets.Box(explorer.buttons, layout=ipywidgets.Layout(flex_flow="row wrap", max_width="100%"))
    explorer.children = [row, *explorer.children]
    return explorer


def well_known_masks(tokens: Sequence[str], pad: str = "<pad>") -> dict[str, np.ndarray]:
    """Name the masks that have a button, each (T, T), True = may attend."""
    size = len(tokens)
    everything = np.ones((size, size), dtype=bool)
    no_padding = padding_mask(np.array([token == pad for token in tokens]), True) & everything
    causal = causal_mask(size)
    return {
        later("everything"): everything,
        later("no padding"): no_padding,
        later("causal"): causal,
        later("causal, no padding"): causal & no_padding,
        later("leaky"): causal_mask(size, size, offset=1),
        later("one back"): causal & ~causal_mask(size, size, offset=-2),
    }


def draw_mask(
    may_attend: np.ndarray,
    layers: int,
    followed: int,
    tokens: Sequence[str],
    shares: np.ndarray,
    known_masks: dict[str, np.ndarray],
) -> tuple[str, str]:
    """Return the weights under a mask and the way of one word through the layers, and both in words.

    may_attend (T, T)   followed: the word's place   shares (T, T)
    """
    weights = softmax(np.log(shares), where=may_attend)
    known = np.stack([reach(may_attend, layer)[:, followed] for layer in range(layers + 1)])
    pictures = heatmap_picture(weights, tokens), reach_picture(may_attend, known, tokens, followed)
    name = next(
        (name for name, mask in known_masks.items() if np.array_equal(mask, may_attend)), later("one of your own")
    )
    said = [say("Mask: {name}.", name=say(name)), *map(_say_row, tokens, may_attend, weights, [tokens] * len(tokens))]
    knowing = [f"'{token}'" for token, knows in zip(tokens, known[-1], strict=True) if knows]
    said.append(
        say_count(
            "After {count} layer, '{word}' is known to {words}.",
            "After {count} layers, '{word}' is known to {words}.",
            layers,
            word=tokens[followed],
            words=_list(knowing),
        )
    )
    return side_by_side(*pictures), "\n".join(said)


def _say_row(query: str, may_attend: np.ndarray, weights: np.ndarray, tokens: Sequence[str]) -> str:
    asked = [f"'{t}' {number(w)}" for t, w, may in zip(tokens, weights, may_attend, strict=True) if may]
    if not asked:
        return say("'{word}' attends to nothing: all its weights are 0.", word=query)
    return say("'{word}' attends to {words}.", word=query, words=_list(asked))


def _list(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else say(" and ").join([", ".join(things[:-1]), things[-1]])


def _buttons(grid: CellGrid, masks: dict[str, np.ndarray]) -> list[ipywidgets.Button]:
    buttons = []
    for name, mask in masks.items():
        tooltip = say("Set all cells: {name}", name=say(name))
        button = ipywidgets.Button(description=say(name), tooltip=tooltip, layout={"width": "auto"})
        button.on_click(lambda _button, mask=mask: setattr(grid, "value", as_rows(mask)))
        buttons.append(button)
    return buttons
