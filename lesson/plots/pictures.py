"""Pictures of attention as SVG text: arrays in, markup out, no state and no libraries."""

from collections.abc import Callable, Sequence
from math import hypot

import numpy as np

from lesson.plots.summary import labelled
from lesson.plots.svg import BLUE, VERMILION, caption, element, number, picture, shade, words

SIDE, MARGIN = 240, 20


def key_picture(query: np.ndarray, keys: np.ndarray, weights: np.ndarray, reach: float = 3.0) -> str:
    """Draw a plane with the query as an arrow and each key as a disc whose area grows with its weight.

    query (2,)   keys (S, 2)   weights (S,)
    """
    place = _plane((-reach, reach), (-reach, reach))
    discs = []
    for i, (key, weight) in enumerate(zip(keys, weights, strict=True), start=1):
        x, y = place(key)
        discs.append(element("circle", cx=x, cy=y, r=4 + 18 * float(weight) ** 0.5, fill=BLUE, fill_opacity=0.5))
        discs.append(words(x + 6, y - 8, f"k{i}"))
    title = f"Plane of the query, at {_point(query)}, and {len(keys)} keys; larger discs have larger weights."
    return picture(
        SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, title, _frame("queries and keys"), *discs, _arrow(query, place)
    )


def value_picture(values: np.ndarray, weights: np.ndarray, output: np.ndarray) -> str:
    """Draw the plane of the values, a thread from each value to the output, thicker for a larger weight.

    values (S, 2)   weights (S,)   output (2,)
    """
    low, high = values.min(axis=0), values.max(axis=0)
    pad = 0.1 * max(float((high - low).max()), 1.0)
    place = _plane(*((a - pad, b + pad) for a, b in zip(low.tolist(), high.tolist(), strict=True)))
    cx, cy = place(output)
    threads, dots = [], []
    for i, (value, weight) in enumerate(zip(values, weights, strict=True), start=1):
        x, y = place(value)
        line = {"stroke": BLUE, "stroke_width": 1 + 9 * float(weight), "stroke_opacity": 0.5}
        threads.append(element("line", x1=x, y1=y, x2=cx, y2=cy, **line))
        dots.append(element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=BLUE))
        dots.append(words(x + (10 if x < SIDE / 2 else -26), y + 18, f"v{i}"))
    diamond = element("path", d=f"M{cx:.6g} {cy - 9:.6g}l9 9l-9 9l-9 -9z", fill=VERMILION)
    title = f"Plane of {len(values)} values; the output, at {_point(output)}, lies between them."
    return picture(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, title, _frame("values and output"), *threads, *dots, diamond)


def weight_picture(scores: np.ndarray, weights: np.ndarray) -> str:
    """Draw each key's score as a number and its weight as a number and a bar; a full bar is a weight of 1.

    scores (S,)   weights (S,)
    """
    rows = [words(MARGIN, 30, "key   score"), words(MARGIN + 120, 30, "weight")]
    for i, (score, weight) in enumerate(zip(scores, weights, strict=True), start=1):
        y = 22 + 40 * i
        bar = {"y": y + 6, "height": 12}
        rows.append(words(MARGIN, y, f"k{i}"))
        rows.append(words(MARGIN + 100, y, number(score), text_anchor="end"))
        rows.append(words(MARGIN + 120, y, number(weight)))
        rows.append(
            element("rect", x=MARGIN, width=SIDE, fill="none", stroke="currentColor", stroke_opacity=0.4, **bar)
        )
        rows.append(element("rect", x=MARGIN, width=SIDE * float(weight), fill=BLUE, **bar))
    title = "Scores " + _list(scores) + " become weights " + _list(weights) + "."
    return picture(SIDE + 2 * MARGIN, 50 + 40 * len(scores), title, *rows)


def heatmap_picture(weights: np.ndarray, queries: Sequence[str], keys: Sequence[str] | None = None) -> str:
    """Draw attention weights as shaded cells, one row a query; numbers in the cells while there are 8 columns or fewer.

    weights (T, S)   queries: T words   keys: S words, the queries again unless given
    Shades run from 0 to 1. Raises ValueError when the words do not fit the weights.
    """
    weights, keys = labelled(weights, queries, keys)
    cell, left, top = 34, 76, 70
    marks = [words(left - 6, top + cell * (i + 0.6), _clip(q), text_anchor="end") for i, q in enumerate(queries)]
    for j, key in enumerate(keys):
        x, y = left + cell * (j + 0.6), top - 6
        marks.append(words(x, y, _clip(key), transform=f"rotate(-50 {x:.6g} {y})"))
    for (i, j), weight in np.ndenumerate(weights):
        x, y, (colour, ink) = left + cell * j, top + cell * i, shade(weight)
        hint = caption(f"{queries[i]} to {keys[j]}: {number(weight)}")
        marks.append(element("rect", hint, x=x, y=y, width=cell, height=cell, fill=colour))
        if len(keys) <= 8:
            place = {"text_anchor": "middle", "font_size": 12, "pointer_events": "none"}
            marks.append(words(x + cell / 2, y + cell * 0.62, number(weight, 2), fill=ink, **place))
    title = f"Heatmap: how much each of {len(queries)} words (rows) attends to each of {len(keys)} words (columns)."
    return picture(left + cell * len(keys) + 44, top + cell * len(queries) + 8, title, *marks)


def _plane(horizontal: tuple[float, float], vertical: tuple[float, float]) -> Callable[[np.ndarray], tuple]:
    """Return the map from a point of the plane to its place in the picture, whose vertical axis runs downwards."""

    def place(point: np.ndarray) -> tuple[float, float]:
        x, y = (float(p - low) / (high - low) for p, (low, high) in zip(point, (horizontal, vertical), strict=True))
        return MARGIN + SIDE * x, MARGIN + SIDE * (1 - y)

    return place


def _frame(name: str) -> str:
    faint = {"stroke": "currentColor", "stroke_opacity": 0.25}
    middle, end = MARGIN + SIDE / 2, MARGIN + SIDE
    return (
        element("rect", x=MARGIN, y=MARGIN, width=SIDE, height=SIDE, fill="none", **faint)
        + element("path", d=f"M{middle} {MARGIN}V{end}M{MARGIN} {middle}H{end}", **faint)
        + words(MARGIN, MARGIN - 6, name, font_size=13)
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


def _clip(word: str, longest: int = 9) -> str:
    return word if len(word) <= longest else word[: longest - 1] + "…"
