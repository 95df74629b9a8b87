"""Reversal, trained live: the same steps as the recipe's, wherever it starts, and said in words that are true."""

import asyncio
import re
import time
from itertools import islice
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson import recipes
from lesson.widgets import train_live
from lesson.widgets.train import RATES, TRAINED, ZERO, begin_reverse


def losses(steps, **settings):
    usual = {"start": ZERO, "rate": 0.01, "warm": 10, "clipped": True, "slow": False}
    return list(islice(begin_reverse(**usual | settings).steps, steps))


def told(summary):
    share, right = re.search(r"attention, (\S+) lies on .* writes (\d+) of 100", summary).groups()
    return float(share), int(right)


def test_at_first_it_stands_before_the_first_step():
    widget = train_live()
    assert widget.summary.startswith(
        "Not begun: 120 steps to do.\nFrom zero: rate 0.01, steps of warm-up 10, gradients clipped, slowly.\n"
        "Of its cross-attention, 0.1"
    )
    assert "(even shares: 0.125)" in widget.summary and told(widget.summary)[1] == 0
    assert (repr(widget), widget.picture.value) == (repr(train_live()), train_live().picture.value)
    assert not widget.is_training


def test_its_steps_are_the_recipes():
    np.testing.assert_array_equal(losses(5), [report.loss for report in islice(recipes.reverse().train_steps(), 5)])


def test_a_run_that_is_trained_knows_the_answers():
    run = begin_reverse(ZERO, 0.01, 10, True, False)
    done = list(islice(run.steps, 60))
    share, right = told(run.draw(done)[1])
    assert share > 0.85 and right > 95
    assert f"Loss {done[-1]:.2f} (guessing digits: 2.05)" in run.draw(done)[1]


def test_from_the_trained_weights_there_is_little_left_to_lose():
    run = begin_reverse(TRAINED, 0.01, 10, True, False)
    share, right = told(run.draw([])[1])
    assert right == 100 and share > 0.9
    assert losses(1, start=TRAINED)[0] < 0.05


def test_each_setting_changes_the_run():
    usual = losses(12)
    assert losses(12, rate=0.03) != usual and losses(12, warm=1) != usual and losses(12, clipped=False) != usual
    assert losses(12, slow=True) == usual
    widget, told = train_live(), set()
    for name, value in {"start": TRAINED, "rate": 0.03, "warm": 1, "clipped": False, "slow": False}.items():
        widget.controls[name].value = value
        told.add(widget.summary)
    assert len(told) == 5
    assert begin_reverse(ZERO, 0.01, 10, True, True).pause > 0 == begin_reverse(ZERO, 0.01, 10, True, False).pause


def test_without_warm_up_a_high_rate_ruins_what_was_learnt():
    assert losses(30, start=TRAINED, rate=0.1, warm=1)[-1] > 1
    assert losses(30, start=TRAINED, rate=0.1, warm=10)[-1] < 1


@pytest.mark.native
def test_played_from_the_buttons():
    async def play():
        widget = train_live()
        widget.controls["slow"].value = False
        widget.train()
        while len(widget.losses) < 40:
            await asyncio.sleep(0)
        widget.stop()
        assert told(widget.summary)[1] > 50 and "Stopped after step 4" in widget.summary
        widget.start_over()
        assert told(widget.summary)[1] == 0
        await asyncio.sleep(0)

    asyncio.run(play())


def test_fifty_moves_end_where_one_move_does():
    widget, one = train_live(), train_live()
    for move in range(50):
        name, value = (("rate", RATES[move % 7]), ("start", (TRAINED, ZERO)[move % 4 // 2]))[move % 2]
        widget.controls[name].value = value
    one.controls["rate"].value, one.controls["start"].value = RATES[48 % 7], TRAINED
    assert (widget.picture.value, repr(widget)) == (one.picture.value, repr(one))


def test_controls_are_labelled_and_both_pictures_named():
    widget = train_live()
    assert all(control.description and control.tooltip for control in widget.controls.values())
    pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
    assert len(pictures) == 2 and all(p.attrib["aria-label"] and p.find("{*}title").text for p in pictures)


@pytest.mark.native
def test_a_move_takes_less_than_150_ms():
    widget, times = train_live(), []
    for move in range(10):
        begun = time.process_time()
        widget.controls["warm"].value = 1 + move
        times.append(time.process_time() - begun)
    assert sorted(times)[5] < 0.15
