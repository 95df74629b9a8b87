"""Curves and bars: every line has its own dash and mark too, so that no one needs the colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lesson.plots.svg import BLUE, VERMILION, number
from lesson.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito 2008, without the yellow, which is lost on white.
STYLES = (
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    ("#009e73", "-.", "^"),
    ("#cc79a7", ":", "D"),
    ("#e69f00", "-", "v"),
    ("#56b4e9", "--", "P"),
)


def draw_curves(
    axes: Axes, curves: Mapping[str, np.ndarray], along: str, up: str, chance: np.ndarray | None = None
) -> Axes:
    """Draw curves over the steps 0, 1, 2, ..., and below them in grey what chance would do.

    curves {"gradient": (N,), ...}   chance (N,)   along, up: what the two directions mean        Returns the axes.
    Raises ValueError for no curves, more than can be told apart, or curves of several lengths.
    """
    _require_curves(curves, chance)
    for (name, curve), (colour, dash, mark) in zip(curves.items(), STYLES, strict=False):
        axes.plot(curve, color=colour, linestyle=dash, marker=mark, label=name)
    if chance is not None:
        axes.plot(chance, color="#666666", linewidth=3, alpha=0.5, label=say("chance"))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel(along)
    axes.set_ylabel(up)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return axes


def summarise_curves(curves: Mapping[str, np.ndarray], chance: np.ndarray | None = None) -> str:
    """Say where each curve begins and ends, and how high it is on average (the area under it, over its steps).

    >>> print(summarise_curves({"gradient": np.array([4.0, 2.0, 0.0])}))
    'gradient' goes from 4.0000 to 0.0000, on average 2.0000.
    """
    _require_curves(curves, chance)
    lines = dict(curves) | ({} if chance is None else {say("chance"): chance})
    return "\n".join(
        say(
            "'{name}' goes from {first} to {last}, on average {mean}.",
            name=name,
            first=number(line[0]),
            last=number(line[-1]),
            mean=number(_height(np.asarray(line))),
        )
        for name, line in lines.items()
    )


def draw_bars(axes: Axes, bars: Mapping[str, float], along: str) -> Axes:
    """Draw lying bars, the first on top, each with its number; below zero they are of another colour.

    bars {"encoder/0/attention, head 1": 0.5, ...}   along: what the length means        Returns the axes.
    """
    values = np.array([float(value) for value in _some(bars).values()])
    drawn = axes.barh(range(len(values)), values, color=[VERMILION if value < 0 else BLUE for value in values])
    axes.bar_label(drawn, [number(value, 2) for value in values], padding=3)
    axes.set_yticks(range(len(values)), list(bars))
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.margins(x=0.2)
    axes.axvline(0, color="#666666", linewidth=1)
    axes.set_xlabel(along)
    axes.spines[["top", "right", "left"]].set_visible(False)
    return axes


def summarise_bars(bars: Mapping[str, float]) -> str:
    """Name the bars from the largest to the smallest.

    >>> summarise_bars({"head 1": -0.5, "head 2": 2.0})
    "From the largest to the smallest: 'head 2' 2.0000, 'head 1' -0.5000."
    """
    falling = sorted(_some(bars).items(), key=lambda bar: -float(bar[1]))
    told = ", ".join(f"'{name}' {number(value)}" for name, value in falling)
    return say("From the largest to the smallest: {bars}.", bars=told)


def bars_of_heads(losses: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Give every head a bar of its own. losses {"encoder/0/attention": (H,), ...}

    >>> bars_of_heads({"encoder/0/attention": np.array([0.5, 1.0])})
    {'encoder/0/attention, head 1': 0.5, 'encoder/0/attention, head 2': 1.0}
    """
    return {
        say("{layer}, head {head}", layer=path, head=head): float(value)
        for path, values in losses.items()
        for head, value in enumerate(values, start=1)
    }


def _height(line: np.ndarray) -> float:
    return float(((line[1:] + line[:-1]) / 2).mean())


def _some(bars: Mapping[str, float]) -> Mapping[str, float]:
    if not bars:
        raise ValueError("wanted a bar at least, got none")
    return bars


def _require_curves(curves: Mapping[str, np.ndarray], chance: np.ndarray | None) -> None:
    shapes = {np.shape(curve) for curve in (*curves.values(), *(() if chance is None else (chance,)))}
    if not 1 <= len(curves) <= len(STYLES):
        raise ValueError(f"wanted 1 to {len(STYLES)} curves, got {len(curves)}")
    if len(shapes) != 1 or len(shape := next(iter(shapes))) != 1 or shape[0] < 2:
        raise ValueError(f"wanted curves of one length, 2 or more, got {sorted(shapes)}")
