"""Attention as threads from the words that ask to the words that are asked."""

from collections.abc import Sequence

import numpy as np

from lesson.plots.pictures import clip
from lesson.plots.summary import labelled
from lesson.plots.svg import BLUE, caption, element, number, picture, shade, words
from lesson.words import say

WIDE, PITCH, TOP, FROM = 392, 22, 44, 92


def thread_picture(
    weights: np.ndarray,
    heads: Sequence[int],
    rows: Sequence[str],
    columns: Sequence[str] | None = None,
    focus: int | None = None,
    least: float = 0.0,
) -> str:
    """Draw the words of rows and columns as two lists, and the mean of some heads as threads between them.

    weights (H, T, S)   heads: the numbers of the H heads   rows: T words   columns: S words, else the rows
    focus: draw this row alone, each weight as a number, and for each head a cell   least: leave out what is below it

    A thread is thicker and stronger for a larger weight; each row's largest is whole, its others are dashed.
    Raises ValueError when the words do not fit the weights, or there is no head.
    """
    if not len(heads):
        raise ValueError("wanted one head or more, got none")
    mean, columns = labelled(np.mean(weights, axis=0), rows, columns)
    until = 270 if focus is None else 200
    marks = [
        words(FROM - 6, 16, say("from"), text_anchor="end", font_size=12),
        words(until + 6, 16, say("to"), font_size=12),
    ]
    for i, word in enumerate(rows):
        weight = "bold" if i == focus else "normal"
        faint = 1.0 if focus in (None, i) else 0.6
        place = {"text_anchor": "end", "font_weight": weight, "opacity": faint}
        marks.append(words(FROM - 6, _height(i) + 5, clip(word), **place))
    marks += [words(until + 6, _height(j) + 5, clip(word)) for j, word in enumerate(columns)]
    shown = [(i, j) for i, j in np.argwhere(mean >= max(least, 5e-5)).tolist() if focus in (None, i)]
    largest = np.round(mean, 9).argmax(axis=-1)
    # The strongest last, on top of the others.
    for i, j in sorted(shown, key=lambda place: mean[place]):
        hint = caption(say("{query} to {key}: {weight}", query=rows[i], key=columns[j], weight=number(mean[i, j])))
        marks.append(_thread(hint, _height(i), _height(j), until, mean[i, j], largest[i] == j))
    if focus is not None:
        marks += _shares(np.asarray(weights)[:, focus], mean[focus], heads)
    told = {"rows": len(rows), "columns": len(columns), "drawn": len(shown)}
    title = say("Threads from {rows} words to {columns}: {drawn} drawn, thicker for a larger weight.", **told)
    return picture(WIDE, TOP + PITCH * max(mean.shape), title, *marks, zoom=1.2)


def _height(place: int) -> float:
    return TOP + PITCH * place


def _thread(hint: str, y1: float, y2: float, until: float, weight: float, is_largest: bool) -> str:
    stroke = {"stroke": BLUE, "stroke_width": 1 + 6 * float(weight), "stroke_opacity": 0.6 + 0.4 * float(weight)}
    dashes = {} if is_largest else {"stroke_dasharray": "4 3"}
    return element("line", hint, x1=FROM, y1=y1, x2=until, y2=y2, **stroke, **dashes)


def _shares(weights: np.ndarray, mean: np.ndarray, heads: Sequence[int]) -> list[str]:
    """Write one row's mean weights, (S,), as numbers, and each head's own, (H, S), as cells beside them."""
    left, cell = 318, min(18.0, (WIDE - 322) / len(heads))
    marks = [words(312, 16, say("mean"), text_anchor="end", font_size=12), words(left, 16, say("heads"), font_size=12)]
    if cell >= 7:
        small = {"text_anchor": "middle", "font_size": 9}
        marks += [words(left + cell * (h + 0.5), 29, str(head), **small) for h, head in enumerate(heads)]
    marks += [
        words(312, _height(j) + 4, number(weight, 2), text_anchor="end", font_size=12) for j, weight in enumerate(mean)
    ]
    for (h, j), weight in np.ndenumerate(weights):
        hint = caption(say("head {number}: {weight}", number=heads[h], weight=number(weight)))
        box = {"x": left + cell * h, "y": _height(j) - PITCH / 2 + 1, "width": cell - 1, "height": PITCH - 2}
        marks.append(element("rect", hint, fill=shade(weight)[0], **box))
    return marks
