"""A figure for each layer of a deep model, as SVG text: arrays in, markup out."""

from math import ceil, floor

import numpy as np

from lesson.plots.svg import BLUE, VERMILION, caption, element, number, picture, words
from lesson.words import say

LEFT, TOP, WIDE, HIGH = 50, 50, 236, 130
#: what is smaller is drawn at the bottom: a logarithm needs more than nothing
SMALLEST = 1e-30
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def layer_picture(values: np.ndarray, name: str, at: int, shares: bool = False) -> str:
    """Draw a figure below the first layer and above each, a diamond and its number at one of them.

    values (L + 1,)   name: what they are   at: 0 is below the first layer, -1 above the last
    shares: they lie between 0 and 1, and so does the scale; otherwise they are above 0, and each line is ten times
    the one below. Raises ValueError for no layer.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"wanted figures (L + 1,) of a layer or more, got {values.shape}")
    lines, heights = _shares(values) if shares else _powers(values)
    xs = [LEFT + WIDE * i / (len(values) - 1) for i in range(len(values))]
    ys = [TOP + HIGH * (1 - height) for height in heights]
    marks = [_frame(lines, len(values) - 1), element("polyline", points=_path(xs, ys), fill="none", stroke=BLUE)]
    marks += [
        element(
            "circle",
            caption(say("after {number}: {size}", number=i, size=magnitude(v))),
            cx=f"{x:.6g}",
            cy=f"{y:.6g}",
            r=3,
            fill=BLUE,
        )
        for i, (x, y, v) in enumerate(zip(xs, ys, values, strict=True))
    ]
    marks.append(element("path", d=f"M{xs[at]:.6g} {ys[at] - 8:.6g}l8 8l-8 8l-8 -8z", fill=VERMILION))
    end = {"size": magnitude(values[at])}
    told = say("at the bottom: {size}", **end) if at == 0 else say("at the top: {size}", **end)
    marks += [words(LEFT, 18, name), words(LEFT, 38, told, font_weight="bold")]
    return picture(
        LEFT + WIDE + 14, TOP + HIGH + 44, say("{name} from layer to layer, {told}.", name=name, told=told), *marks
    )


def magnitude(value: float) -> str:
    """Write a number so that its size is seen: with a power of ten where it is very large or small.

    >>> magnitude(0.5), magnitude(19_700_000), magnitude(0.00003)
    ('0.50', '2.0 × 10⁷', '3.0 × 10⁻⁵')
    """
    value = float(value)
    if value == 0 or 0.01 <= abs(value) < 1000:
        return number(value, 2)
    mantissa, power = f"{value:.1e}".split("e")
    return f"{mantissa} × {_ten(int(power))}"


def _powers(values: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Return the labels of the scale with their heights, and the heights of the values, all from 0 to 1."""
    logs = np.log10(np.maximum(values, SMALLEST))
    # Two powers either way at least, so that what hardly changes looks as if it hardly changed.
    low, high = min(-2, floor(logs.min())), max(2, ceil(logs.max()))
    step = ceil((high - low) / 6)
    lines = {_ten(power): (power - low) / (high - low) for power in range(low, high + 1) if power % step == 0}
    return lines, (logs - low) / (high - low)


def _shares(values: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    return {"0": 0.0, "0.5": 0.5, "1": 1.0}, np.clip(values, 0, 1)


def _ten(power: int) -> str:
    return {-2: "0.01", -1: "0.1", 0: "1", 1: "10", 2: "100"}.get(power) or f"10{str(power).translate(_RAISED)}"


def _path(xs: list[float], ys: list[float]) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in zip(xs, ys, strict=True))


def _frame(lines: dict[str, float], layers: int) -> str:
    box = {"x": LEFT, "y": TOP, "width": WIDE, "height": HIGH, "fill": "none"}
    marks = [element("rect", stroke="currentColor", stroke_opacity=0.3, **box)]
    for label, height in lines.items():
        y = TOP + HIGH * (1 - height)
        marks.append(
            element("line", x1=LEFT, x2=LEFT + WIDE, y1=f"{y:.6g}", y2=f"{y:.6g}", stroke="currentColor", opacity=0.15)
        )
        marks.append(words(LEFT - 6, f"{y + 4:.6g}", label, text_anchor="end", font_size=12))
    bottom = TOP + HIGH + 18
    marks += [words(LEFT, bottom, "0", text_anchor="middle", font_size=12)]
    marks += [words(LEFT + WIDE, bottom, str(layers), text_anchor="middle", font_size=12)]
    return "".join(marks) + words(
        LEFT + WIDE / 2, bottom + 16, say("layers passed"), text_anchor="middle", font_size=12
    )
