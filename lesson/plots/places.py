"""Places as hands of clocks, and a score along the places, as SVG text: arrays in, markup out."""

from collections.abc import Sequence
from math import hypot

import numpy as np

from lesson.plots.svg import BLUE, VERMILION, caption, element, number, picture, words
from lesson.words import say

FACE, GAP = 32, 6
LEFT, TOP, WIDE, HIGH = 44, 30, 236, 120


def clock_picture(first: np.ndarray, second: np.ndarray, names: Sequence[str], below: Sequence[str]) -> str:
    """Draw clocks in a row, each with a hand of two places: the first whole, the second dashed, letters at their ends.

    first, second (C, 2): where each hand points, across and up   names: two short ones   below: C words, one a clock
    Raises ValueError when the hands are not as many as the words.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if not first.shape == second.shape == (len(below), 2):
        raise ValueError(f"wanted two hands ({len(below)}, 2), got {first.shape} and {second.shape}")
    step = 2 * FACE + GAP
    marks = []
    for i, (one, other, word) in enumerate(zip(first, second, below, strict=True)):
        x, y = FACE + 2 + step * i, FACE + 2
        marks.append(element("circle", cx=x, cy=y, r=FACE, fill="none", stroke="currentColor", stroke_opacity=0.4))
        # The dashed hand lies on top, so that both are seen where they point the same way.
        marks.append(_hand(x, y, one, names[0], BLUE, 12))
        marks.append(_hand(x, y, other, names[1], VERMILION, 26, stroke_dasharray="4 3"))
        marks.append(words(x, 2 * FACE + 20, word, text_anchor="middle", font_size=12))
    told = {"first": names[0], "second": names[1]}
    title = say("Clocks in a row, each with a hand of {first}, whole, and one of {second}, dashed.", **told)
    return picture(step * len(below), 2 * FACE + 30, title, *marks)


def score_picture(scores: np.ndarray, at: int, along: str, span: tuple[float, float], missing: str = "") -> str:
    """Draw a score at each of the places 0, 1, 2, ..., the one that holds now as a diamond with its number.

    scores (P,), NaN where there is none   at: a place   span: the lowest and highest score drawn
    along: what runs to the right   missing: what is written where there is no score
    Raises ValueError when the place is not among the scores.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or not 0 <= at < len(scores):
        raise ValueError(f"wanted a place of the scores, 0 to {scores.size - 1}, got {at}")
    low, high = span
    # A span of nothing at all would divide by zero.
    room = max(high - low, 1e-9)
    xs = [LEFT + WIDE * (i + 0.5) / len(scores) for i in range(len(scores))]
    ys = [TOP + HIGH * (1 - (score - low) / room) for score in scores]
    marks = [_frame(low, high, along, len(scores), (xs[0], xs[-1]))]
    marks += [
        element("circle", caption(f"{i}: {number(score)}"), cx=f"{x:.6g}", cy=f"{y:.6g}", r=3, fill=BLUE)
        for i, (x, y, score) in enumerate(zip(xs, ys, scores, strict=True))
        if np.isfinite(score)
    ]
    marks += _missing(scores, xs, missing)
    if np.isfinite(scores[at]):
        x, y = xs[at], ys[at]
        marks.append(element("path", d=f"M{x:.6g} {y - 8:.6g}l8 8l-8 8l-8 -8z", fill=VERMILION))
    now = number(scores[at]) if np.isfinite(scores[at]) else say("none")
    marks.append(words(LEFT, 18, say("score now: {score}", score=now), font_weight="bold"))
    told = {"count": len(scores), "along": along, "place": at, "score": now}
    title = say("The score at {count} values of: {along}. Now, at {place}, it is {score}.", **told)
    return picture(LEFT + WIDE + 10, TOP + HIGH + 50, title, *marks)


def _hand(x: float, y: float, to: np.ndarray, name: str, colour: str, letter_at: float, **dash: str) -> str:
    length = hypot(*to) or 1.0
    ux, uy = float(to[0]) / length, -float(to[1]) / length
    end = {"x2": f"{x + FACE * ux:.6g}", "y2": f"{y + FACE * uy:.6g}"}
    line = element("line", x1=x, y1=y, **end, stroke=colour, stroke_width=3, **dash)
    return line + words(
        f"{x + letter_at * ux - 6 * uy:.6g}", f"{y + letter_at * uy + 6 * ux + 4:.6g}", name[:1], font_size=12
    )


def _frame(low: float, high: float, along: str, count: int, ends: tuple[float, float]) -> str:
    box = {"x": LEFT, "y": TOP - 4, "width": WIDE, "height": HIGH + 8, "fill": "none"}
    small, bottom = {"font_size": 12}, TOP + HIGH + 20
    return "".join(
        (
            element("rect", stroke="currentColor", stroke_opacity=0.3, **box),
            words(LEFT - 6, TOP + 8, number(high, 1), text_anchor="end", **small),
            words(LEFT - 6, TOP + HIGH, number(low, 1), text_anchor="end", **small),
            words(f"{ends[0]:.6g}", bottom, "0", text_anchor="middle", **small),
            words(f"{ends[1]:.6g}", bottom, str(count - 1), text_anchor="middle", **small),
            words(LEFT + WIDE / 2, bottom + 18, along, text_anchor="middle"),
        )
    )


def _missing(scores: np.ndarray, xs: Sequence[float], told: str) -> list[str]:
    """Shade where there are no scores, from the first such place to the last, and say why."""
    empty = np.flatnonzero(~np.isfinite(scores))
    if not empty.size:
        return []
    half = WIDE / len(scores) / 2
    start, end = xs[empty[0]] - half, xs[empty[-1]] + half
    shape = {"x": f"{start:.6g}", "y": TOP - 4, "width": f"{end - start:.6g}", "height": HIGH + 8}
    shaded = element("rect", caption(told), fill="currentColor", fill_opacity=0.15, **shape)
    middle = (start + end) / 2
    return [shaded, words(f"{middle:.6g}", TOP + HIGH / 2, told, text_anchor="middle", font_size=12)]
