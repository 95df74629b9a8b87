"""Fine-tuning as it goes, as SVG text: which parts stand still, how two scores move, and what was forgotten."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lesson.plots.svg import BLUE, VERMILION, element, number, picture, words
from lesson.words import say

LEFT, TOP, WIDE, HIGH = 40, 34, 236, 176
STYLES = ((BLUE, None), (VERMILION, "7 4"))


class Part(NamedTuple):
    """A part of a model: how many weights it has, whether they move, and how many an adapter beside it has."""

    name: str
    weights: int
    moves: bool
    adapter: int = 0


def parts_picture(parts: Sequence[Part]) -> str:
    """Stack the parts of a model, the first at the bottom: filled what moves, dashed what stands still.

    Raises ValueError for no part.
    """
    if not parts:
        raise ValueError("wanted a part of a model at least, got none")
    marks = [words(LEFT, TOP - 14, say("what moves"))]
    for i, part in enumerate(reversed(parts)):
        y = TOP + 50 * i
        box = {"x": LEFT, "y": y, "width": 150, "height": 42, "rx": 4, "stroke": "currentColor"}
        look = {"fill": BLUE, "fill_opacity": 0.35} if part.moves else {"fill": "none", "stroke_dasharray": "4 4"}
        marks += [element("rect", **box, **look), words(LEFT + 8, y + 18, part.name)]
        marks.append(words(LEFT + 8, y + 35, _state(part), font_size=12))
        if part.adapter:
            beside = {"x": LEFT + 158, "y": y, "width": 84, "height": 42, "rx": 4, "stroke": VERMILION}
            marks.append(element("rect", **beside, fill=VERMILION, fill_opacity=0.25))
            marks.append(words(LEFT + 166, y + 18, "+ A B"))
            marks.append(words(LEFT + 166, y + 35, say("{count} move", count=f"{part.adapter:,}"), font_size=12))
    return picture(LEFT + WIDE + 16, TOP + 50 * len(parts) + 8, parts_in_words(parts), *marks)


def parts_in_words(parts: Sequence[Part]) -> str:
    """Say what `parts_picture` shows, from the bottom to the top.

    >>> parts_in_words([Part("tables", 9, False, adapter=4), Part("head", 3, True)])
    'Parts: tables, 9 stand still, an adapter of 4 moves; head, 3 move.'
    """
    said = [
        say(
            "{part}, {state}, an adapter of {count} moves",
            part=part.name,
            state=_state(part),
            count=f"{part.adapter:,}",
        )
        if part.adapter
        else f"{part.name}, {_state(part)}"
        for part in parts
    ]
    return say("Parts: {parts}.", parts="; ".join(said))


def scores_picture(scores: Mapping[str, Sequence[float]], total: int, kept: int) -> str:
    """Draw two scores from 0 to 1 over the epochs 0, 1, ..., on a sheet for `total` of them; a line marks what is kept.

    scores: a curve for each of two names, each of one epoch at least   kept: the epoch
    Raises ValueError for other than two curves of one length, no room, or an epoch that is not there.
    """
    lengths = {len(curve) for curve in scores.values()}
    if len(scores) != 2 or len(lengths) != 1 or not 0 <= kept < max(lengths) <= total + 1:
        raise ValueError(f"wanted two curves of 1 to {total + 1} epochs, {kept} among them, got {list(scores)}")
    bottom, right = TOP + HIGH, LEFT + WIDE
    marks = [element("path", d=f"M{LEFT} {TOP}V{bottom}H{right}", fill="none", stroke="currentColor", opacity=0.5)]
    marks += [words(LEFT - 6, y + 5, text, text_anchor="end") for text, y in (("1", TOP), ("0", bottom))]
    middle = TOP + HIGH / 2
    marks.append(element("path", d=f"M{LEFT} {middle}H{right}", stroke="currentColor", opacity=0.4))
    marks.append(words(right, middle - 5, say("guessing"), text_anchor="end", font_size=12))
    x = LEFT + WIDE * kept / total
    marks.append(element("path", d=f"M{x:.6g} {TOP}V{bottom}", stroke="currentColor", stroke_dasharray="2 3"))
    marks.append(words(right, bottom + 18, say("epoch {number}", number=total), text_anchor="end"))
    for i, ((name, curve), (colour, dashes)) in enumerate(zip(scores.items(), STYLES, strict=True)):
        marks += _curve(curve, total, colour, dashes)
        key = {"stroke": colour, "stroke_width": 3} | ({"stroke_dasharray": dashes} if dashes else {})
        start = LEFT + 128 * i
        marks.append(element("path", d=f"M{start} {TOP - 18}h22", **key))
        marks.append(words(start + 28, TOP - 14, name))
    told = ", ".join(f"{name} {number(curve[-1], 2)}" for name, curve in scores.items())
    drawn = {"done": max(lengths) - 1, "total": total, "scores": told, "kept": kept}
    title = say("Curves after {done} of {total} epochs: {scores}; kept is epoch {kept}.", **drawn)
    return picture(right + 16, bottom + 30, title, *marks)


def _curve(curve: Sequence[float], total: int, colour: str, dashes: str | None) -> list[str]:
    places = [(LEFT + WIDE * i / total, TOP + HIGH * (1 - score)) for i, score in enumerate(curve)]
    look = {"fill": "none", "stroke": colour, "stroke_width": 2} | ({"stroke_dasharray": dashes} if dashes else {})
    line = element("polyline", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in places), **look)
    return [line, element("circle", cx=f"{places[-1][0]:.2f}", cy=f"{places[-1][1]:.2f}", r=4, fill=colour)]


def meter_picture(shares: Mapping[str, float]) -> str:
    """Draw each share as a bar from 0 to 1 with its name and number; what is forgotten, the last, in another colour."""
    marks = []
    for i, (name, share) in enumerate(shares.items()):
        y, colour = 24 + 46 * i, VERMILION if i == len(shares) - 1 else BLUE
        bar = {"x": LEFT, "y": y + 6, "height": 14}
        marks.append(words(LEFT, y, f"{name} {number(share, 2)}"))
        marks.append(element("rect", width=WIDE, fill="none", stroke="currentColor", stroke_opacity=0.4, **bar))
        marks.append(element("rect", width=f"{WIDE * min(max(share, 0.0), 1.0):.6g}", fill=colour, **bar))
    told = ", ".join(f"{name} {number(share, 2)}" for name, share in shares.items())
    title = say("Meters: {shares}.", shares=told)
    return picture(LEFT + WIDE + 16, 46 * len(shares) + 12, title, *marks)


def _state(part: Part) -> str:
    count = f"{part.weights:,}"
    return say("{count} move", count=count) if part.moves else say("{count} stand still", count=count)
