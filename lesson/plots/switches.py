"""What several heads look at from one place, a row for each, those that are switched off pale."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.pictures import clip
from lesson.plots.svg import VERMILION, caption, element, number, picture, shade, words
from lesson.words import say

LEFT, TOP, HEIGHT, WIDE = 104, 62, 28, 290


def switches_picture(
    weights: np.ndarray, names: Sequence[str], on: Sequence[bool], letters: Sequence[str], right: np.ndarray
) -> str:
    """Draw a row of shaded cells for each head, ticked when it is on, and an arrow above each place to be found.

    weights (N, S), from 0 to 1   names: N heads   on: N   letters: S words, the last one asks   right (S,), booleans
    Raises ValueError when these do not fit one another.
    """
    weights, right = np.asarray(weights, dtype=float), np.asarray(right, dtype=bool)
    if weights.shape != (len(names), len(letters)) or len(on) != len(names) or right.shape != (len(letters),):
        raise ValueError(f"wanted weights ({len(names)}, {len(letters)}), on and right alike, got {weights.shape}")
    cell = WIDE / len(letters)
    marks = [
        _above(LEFT + cell * (s + 0.5), letter, found)
        for s, (letter, found) in enumerate(zip(letters, right, strict=True))
    ]
    for i, (name, row, speaks) in enumerate(zip(names, weights, on, strict=True)):
        y = TOP + HEIGHT * i
        marks.append(words(0, y + 18, f"{'✓' if speaks else '–'} {name}", font_size=13))
        marks += [_cell(LEFT + cell * s, y, cell, weight, name, letters[s], speaks) for s, weight in enumerate(row)]
    bottom = TOP + HEIGHT * len(names)
    marks.append(words(LEFT, bottom + 18, say("▼ the right answer   ✓ on   – off"), font_size=13))
    told = {"heads": len(names), "letter": letters[-1], "count": len(letters)}
    title = say("What {heads} heads look at from '{letter}', the last of {count} letters.", **told)
    return picture(LEFT + WIDE + 4, bottom + 26, title, *marks)


def _above(x: float, letter: str, right: bool) -> str:
    name = words(x, TOP - 10, clip(letter, 3), text_anchor="middle", font_weight="bold" if right else "normal")
    return name + (words(x, TOP - 28, "▼", text_anchor="middle", fill=VERMILION) if right else "")


def _cell(x: float, y: float, wide: float, weight: float, name: str, letter: str, speaks: bool) -> str:
    told = {"head": name, "letter": letter, "weight": number(weight)}
    if speaks:
        hint = caption(say("{head} to {letter}: {weight}", **told))
    else:
        hint = caption(say("{head} to {letter}: {weight}, switched off", **told))
    looks = {"stroke": "currentColor", "stroke_opacity": 0.3, "fill": shade(weight)[0]}
    pale = {} if speaks else {"fill_opacity": 0.25, "stroke_dasharray": "2 2"}
    return element("rect", hint, x=x, y=y + 2, width=wide, height=HEIGHT - 4, **looks, **pale)
