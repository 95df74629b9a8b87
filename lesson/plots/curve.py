"""A loss as it falls, as SVG text: quick enough to be drawn anew while training goes on."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from lesson.plots.svg import BLUE, VERMILION, element, number, picture, words
from lesson.words import later, say

LEFT, TOP, WIDE, HIGH = 44, 30, 260, 200
#: more points than the curve is pixels wide make it slower, not finer
MOST_POINTS = 260


def curve_picture(
    losses: Sequence[float], total: int, top: float, name: str = later("loss"), chance: float | None = None
) -> str:
    """Draw the losses of steps 1, 2, ... on a sheet that has room for `total` of them, the height from 0 to `top`.

    chance: the height of a dashed line, what guessing comes to   Higher or infinite losses are drawn at the top edge.
    Raises ValueError for no room.
    """
    if total < 1 or not top > 0:
        raise ValueError(f"wanted room for a step and a height above 0, got total={total}, top={top}")

    name = say(name)

    def place(step: float, loss: float) -> tuple[float, float]:
        share = min(max(loss / top, 0.0), 1.0) if isfinite(loss) else 1.0
        return LEFT + WIDE * step / total, TOP + HIGH * (1 - share)

    bottom, right = TOP + HIGH, LEFT + WIDE
    marks = [
        words(LEFT, TOP - 10, name),
        words(right, bottom + 18, say("step {number}", number=total), text_anchor="end"),
        element("path", d=f"M{LEFT} {TOP}V{bottom}H{right}", fill="none", stroke="currentColor", stroke_opacity=0.5),
    ]
    marks += [words(LEFT - 6, y + 5, text, text_anchor="end") for y, text in ((TOP, f"{top:g}"), (bottom, "0"))]
    if chance is not None:
        y = place(0, chance)[1]
        dashes = {"stroke": VERMILION, "stroke_dasharray": "6 4"}
        marks += [
            element("path", d=f"M{LEFT} {y:.6g}H{right}", **dashes),
            words(right, y - 6, say("guessing"), text_anchor="end"),
        ]
    steps = np.unique(np.linspace(1, len(losses), MOST_POINTS).round().astype(int)) if len(losses) else ()
    points = [place(int(step), losses[step - 1]) for step in steps]
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    marks.append(element("polyline", points=line, fill="none", stroke=BLUE, stroke_width=2))
    if points:
        marks.append(element("circle", cx=points[-1][0], cy=points[-1][1], r=4, fill=BLUE))
    now = say("now {loss}", loss=number(losses[-1], 2)) if len(losses) else say("no step done")
    drawn = {"name": name, "done": len(losses), "total": total, "now": now}
    title = say("Curve: {name} after {done} of {total} steps, {now}.", **drawn)
    return picture(LEFT + WIDE + 16, bottom + 30, title, *marks)
