"""How well numbers agree, entry by entry and from try to try, as SVG text: arrays in, markup out."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.svg import BLUE, VERMILION, caption, element, picture, shade, words
from lesson.words import say

#: fewer decimals than these, and an entry is marked; more than the most are not told apart
ENOUGH, MOST = 4, 12
CELL, LEFT, TOP, GAP = 44, 24, 52, 40
WIDE, HIGH = 270, 168


def decimals_agreed(errors: np.ndarray) -> np.ndarray:
    """Count the decimals to which numbers agree that differ by so much: whole numbers from 0 to MOST.

    >>> decimals_agreed(np.array([0.5, 0.002, 1e-9, 0.0, np.nan]))
    array([ 0,  2,  9, 12,  0])
    """
    errors = np.nan_to_num(np.abs(errors), nan=1.0, posinf=1.0)
    # A hair is added, so that 0.001 counts as 3 although its logarithm is a little off.
    return np.clip(np.floor(1e-9 - np.log10(np.maximum(errors, 10.0**-MOST))), 0, MOST).astype(int)


def agreement_picture(errors: Sequence[np.ndarray], names: Sequence[str]) -> str:
    """Draw tables of errors side by side: in each cell how many decimals agree, a cross where they are too few.

    errors: tables (R, C) of any sizes   names: one for each
    Raises ValueError for what is no table, or has no name.
    """
    tables = [decimals_agreed(table) for table in errors]
    if len(tables) != len(names) or not all(table.ndim == 2 and table.size for table in tables):
        raise ValueError(f"wanted a table of errors (R, C) for each name, got {[np.shape(table) for table in errors]}")
    marks, said, left = [], [], LEFT
    for table, name in zip(tables, names, strict=True):
        marks += _table(table, name, left)
        said.append(say("{part} {some} of {all}", part=name, some=(table < ENOUGH).sum(), all=table.size))
        left += CELL * table.shape[1] + GAP
    title = say(
        "Decimals that agree, entry by entry; marked as fewer than {enough}: {counts}.",
        enough=ENOUGH,
        counts=", ".join(said),
    )
    return picture(left - GAP + 6, TOP + CELL * max(map(len, tables)) + 6, title, *marks)


def _table(decimals: np.ndarray, name: str, left: float) -> list[str]:
    rows, columns = decimals.shape
    small = {"font_size": 12}
    marks = [words(left, 18, name, font_weight="bold")]
    marks += [words(left - 8, TOP + CELL * (i + 0.6), str(i), text_anchor="end", **small) for i in range(rows)]
    marks += [words(left + CELL * (j + 0.5), TOP - 8, str(j), text_anchor="middle", **small) for j in range(columns)]
    for (i, j), agreed in np.ndenumerate(decimals):
        x, y, (colour, ink) = left + CELL * j, TOP + CELL * i, shade(1 - agreed / MOST)
        hint = caption(say("{place}: {count} decimals agree", place=f"{name} [{i}, {j}]", count=agreed))
        marks.append(element("rect", hint, x=x, y=y, width=CELL, height=CELL, fill=colour, stroke="currentColor"))
        told = f"✗ {agreed}" if agreed < ENOUGH else str(agreed)
        looks = {"text_anchor": "middle", "fill": ink, "pointer_events": "none"}
        marks.append(words(x + CELL / 2, y + CELL * 0.62, told, **looks))
    return marks


def valley_picture(errors: Sequence[float], at: int, names: Sequence[str], along: str) -> str:
    """Draw an error for each of several tries, on a scale of powers of ten from 1 down to 10^-12; a diamond stands now.

    errors (P,)   at: which one holds now   names: P words, of which the first and the last are written
    Raises ValueError when these do not fit.
    """
    errors = np.asarray(errors, dtype=float)
    if errors.ndim != 1 or len(errors) != len(names) or not 0 <= at < len(errors):
        raise ValueError(f"wanted as many errors as names, and a place among them, got {errors.shape} and {at}")
    left, top = 62, 30
    depth = -np.log10(np.clip(np.nan_to_num(errors, nan=1.0, posinf=1.0), 10.0**-MOST, 1.0)) / MOST
    xs, ys = left + WIDE * (np.arange(len(errors)) + 0.5) / len(errors), top + HIGH * depth
    frame = {"x": left, "y": top - 6, "width": WIDE, "height": HIGH + 12, "fill": "none", "stroke_opacity": 0.3}
    marks = [words(left, 16, say("largest error")), element("rect", stroke="currentColor", **frame)]
    for power in range(0, MOST + 1, 4):
        label = f"1e-{power:02d}" if power else "1"
        marks.append(words(left - 6, top + HIGH * power / MOST + 5, label, text_anchor="end", font_size=12))
    bottom = top + HIGH + 24
    for place, anchor in ((0, "start"), (-1, "end")):
        marks.append(words(left if place == 0 else left + WIDE, bottom, names[place], text_anchor=anchor, font_size=12))
    marks.append(words(left + WIDE / 2, bottom, along, text_anchor="middle"))
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in zip(xs, ys, strict=True))
    marks.append(element("polyline", points=line, fill="none", stroke=BLUE, stroke_width=2))
    for x, y, name, error in zip(xs, ys, names, errors, strict=True):
        marks.append(element("circle", caption(f"{name}: {error:.0e}"), cx=f"{x:.2f}", cy=f"{y:.2f}", r=4, fill=BLUE))
    marks.append(element("path", d=f"M{xs[at]:.2f} {ys[at] - 9:.2f}l9 9l-9 9l-9 -9z", fill=VERMILION))
    title = say(
        "Largest error at each of {count} values of: {along}. Now, at {place}, it is {error}.",
        count=len(errors),
        along=along,
        place=names[at],
        error=f"{errors[at]:.0e}",
    )
    return picture(left + WIDE + 10, bottom + 10, title, *marks)
