"""Move one query among three keys, and see scores, weights and output move with it."""

import math
from collections.abc import Sequence

import ipywidgets
import numpy as np

from lesson.nn.softmax import softmax
from lesson.plots.pictures import key_picture, share_picture, value_picture
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.words import say

KEYS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.5))
VALUES = ((10.0, 0.0), (0.0, 10.0), (10.0, 10.0))


def move_the_query(
    keys: Sequence = KEYS, values: Sequence = VALUES, query: Sequence = (1.0, 2.0), scaled: bool = False
) -> Explorer:
    """Make the widget: two sliders for the query, and a box that divides the scores by the square root of the width.

    keys (S, 2)   values (S, 2)   query (2,)
    Raises ValueError when these are not points of a plane, as many values as keys.
    """
    keys, values = np.asarray(keys, dtype=float), np.asarray(values, dtype=float)
    if keys.ndim != 2 or keys.shape[-1] != 2 or keys.shape != values.shape or np.shape(query) != (2,):
        raise ValueError(
            f"wanted keys (S, 2), values (S, 2), query (2,), got {keys.shape}, {values.shape}, {np.shape(query)}"
        )

    def draw(x: float, y: float, scaled: bool) -> tuple[str, str]:
        return draw_query(np.array([x, y]), keys, values, scaled)

    return Explorer(
        say("Move the query."),
        draw,
        x=_slider(query[0], say("Query, across"), say("First number of the query: arrow keys move it by 0.1")),
        y=_slider(query[1], say("Query, up"), say("Second number of the query: arrow keys move it by 0.1")),
        scaled=ipywidgets.Checkbox(
            value=scaled,
            description=say("Divide the scores by √2"),
            tooltip=say("Divide each score by the square root of the width of query and keys"),
            indent=False,
            layout=wide(),
        ),
    )


def draw_query(query: np.ndarray, keys: np.ndarray, values: np.ndarray, scaled: bool) -> tuple[str, str]:
    """Return the three pictures of one query at work, and the same in words.

    query (2,)   keys (S, 2)   values (S, 2)
    """
    scores = keys @ query / (math.sqrt(2) if scaled else 1)
    weights = softmax(scores)
    output = weights @ values
    names = [f"k{i}" for i in range(1, len(keys) + 1)]
    pictures = (
        key_picture(query, keys, weights),
        share_picture(names, weights, scores),
        value_picture(values, weights, output),
    )
    return side_by_side(*pictures), _say(query, scores, weights, output)


def _say(query: np.ndarray, scores: np.ndarray, weights: np.ndarray, output: np.ndarray) -> str:
    best = [f"k{i}" for i, weight in enumerate(weights, start=1) if math.isclose(weight, weights.max(), abs_tol=1e-9)]
    alike = len(best) == len(weights)
    told = say("All keys match it alike.") if alike else say("It matches {keys} best.", keys=say(" and ").join(best))
    return say(
        "The query is {query}. {told} Scores: {scores}. Weights: {weights}. Output: {output}.",
        query=_list(query, 2),
        told=told,
        scores=_list(scores),
        weights=_list(weights),
        output=_list(output),
    )


def _list(numbers: np.ndarray, decimals: int = 4) -> str:
    return f"({', '.join(number(n, decimals) for n in numbers)})"


def _slider(value: float, description: str, tooltip: str) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value,
        min=-3,
        max=3,
        step=0.1,
        readout_format=".1f",
        description=description,
        tooltip=tooltip,
        style={"description_width": "100px"},
        layout=wide(),
    )
