"""Who hears of a word, layer by layer, as SVG text: arrays in, markup out."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.pictures import clip
from lesson.plots.svg import BLUE, element, picture, words
from lesson.words import say

LEFT, COLUMN, LAYER, RADIUS = 60, 54, 58, 12


def reach_picture(may_attend: np.ndarray, known: np.ndarray, tokens: Sequence[str], followed: int) -> str:
    """Draw each position before the first layer and after each, lines from whom it asks, and where a word is known.

    may_attend (T, T)   known (L + 1, T): who knows of it after so many layers   tokens: T words   followed: a place
    A place that knows is filled and ticked. What it passes on goes along a thick line; a dotted one is its own memory.
    Raises ValueError when the shapes do not fit.
    """
    may_attend, known = np.asarray(may_attend, dtype=bool), np.asarray(known, dtype=bool)
    size = len(tokens)
    if may_attend.shape != (size, size) or known.ndim != 2 or known.shape[1] != size or not 0 <= followed < size:
        raise ValueError(f"wanted {size} tokens, a square mask and known (L + 1, {size}), got {known.shape}")
    floors = len(known)
    bottom = LAYER * floors - LAYER / 2
    places = [[(LEFT + COLUMN * (t + 0.5), bottom - LAYER * floor) for t in range(size)] for floor in range(floors)]
    marks = []
    for floor in range(1, floors):
        asks = np.argwhere(may_attend | np.eye(size, dtype=bool))
        lines = [(places[floor - 1][s], places[floor][t], known[floor - 1, s], may_attend[t, s]) for t, s in asks]
        # What carries the word lies on top of what does not.
        marks += [_line(*line) for line in sorted(lines, key=lambda line: bool(line[2]))]
    for floor, row in enumerate(places):
        name = say("layer {number}", number=floor) if floor else say("words")
        marks.append(words(0.0, row[0][1] + 5, name))
        marks += [_place(*place, bool(knows)) for place, knows in zip(row, known[floor], strict=True)]
    for t, token in enumerate(tokens):
        weight = {"font_weight": "bold"} if t == followed else {}
        marks.append(words(places[0][t][0], bottom + 32, clip(token, 6), text_anchor="middle", **weight))
    told = {"word": tokens[followed], "count": floors - 1}
    title = say("Layers above one another: where '{word}' is known after {count} of these layers.", **told)
    return picture(LEFT + COLUMN * size, bottom + 40, title, *marks)


def _line(start: tuple, end: tuple, carries: bool, asks: bool) -> str:
    looks = {"stroke": BLUE, "stroke_width": 3} if carries else {"stroke": "currentColor", "stroke_opacity": 0.3}
    dots = {} if asks else {"stroke_dasharray": "2 4"}
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **looks, **dots)


def _place(x: float, y: float, knows: bool) -> str:
    paper = "var(--jp-layout-color0,Canvas)"
    looks = {"fill": BLUE, "stroke": BLUE} if knows else {"style": f"fill:{paper}", "stroke": "currentColor"}
    tick = element("path", d=f"M{x - 5:.6g} {y:.6g}l4 4l7 -8", fill="none", stroke="#ffffff", stroke_width=2)
    return element("circle", cx=x, cy=y, r=RADIUS, **looks) + (tick if knows else "")
