"""Two words slid along a text: scores that are attention's own, what stays and what changes, and where a table ends."""

import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.nn.alibi import alibi_positions
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.positions import sinusoidal_positions
from lesson.nn.relative import place_key, place_query
from lesson.nn.rotary import rotary_positions
from lesson.widgets import slide_two_words
from lesson.widgets.slide import FARTHEST, KINDS, LAST, WIDTH, all_scores, draw_slide

NAMES = list(KINDS)
PLACES = np.arange(LAST + FARTHEST + 1)
ONES = np.ones((1, len(PLACES), WIDTH))


def log_weights(q, k):
    """What attention's weights say of the scores: all but a number for each row."""
    return np.log(scaled_dot_product_attention(q, k, k)[1].weights[0])


def grid(kind):
    """The widget's scores with the axes of attention: row t, column s, NaN where t is before s or too far behind."""
    scores, table = all_scores(KINDS[kind]), np.full((len(PLACES), len(PLACES)), np.nan)
    for (s, apart), score in np.ndenumerate(scores):
        table[s + apart, s] = score
    return table


@pytest.mark.parametrize(
    ("kind", "positions"),
    [("rotary", rotary_positions(PLACES, WIDTH)), ("ALiBi", alibi_positions(PLACES, 4)), ("no positions", None)],
)
def test_relative_scores_are_those_of_attention(kind, positions):
    heads = np.broadcast_to(ONES, (4, *ONES.shape[1:]))
    weights = log_weights(place_query(heads, positions), place_key(heads, positions))
    differences = grid(kind) - weights
    # A row of weights settles its scores up to one number, the same for the whole row.
    spread = np.nanmax(differences, axis=-1) - np.nanmin(differences, axis=-1)
    assert spread.max() < 1e-9


def test_added_sinusoids_score_as_attention_does():
    x = ONES + sinusoidal_positions(PLACES, WIDTH)
    differences = grid("sinusoids added") - log_weights(x, x)
    assert (np.nanmax(differences, axis=-1) - np.nanmin(differences, axis=-1)).max() < 1e-9


@pytest.mark.parametrize("kind", NAMES)
def test_what_stays_when_both_slide(kind):
    scores = all_scores(KINDS[kind])
    stays = bool(np.nanmax(np.ptp(scores[:4], axis=0)) < 1e-9)
    assert stays == (kind not in ("sinusoids added", "table added"))
    told = draw_slide(kind, 3, 2, scores)[1]
    assert ("Slid together, it stays" in told) == stays


def test_a_table_ends_and_says_so():
    scores = all_scores(KINDS["table added"])
    markup, told = draw_slide("table added", 20, 2, scores)
    assert "There is no score: no such row. Slid together, it runs between" in told and "ends after place 13" in told
    assert "Moved apart from 20, there is none at all." in told and "score now: none" in markup
    assert all(np.isfinite(all_scores(KINDS[kind])).all() for kind in NAMES if kind != "table added")


def test_the_state_at_first():
    assert repr(slide_two_words()) == (
        "Slide two words.\nPositions: sinusoids alone. Key at place 3, query at place 5. Their score is 0.9064. "
        "Slid together, it stays 0.9064. Moved apart from 3, it runs between 0.5997 and 1.4142. "
        "Angles between the hands, from the fast clock to the slow: 115°, 11°, 1°, 0°."
    )


def test_fifty_moves_each_right_and_soon():
    widget, slowest, rng = slide_two_words(), 0.0, np.random.default_rng(58)
    for move in range(50):
        name, most = (("place", LAST), ("apart", FARTHEST), ("kind", len(NAMES) - 1))[move % 3]
        begun = time.process_time()
        widget.controls[name].value = int(rng.integers(0, most + 1))
        slowest = max(slowest, time.process_time() - begun)
        kind, place, apart = (widget.controls[n].value for n in ("kind", "place", "apart"))
        drawn = draw_slide(NAMES[kind], place, apart, all_scores(KINDS[NAMES[kind]]))
        assert (widget.picture.value, widget.summary) == drawn
    assert slowest < 0.4


@pytest.mark.native
def test_a_move_takes_less_than_20_ms():
    widget, times = slide_two_words(), []
    for move in range(25):
        begun = time.process_time()
        widget.controls["place"].value = 24 - move
        times.append(time.process_time() - begun)
    assert sorted(times)[12] < 0.02


def test_controls_and_pictures_have_names():
    widget = slide_two_words()
    assert all(control.description and control.tooltip for control in widget.controls.values())
    for kind, count in ((0, 3), (2, 2)):
        widget.controls["kind"].value = kind
        pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
        assert len(pictures) == count and all(picture.attrib["aria-label"] for picture in pictures)
