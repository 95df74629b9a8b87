"""The beams grown: a search's own numbers, what was dropped, two beams that beat one, and moves that leave no trace."""

import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.models.beam import beam_search, beam_steps
from lesson.models.continuation import Continuation
from lesson.models.generate import generate
from lesson.tasks.tales import FULL_STOP, GRAMMAR, WORDS
from lesson.widgets import grow_the_beams
from lesson.widgets.beams import MOST_STEPS, branches, draw_beams, heat

STOP = WORDS.id(FULL_STOP)
STATES = list(GRAMMAR)


def tales(rows=1):
    """The grammar itself as a model: where each text stands is its state."""
    shares, leads_to = np.zeros((len(STATES), len(WORDS))), np.zeros((len(STATES), len(WORDS)), int)
    for row, arcs in enumerate(GRAMMAR.values()):
        for word, chance, state in arcs:
            shares[row, WORDS.id(word)], leads_to[row, WORDS.id(word)] = chance, STATES.index(state)

    def advance(state, ids):
        (at,) = state
        at = np.where(at < 0, 0, leads_to[at, ids[:, -1]])
        with np.errstate(divide="ignore"):
            return np.log(shares[at]), (at,)

    return Continuation(np.full((rows, 1), STOP), (np.full(rows, -1),), advance, pad=0)


def draw(width=2, steps=MOST_STEPS, penalty=0.0, temperature=1.0):
    return draw_beams(tales(), WORDS, STOP, width, steps, penalty, temperature)


def test_the_state_at_first_is_greedy():
    assert repr(grow_the_beams(tales(), WORDS, STOP)) == (
        "Grow the beams.\n"
        "Kept after 4 steps, best first: 'the dog sleeps .' with probability 0.055, score -2.90.\n"
        "The best dropped at step 1: 'nobody' 0.360; 2: 'the cats' 0.115; 3: 'the dog sings' 0.044; "
        "4: 'the dog sleeps again' 0.018.\n"
        "This is greedy."
    )


def test_two_beams_beat_greedy_and_a_penalty_turns_three():
    assert "best first: 'nobody sleeps .' with probability 0.135, score -2.00; " in draw(width=2)[1]
    assert "Width 1, greedy, comes to 'the dog sleeps .' with probability 0.055" in draw(width=2)[1]
    told = draw(width=3, penalty=1.0)[1]
    assert "best first: 'once upon a time there was a fox .' with probability 0.090, score -1.03;" in told


@pytest.mark.parametrize(("width", "penalty", "temperature"), [(1, 0.0, 1.0), (3, 0.7, 1.0), (4, 0.0, 2.0)])
def test_the_tree_holds_what_the_search_found(width, penalty, temperature):
    model = heat(tales(), temperature)
    rows = branches(list(beam_steps(model, 10, width, STOP, penalty)), WORDS, penalty)
    best = beam_search(model, 10, width, STOP, penalty)
    said = [next(branch.word for branch in row if branch.winning) for row in rows]
    assert [word for word in said if word != "(ended)"] == WORDS.decode(best.ids[0, 0])
    last = [branch.probability for branch in rows[-1] if branch.kept]
    np.testing.assert_allclose(last, np.exp(best.log_probability[0]), atol=1e-12)


def test_what_was_dropped_has_its_own_probability_whatever_the_penalty():
    for penalty in (0.0, 1.2):
        rows = branches(list(beam_steps(tales(), 3, 1, STOP, penalty)), WORDS, penalty)
        dropped = [(branch.word, round(branch.probability, 6)) for branch in rows[1] if not branch.kept]
        assert dropped == [("cats", 0.115), ("cat", 0.1058)]


def test_an_ended_text_that_is_dropped_keeps_its_probability():
    # 'nobody sleeps .' has ended long ago when two longer texts push it out.
    rows = branches(list(beam_steps(tales(), 9, 2, STOP, 0.0)), WORDS, 0.0)
    assert ("(ended)", True) in {(branch.word, branch.kept) for row in rows for branch in row}
    rows = branches(list(beam_steps(tales(), 9, 3, STOP, 1.5)), WORDS, 1.5)
    ended = [b.probability for row in rows for b in row if b.word == "(ended)" and not b.kept]
    assert ended and all(round(p, 6) in (0.135, 0.0552, 0.081) for p in ended)


def test_heat_divides_the_scores():
    cold, hot = (generate_shares(t) for t in (1.0, 2.0))
    np.testing.assert_allclose(hot, np.sqrt(cold) / np.sqrt(cold).sum(), atol=1e-12)


def generate_shares(temperature):
    logits, _ = (model := heat(tales(), temperature)).advance(model.state, model.prompt)
    return np.exp(logits[0]) / np.exp(logits[0]).sum()


def test_fifty_moves_each_right_and_soon():
    widget, slowest, rng = grow_the_beams(tales(), WORDS, STOP), 0.0, np.random.default_rng(58)
    for move in range(50):
        name = ("width", "steps", "penalty", "temperature")[move % 4]
        control = widget.controls[name]
        begun = time.process_time()
        control.value = control.min + round(float(rng.random() * (control.max - control.min)))
        slowest = max(slowest, time.process_time() - begun)
        values = {each: widget.controls[each].value for each in widget.controls}
        assert (widget.picture.value, widget.summary) == draw_beams(tales(), WORDS, STOP, **values)
    assert slowest < 0.4


def test_controls_and_picture_have_names():
    widget = grow_the_beams(tales(), WORDS, STOP)
    assert all(control.description and control.tooltip for control in widget.controls.values())
    assert ElementTree.fromstring(widget.picture.value).attrib["aria-label"].startswith("Tree of 4 steps")


def test_it_wants_one_prompt():
    with pytest.raises(ValueError, match="wanted one prompt to go on from, got 2"):
        grow_the_beams(tales(rows=2), WORDS, STOP)


def test_the_grammar_as_a_model_tells_tales():
    assert WORDS.decode(generate(tales(), 9, STOP)[0]) == ["the", "dog", "sleeps", "."]
