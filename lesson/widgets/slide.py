"""Slide two words along a text, together and apart, and see of each kind of position what their score feels."""

import math
from collections.abc import Callable
from typing import NamedTuple

import ipywidgets
import numpy as np

from lesson.nn.alibi import alibi_bias, alibi_positions
from lesson.nn.positions import init_learned_positions, learned_positions, sinusoidal_positions
from lesson.nn.rotary import rotary_positions, rotate
from lesson.plots.places import clock_picture, score_picture
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import choose
from lesson.words import later, say

WIDTH, LENGTH, LAST, FARTHEST = 8, 16, 24, 12
NEVER = later("no such row")
SLOPE = alibi_positions(np.arange(1), num_heads=4).slopes[:1]


class Placed(NamedTuple):
    """One word at many places, (P, WIDTH), or NaN where it can have none; and what the score loses at each (P,)."""

    vectors: np.ndarray
    penalty: np.ndarray | float = 0.0


def slide_two_words() -> Explorer:
    """Make the widget: a key and a query, `apart` places behind it, both words the same list of eight ones."""
    grids = {name: all_scores(place) for name, place in KINDS.items()}

    def draw(kind: int, place: int, apart: int) -> tuple[str, str]:
        name = list(KINDS)[kind]
        return draw_slide(name, place, apart, grids[name])

    return Explorer(
        say("Slide two words."),
        draw,
        kind=choose(
            say("Positions"),
            list(map(say, KINDS)),
            say("Which kind of position the words get: arrow keys go to the next"),
        ),
        place=_slider(LAST, 3, say("Slide both"), say("The place of the key; the query keeps its distance")),
        apart=_slider(FARTHEST, 2, say("Apart"), say("How many places after the key the query stands")),
    )


def all_scores(place: Callable[[np.ndarray], Placed]) -> np.ndarray:
    """Score a key at each place against a query at each distance behind it: (LAST + 1, FARTHEST + 1)."""
    s = np.arange(LAST + 1)[:, np.newaxis]
    t = s + np.arange(FARTHEST + 1)
    key, query = place(s), place(t)
    return (key.vectors * query.vectors).sum(axis=-1) / math.sqrt(WIDTH) + key.penalty - query.penalty


def draw_slide(kind: str, place: int, apart: int, scores: np.ndarray) -> tuple[str, str]:
    """Return the pictures of a key at a place and a query so far behind it, and what they show in words."""
    along, across, now = scores[:, apart], scores[place], scores[place, apart]
    low, high = float(np.nanmin(scores)), float(np.nanmax(scores))
    span = (min(low, high - 1) - 0.1, high + 0.1)
    pictures = [
        score_picture(along, place, say("slide both: place of the key"), span, say(NEVER)),
        score_picture(across, apart, say("apart: places between them"), span, say(NEVER)),
    ]
    places = {"kind": say(kind), "key": place, "query": place + apart}
    said = [say("Positions: {kind}. Key at place {key}, query at place {query}.", **places)]
    if np.isfinite(now):
        said.append(say("Their score is {score}.", score=number(now)))
    else:
        said.append(say("There is no score: {why}.", why=say(NEVER)))
    said.append(say("Slid together, {range}.", range=_range(along)))
    said.append(say("Moved apart from {place}, {range}.", place=place, range=_range(across)))
    if kind in HANDS:
        hands = [HANDS[kind](np.array([p])).reshape(-1, 2) for p in (place, place + apart)]
        turns = (round(2 * math.pi * 10_000 ** (i / WIDTH)) for i in range(0, WIDTH, 2))
        turn = [say("{count} places", count=count) for count in turns]
        pictures.insert(0, clock_picture(*hands, (say("key"), say("query")), turn))
        angles = [f"{math.degrees(_between(*pair)):.0f}°" for pair in zip(*hands, strict=True)]
        told = ", ".join(angles)
        said.append(say("Angles between the hands, from the fast clock to the slow: {angles}.", angles=told))
    return side_by_side(*pictures), " ".join(said)


def _range(scores: np.ndarray) -> str:
    """Say between what the scores run."""
    known = scores[np.isfinite(scores)]
    if not known.size:
        return say("there is none at all")
    # Rounded, for a difference in the fifteenth decimal is no change.
    low, high = float(known.min()), float(known.max())
    told = say("it runs between {low} and {high}", low=number(low), high=number(high))
    if high - low < 5e-5:
        told = say("it stays {score}", score=number(low))
    ends = say(", and ends after place {place}", place=known.size - 1)
    return told + ends if known.size < scores.size else told


def _between(one: np.ndarray, other: np.ndarray) -> float:
    turned = math.atan2(one[0] * other[1] - one[1] * other[0], float(one @ other))
    return abs(turned)


def _sinusoids(places: np.ndarray) -> np.ndarray:
    return sinusoidal_positions(places, WIDTH)


def _turned(places: np.ndarray) -> np.ndarray:
    return rotate(np.ones((*places.shape, WIDTH)), rotary_positions(places, WIDTH))


def _table(places: np.ndarray) -> np.ndarray:
    params = init_learned_positions(np.random.default_rng(58), LENGTH, WIDTH)
    rows, _ = learned_positions(params, np.minimum(places, LENGTH - 1))
    # A model reads its table multiplied by the root of the width, see lesson.models.embed.
    return np.where(places[..., np.newaxis] < LENGTH, math.sqrt(WIDTH) * rows, np.nan)


def _behind(places: np.ndarray) -> np.ndarray:
    """What ALiBi takes off the score of a key at place 0."""
    return -alibi_bias(SLOPE, places.ravel(), np.zeros(1)).reshape(places.shape)


#: what becomes of a word of eight ones at some places (...)
KINDS = {
    later("sinusoids alone"): lambda places: Placed(_sinusoids(places)),
    later("sinusoids added"): lambda places: Placed(1 + _sinusoids(places)),
    later("table added"): lambda places: Placed(1 + _table(places)),
    later("rotary"): lambda places: Placed(_turned(places)),
    later("ALiBi"): lambda places: Placed(np.ones((*places.shape, WIDTH)), _behind(places)),
    later("no positions"): lambda places: Placed(np.ones((*places.shape, WIDTH))),
}
HANDS = {"sinusoids alone": _sinusoids, "sinusoids added": _sinusoids, "rotary": _turned}


def _slider(largest: int, value: int, description: str, tooltip: str) -> ipywidgets.IntSlider:
    return ipywidgets.IntSlider(
        value=value, min=0, max=largest, description=description, tooltip=tooltip, layout=wide()
    )
