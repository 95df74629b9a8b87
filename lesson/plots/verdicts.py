"""What two readers think of some texts, a row for each, as SVG text: arrays in, markup out."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.pictures import clip
from lesson.plots.svg import BLUE, VERMILION, caption, element, number, picture, words
from lesson.words import say

LEFT, WIDE, TOP, STEP, RIGHT = 128, 150, 62, 26, 62


def verdict_picture(
    rows: Sequence[str], shares: np.ndarray, readers: Sequence[str], ends: Sequence[str], at: int
) -> str:
    """Draw a line from 0 to 1 for each text, with a disc where the first reader stands and a square for the second.

    rows: N texts, short   shares (N, 2)   readers: their names   ends: what 0 and 1 mean   at: the row that is chosen
    Raises ValueError when rows and shares do not fit, or there is no such row.
    """
    shares = np.asarray(shares, dtype=float)
    if shares.shape != (len(rows), 2) or not 0 <= at < len(rows):
        raise ValueError(f"wanted shares ({len(rows)}, 2) and one of their rows, got {shares.shape} and row {at}")
    marks = [_legend(readers), _axis(ends, len(rows))]
    for i, (row, (first, second)) in enumerate(zip(rows, shares.tolist(), strict=True)):
        y, weight = TOP + STEP * (i + 0.5), "bold" if i == at else "normal"
        hint = caption(f"{row}: {readers[0]} {number(first)}, {readers[1]} {number(second)}")
        marks.append(words(LEFT - 16, y + 5, clip(row, 14), text_anchor="end", font_weight=weight))
        marks.append(element("line", hint, x1=LEFT, x2=LEFT + WIDE, y1=y, y2=y, stroke="currentColor", opacity=0.3))
        # The square first: where both stand at one place, the disc lies within it.
        marks += [_square(LEFT + WIDE * second, y), _disc(LEFT + WIDE * first, y)]
        marks.append(words(LEFT + WIDE + 14, y + 5, number(first), font_weight=weight))
    y = TOP + STEP * (at + 0.5)
    marks.append(element("path", d=f"M{LEFT - 12} {y - 5}l6 5l-6 5z", fill=VERMILION))
    title = say(
        "For {count} texts, how {end} two readers find each: {first} (discs), {second} (squares).",
        count=len(rows),
        end=ends[1],
        first=readers[0],
        second=readers[1],
    )
    return picture(LEFT + WIDE + RIGHT, TOP + STEP * len(rows) + 10, title, *marks)


def _legend(readers: Sequence[str]) -> str:
    return (
        _disc(LEFT + 2, 14)
        + words(LEFT + 14, 19, readers[0])
        + _square(LEFT + WIDE / 2 + 12, 14)
        + words(LEFT + WIDE / 2 + 26, 19, readers[1])
    )


def _axis(ends: Sequence[str], count: int) -> str:
    low, high = (words(x, 44, end, text_anchor="middle", font_size=12) for x, end in zip(_edges(), ends, strict=True))
    middle = LEFT + WIDE / 2
    line = {"y1": TOP - 8, "y2": TOP + STEP * count, "stroke": "currentColor", "stroke_opacity": 0.5}
    return low + high + element("line", x1=middle, x2=middle, stroke_dasharray="3 3", **line)


def _edges() -> tuple[float, float]:
    return LEFT + 8, LEFT + WIDE - 8


def _disc(x: float, y: float) -> str:
    return element("circle", cx=f"{x:.6g}", cy=f"{y:.6g}", r=5, fill=BLUE)


def _square(x: float, y: float) -> str:
    box = {"x": f"{x - 7:.6g}", "y": f"{y - 7:.6g}", "width": 14, "height": 14, "fill": "none"}
    return element("rect", stroke="currentColor", stroke_width=1.5, **box)
