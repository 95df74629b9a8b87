"""The tree of a beam search as SVG text: a row a step, what was kept on the left, what was dropped on the right."""

from collections.abc import Sequence
from typing import NamedTuple

from lesson.plots.pictures import clip
from lesson.plots.svg import BLUE, caption, element, number, picture, words
from lesson.words import say, say_count

BOX_WIDTH, BOX_HEIGHT, ACROSS, DOWN = 56, 34, 62, 58


class Branch(NamedTuple):
    """One more word behind the beginning that stands at place `parent` of the row above.

    probability: of the whole text so far   kept: whether it goes on   winning: whether the best text at the end has it
    """

    word: str
    probability: float
    parent: int
    kept: bool = True
    winning: bool = False


def beam_picture(rows: Sequence[Sequence[Branch]], root: str) -> str:
    """Draw what a search kept at each step and the best of what it dropped, each below what it lengthens.

    rows: a step each, the best first, what was kept before what was dropped   root: what all texts begin with
    Kept ones have whole frames, dropped ones dashed; the way to the best text is thick and bold.
    Raises ValueError when a branch hangs on nothing that was kept.
    """
    lines, boxes, above = [], [_box(0, 0, Branch(root, 1.0, 0, winning=True))], [True]
    for depth, row in enumerate(rows, start=1):
        for place, branch in enumerate(row):
            if not (0 <= branch.parent < len(above) and above[branch.parent]):
                raise ValueError(f"wanted a parent among those kept at step {depth - 1}, got {branch.parent}")
            lines.append(_line(place, depth, branch))
            boxes.append(_box(place, depth, branch))
        above = [branch.kept for branch in row]
    columns = max([len(row) for row in rows], default=1)
    title = say_count(
        "Tree of {count} step: below each beginning the words that lengthen it, kept or dropped.",
        "Tree of {count} steps: below each beginning the words that lengthen it, kept or dropped.",
        len(rows),
    )
    return picture(ACROSS * columns + 4, DOWN * len(rows) + BOX_HEIGHT + 6, title, *lines, *boxes)


def _line(place: int, depth: int, branch: Branch) -> str:
    ends = {
        "x1": _middle(branch.parent),
        "y1": 3 + DOWN * (depth - 1) + BOX_HEIGHT,
        "x2": _middle(place),
        "y2": 3 + DOWN * depth,
    }
    return element("line", **ends, **_stroke(branch))


def _box(place: int, depth: int, branch: Branch) -> str:
    x, y = _middle(place), 3 + DOWN * depth
    fate = say("kept") if branch.kept else say("dropped")
    hint = caption(f"{branch.word}: {number(branch.probability)}, {fate}")
    frame = {"x": x - BOX_WIDTH / 2, "y": y, "width": BOX_WIDTH, "height": BOX_HEIGHT, "rx": 5, "fill": "none"}
    # A dropped word is as easy to read as any other: what tells it is its frame.
    bold = {"font_weight": "bold"} if branch.winning else {}
    inside = {"text_anchor": "middle", **bold}
    return (
        element("rect", hint, **frame, **_stroke(branch))
        # A full stop alone in a box is easily missed.
        + words(x, y + 14, clip(f"“{branch.word}”" if branch.word == "." else branch.word), font_size=13, **inside)
        + words(x, y + 28, number(branch.probability, 3), font_size=12, **inside)
    )


def _stroke(branch: Branch) -> dict[str, object]:
    if branch.winning:
        return {"stroke": BLUE, "stroke_width": 4}
    if branch.kept:
        return {"stroke": "currentColor", "stroke_width": 1.5}
    return {"stroke": "currentColor", "stroke_opacity": 0.6, "stroke_dasharray": "4 3"}


def _middle(place: int) -> float:
    return 2 + ACROSS * place + ACROSS / 2
