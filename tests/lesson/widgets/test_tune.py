"""Parts frozen and adapters added: what is said to move is what moves, and the figures are those of the run."""

import asyncio
import re
import time
from itertools import islice, product
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson import tree
from lesson.finetuning import FineTuning, weights_touched
from lesson.widgets import freeze_and_tune
from lesson.widgets.tune import EPOCHS, PARTS, begin_tuning, frozen_plan, judged, parts_of, shelved

THAWED = dict.fromkeys((name.replace(" ", "_") for name in PARTS), False)


def begin(**settings):
    return begin_tuning(**{"rank": 0, "place": "words", "rate": 0.01} | THAWED | settings)


def told(summary):
    return [float(each) for each in re.search(r"journeys (\S+), on goods (\S+), forgotten (\S+)\.", summary).groups()]


def test_at_first_it_stands_before_the_first_step():
    widget = freeze_and_tune()
    assert widget.summary.startswith("Not begun: 320 steps to do.\n5,922 numbers move. Parts: embeddings, 1,440 move;")
    assert told(widget.summary)[1:] == [1.0, 0.0] and not widget.is_training
    assert (repr(widget), widget.picture.value) == (repr(freeze_and_tune()), freeze_and_tune().picture.value)


@pytest.mark.parametrize("frozen", list(product([False, True], repeat=4)))
def test_what_is_said_to_move_is_what_a_run_moves(frozen):
    settings = dict(zip(THAWED, frozen, strict=True))
    if all(frozen):
        with pytest.raises(ValueError, match="all parts are frozen and there is no adapter"):
            begin(**settings)
        return
    shelf, plan = shelved(), frozen_plan([name for name, still in zip(PARTS, frozen, strict=True) if still])
    phase = {"phase": 1, "learning_rate": 0.01, "epochs": 1} | ({"frozen_layers": plan} if plan else {})
    run = FineTuning({"discriminative_lrs": [phase]}, shelf.params, shelf.config, shelf.examples, shelf.choose)
    parts = parts_of(shelf.params, plan, 0, "token")
    assert sum(part.weights for part in parts) == tree.count(shelf.params)
    assert sum(part.weights for part in parts if part.moves) == weights_touched(run)
    assert begin(**settings).draw([])[1].startswith(f"{weights_touched(run):,} numbers move.")


@pytest.mark.parametrize(("place", "adapted", "each"), [("words", "token", 90), ("attention", "query+value", 128)])
def test_with_an_adapter_nothing_else_moves(place, adapted, each):
    shelf = shelved()
    phase = {"phase": 1, "learning_rate": 0.01, "adapter": f"LoRA rank=3 on {adapted}"}
    run = FineTuning({"discriminative_lrs": [phase]}, shelf.params, shelf.config, shelf.examples, shelf.choose)
    parts = parts_of(shelf.params, "", 3, adapted)
    assert not any(part.moves for part in parts)
    assert sum(part.adapter for part in parts) == weights_touched(run) == 3 * each
    assert begin(rank=3, place=place, head=True).draw([])[1].startswith(f"{3 * each} numbers move.")
    # All frozen and an adapter: that can be.
    begin(rank=1, place=place, **dict.fromkeys(THAWED, True))


@pytest.mark.slow
def test_an_adapter_on_words_learns_more_and_forgets_less_than_moving_everything():
    new, lost = {}, {}
    for rank, rate in ((0, 0.01), (4, 0.03)):
        run = begin(rank=rank, rate=rate)
        losses = list(islice(run.steps, run.total // 2))
        assert losses[-1] < losses[0]
        new[rank], _, lost[rank] = told(run.draw(losses)[1])
    assert new[4] > new[0] + 0.1 and lost[4] < 0.15 < 0.25 < lost[0]


def test_kept_is_the_epoch_that_chose_best_and_forgotten_is_counted_from_it():
    run = begin()
    list(islice(run.steps, 80))
    shelf = shelved()
    plan = {"discriminative_lrs": [{"phase": 1, "learning_rate": 0.01, "epochs": EPOCHS}]}
    same = FineTuning(plan, shelf.params, shelf.config, shelf.examples, shelf.choose)
    best = same.best(same.train(on_step=lambda progress: progress.report.step == 80))
    (new, old), (_, before) = judged(best), judged(shelf.params)
    np.testing.assert_allclose(told(run.draw([])[1]), [new, old, before - old], atol=0.0051)


@pytest.mark.native
def test_played_from_the_buttons():
    async def play():
        widget = freeze_and_tune()
        widget.controls["rank"].value = 2
        before = widget.summary
        widget.train()
        while len(widget.losses) < 60:
            await asyncio.sleep(0)
        widget.stop()
        assert widget.summary.startswith("Stopped after step 6") and "After epoch 7 of 40" in widget.summary
        widget.start_over()
        assert widget.summary == before
        await asyncio.sleep(0)

    asyncio.run(play())


def test_all_frozen_is_said_and_thawing_goes_on():
    widget = freeze_and_tune()
    for name in THAWED:
        widget.controls[name].value = True
    assert "thaw a part, or raise the rank" in widget.summary
    widget.controls["head"].value = False
    assert "34 numbers move." in widget.summary


def test_fifty_moves_end_where_one_move_does():
    widget, one = freeze_and_tune(), freeze_and_tune()
    for move in range(50):
        widget.controls["rank"].value = move % 9
        widget.controls["layer_0"].value = move % 2 == 0
    one.controls["rank"].value = 49 % 9
    assert (widget.picture.value, repr(widget)) == (one.picture.value, repr(one))


def test_controls_are_labelled_and_pictures_named():
    widget = freeze_and_tune()
    assert all(control.description and control.tooltip for control in widget.controls.values())
    pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
    assert len(pictures) == 3 and all(p.attrib["aria-label"] and p.find("{*}title").text for p in pictures)


@pytest.mark.native
def test_a_move_takes_less_than_150_ms():
    widget, times = freeze_and_tune(), []
    for move in range(1, 9):
        begun = time.process_time()
        widget.controls["rank"].value = move
        times.append(time.process_time() - begun)
    assert sorted(times)[4] < 0.15
