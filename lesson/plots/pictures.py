"""Pictures of attention as SVG text: arrays in, markup out, no state and no libraries."""

from collections.abc import Callable, Sequence
from math import hypot

import numpy as np

from lesson.plots.summary import labelled
from lesson.plots.svg import BLUE, VERMILION, caption, element, number, picture, shade, words
from lesson.words import say

SIDE, MARGIN = 240, 20
WHOLE = SIDE + 2 * MARGIN


def key_picture(query: np.ndarray, keys: np.ndarray, weights: np.ndarray, reach: float = 3.0) -> str:
    """Draw a plane with the query as an arrow and each key as a disc whose area grows with its weight.

    query (2,)   keys (S, 2)   weights (S,)
    """
    place = _plane((-reach, reach), (-reach, reach))
    discs = []
    for i, (key, weight) in enumerate(zip(keys, weights, strict=True), start=1):
        x, y = place(key)
        discs.append(
            element("circle", cx=x, cy=y, r=4 + 18 * float(weight) ** 0.5, fill=BLUE, fill_opacity=0.5, stroke=BLUE)
        )
        discs.append(words(x + 6, y - 8, f"k{i}"))
    title = say(
        "Plane of the query, at {point}, and {count} keys; larger discs have larger weights.",
        point=_point(query),
        count=len(keys),
    )
    return picture(WHOLE, WHOLE, title, _frame(say("query and keys")), _cross(reach), *discs, _arrow(query, place))


def value_picture(values: np.ndarray, weights: np.ndarray, output: np.ndarray) -> str:
    """Draw the plane of the values, a thread from each value to the output, thicker for a larger weight.

    values (S, 2)   weights (S,)   output (2,)
    """
    low, high = values.min(axis=0), values.max(axis=0)
    pad = 0.15 * max(float((high - low).max()), 1.0)
    place = _plane(*((a - pad, b + pad) for a, b in zip(low.tolist(), high.tolist(), strict=True)))
    cx, cy = place(output)
    threads, dots = [], []
    for i, (value, weight) in enumerate(zip(values, weights, strict=True), start=1):
        x, y = place(value)
        line = {"stroke": BLUE, "stroke_width": 1 + 9 * float(weight), "stroke_opacity": 0.7}
        threads.append(element("line", x1=x, y1=y, x2=cx, y2=cy, **line))
        dots.append(element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=BLUE))
        side = {"text_anchor": "start"} if x < MARGIN + SIDE / 2 else {"text_anchor": "end"}
        name = f"v{i} ({', '.join(f'{v:g}' for v in value)})"
        dots.append(words(x, y + (-8 if y < MARGIN + SIDE / 2 else 19), name, **side))
    diamond = element("path", d=f"M{cx:.6g} {cy - 9:.6g}l9 9l-9 9l-9 -9z", fill=VERMILION)
    told = {"count": len(values), "point": _point(output)}
    title = say("Plane of {count} values; the output, at {point}, lies between them.", **told)
    return picture(WHOLE, WHOLE, title, _frame(say("values and output")), *threads, *dots, diamond)


def share_picture(names: Sequence[str], shares: np.ndarray, scores: np.ndarray | None = None) -> str:
    """Draw each share as a number and a bar, a full bar being 1; the score it came from stands before it, if given.

    names: S words   shares (S,)   scores (S,)
    """
    right = MARGIN + 110
    rows = (
        []
        if scores is None
        else [words(right, 24, say("score"), text_anchor="end"), words(right + 20, 24, say("weight"))]
    )
    for i, (name, share) in enumerate(zip(names, shares, strict=True)):
        y = 52 + 40 * i
        bar = {"x": MARGIN, "y": y + 6, "height": 12}
        rows.append(words(MARGIN, y, clip(name)))
        if scores is not None:
            rows.append(words(right, y, number(scores[i]), text_anchor="end"))
        rows.append(words(right + 20, y, number(share)))
        rows.append(element("rect", width=SIDE, fill="none", stroke="currentColor", stroke_opacity=0.4, **bar))
        rows.append(element("rect", width=SIDE * float(share), fill=BLUE, **bar))
    told = ", ".join(f"{name} {number(share)}" for name, share in zip(names, shares, strict=True))
    title = say("Shares: {shares}.", shares=told)
    return picture(WHOLE, 50 + 40 * len(names), title, *rows)


