"""All heads of all layers at a glance, one of them framed."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.pixels import pixel_image
from lesson.plots.svg import VERMILION, caption, element, picture, words
from lesson.words import say

LEFT, TOP, WIDE, WIDEST_TILE = 48, 40, 392, 64


def overview_picture(weights: np.ndarray, layer: int, head: int, hints: Sequence[Sequence[str]]) -> str:
    """Draw a small heatmap of every head, a row for each layer, and frame the head chosen (both counted from 0).

    weights (L, H, T, S)   hints: for each layer, for each head, what to say of it where the pointer rests
    """
    layers, heads, rows, columns = weights.shape
    gap = max(1, round(columns / 8))
    cell = min((WIDE - LEFT - 8) / heads, WIDEST_TILE) / (columns + gap)
    wide, high = cell * (columns + gap), cell * (rows + gap)
    tiles = np.pad(weights, ((0, 0), (0, 0), (0, gap), (0, gap)), constant_values=np.nan)
    sheet = tiles.transpose(0, 2, 1, 3).reshape(layers * (rows + gap), heads * (columns + gap))
    size = {"width": wide * heads, "height": high * layers}
    sharp = "pixelated" if cell > 2 else "auto"
    image = {"href": pixel_image(sheet), "preserveAspectRatio": "none", "style": f"image-rendering:{sharp}"}
    marks = [element("image", x=LEFT, y=TOP, **size, **image), words(LEFT, 14, say("head"), font_size=12)]
    marks.append(words(LEFT - 8, TOP - 6, say("layer"), text_anchor="end", font_size=12))
    for i in range(heads):
        marks.append(_count(LEFT + wide * i + cell * columns / 2, TOP - 6, i, i == head, text_anchor="middle"))
    for i in range(layers):
        marks.append(_count(LEFT - 8, TOP + high * i + cell * rows / 2 + 4, i, i == layer, text_anchor="end"))
    for (i, j), _ in np.ndenumerate(np.empty((layers, heads))):
        tile = {"width": cell * columns, "height": cell * rows, "fill": "transparent", "stroke": "currentColor"}
        marks.append(
            element("rect", caption(hints[i][j]), x=LEFT + wide * j, y=TOP + high * i, stroke_opacity=0.3, **tile)
        )
    frame = {"width": cell * columns + 4, "height": cell * rows + 4, "fill": "none", "stroke": VERMILION}
    marks.append(element("rect", x=LEFT + wide * head - 2, y=TOP + high * layer - 2, stroke_width=3, **frame))
    title = say(
        "All {layers} layers (rows) and {heads} heads (columns); layer {layer}, head {head} is framed.",
        layers=layers,
        heads=heads,
        layer=layer + 1,
        head=head + 1,
    )
    return picture(LEFT + wide * heads + 8, TOP + high * layers + 8, title, *marks, zoom=1.4)


def _count(x: float, y: float, index: int, chosen: bool, **place: object) -> str:
    return words(x, y, str(index + 1), font_size=12, font_weight="bold" if chosen else "normal", **place)