def heatmap_picture(weights: np.ndarray, queries: Sequence[str], keys: Sequence[str] | None = None) -> str:
    """Draw attention weights as shaded cells, one row a query; numbers in the cells while there are 8 columns or fewer.

    weights (T, S)   queries: T words   keys: S words, the queries again unless given
    Shades run from 0 to 1. More columns make smaller cells, so that 24 fit on a telephone; where there is room, all is
    shown larger. Raises ValueError when the words do not fit the weights.
    """
    weights, keys = labelled(weights, queries, keys)
    few, left, top = len(keys) <= 8, 76, 70
    cell = 34 if few else max(272 / len(keys), 11)
    marks = _edges(queries, keys, cell, left, top)
    for (i, j), weight in np.ndenumerate(weights):
        x, y, (colour, ink) = left + cell * j, top + cell * i, shade(weight)
        hint = caption(say("{query} to {key}: {weight}", query=queries[i], key=keys[j], weight=number(weight)))
        marks.append(element("rect", hint, x=x, y=y, width=cell, height=cell, fill=colour))
        if few:
            place = {"text_anchor": "middle", "font_size": 12, "pointer_events": "none"}
            marks.append(words(x + cell / 2, y + cell * 0.62, number(weight, 2), fill=ink, **place))
    title = say(
        "Heatmap: how much each of {rows} words (rows) attends to each of {columns} words (columns).",
        rows=len(queries),
        columns=len(keys),
    )
    width, height = left + cell * len(keys) + 44, top + cell * len(queries) + 8
    return picture(width, height, title, *marks, zoom=1 if few else 1.4)


def _edges(rows: Sequence[str], columns: Sequence[str], cell: float, left: float, top: float) -> list[str]:
    """Write the words before the rows and above the columns, upright where the cells are too small for slanted ones."""
    base, turn, size = (0.6, -50, 14) if cell >= 20 else (0.85, -90, float(min(cell, 12)))
    marks = []
    for i, word in enumerate(rows):
        marks.append(words(left - 6, top + cell * (i + base), clip(word), text_anchor="end", font_size=size))
    for j, word in enumerate(columns):
        x, y = left + cell * (j + base), top - 6
        marks.append(words(x, y, clip(word), transform=f"rotate({turn} {x:.6g} {y})", font_size=size))
    return marks


def _plane(horizontal: tuple[float, float], vertical: tuple[float, float]) -> Callable[[np.ndarray], tuple]:
    """Return the map from a point of the plane to its place in the picture, whose vertical axis runs downwards."""

    def place(point: np.ndarray) -> tuple[float, float]:
        x, y = (float(p - low) / (high - low) for p, (low, high) in zip(point, (horizontal, vertical), strict=True))
        return MARGIN + SIDE * x, MARGIN + SIDE * (1 - y)

    return place


def _frame(name: str) -> str:
    square = {"x": MARGIN, "y": MARGIN, "width": SIDE, "height": SIDE, "fill": "none"}
    return element("rect", stroke="currentColor", stroke_opacity=0.25, **square) + words(MARGIN, MARGIN - 6, name)


def _cross(reach: float) -> str:
    middle, end = MARGIN + SIDE / 2, MARGIN + SIDE
    lines = element("path", d=f"M{middle} {MARGIN}V{end}M{MARGIN} {middle}H{end}", stroke="currentColor", opacity=0.25)
    small = {"font_size": 11, "text_anchor": "end"}
    return (
        lines
        + words(end - 3, middle - 4, f"{reach:g}", **small)
        + words(middle - 4, MARGIN + 12, f"{reach:g}", **small)
    )


def _arrow(point: np.ndarray, place: Callable[[np.ndarray], tuple]) -> str:
    (x0, y0), (x, y) = place((0.0, 0.0)), place(point)
    length = hypot(x - x0, y - y0)
    ux, uy = ((x - x0) / length, (y - y0) / length) if length else (0.0, 0.0)
    bx, by = x - 12 * ux, y - 12 * uy
    corners = ((x, y), (bx - 6 * uy, by + 6 * ux), (bx + 6 * uy, by - 6 * ux))
    head = element("polygon", points=" ".join(f"{a:.2f},{b:.2f}" for a, b in corners), fill=VERMILION)
    shaft = element("line", x1=x0, y1=y0, x2=bx, y2=by, stroke=VERMILION, stroke_width=3)
    return shaft + head + words(x + 8, y + 16, "q", font_weight="bold")


def _point(point: np.ndarray) -> str:
    return f"({', '.join(number(p, 2) for p in point)})"


def _list(numbers: np.ndarray) -> str:
    return ", ".join(number(n) for n in numbers)


def clip(word: str, longest: int = 9) -> str:
    """Cut a word that is too long for its place in a picture."""
    return word if len(word) <= longest else word[: longest - 1] + "…"
