"""Training between the clicks: begun once, stopped between steps, gone on with, started over, never silently dead."""

import asyncio

import pytest

ipywidgets = pytest.importorskip("ipywidgets")

from lesson.widgets import live  # noqa: E402
from lesson.widgets.live import LiveTraining, Run  # noqa: E402


def make(total=50, fail_at=None, pause=0.0, seen=None):
    """A training whose loss at each step is 100 less the step, over `speed`."""

    def begin(speed):
        if speed > 8:
            raise ValueError("wanted a speed of 8 or less")

        def steps():
            for step in range(1, total + 1):
                if step == fail_at:
                    raise ArithmeticError("a <loss> that is no number")
                if seen is not None:
                    seen.append(step)
                yield (100 - step) / speed

        return Run(total, steps(), lambda losses: (f"<svg>{len(losses)}</svg>", f"{len(losses)} losses."), pause)

    return LiveTraining("Count.", begin, speed=ipywidgets.IntSlider(value=1, min=1, max=10))


def run(play):
    """Play in an event loop of its own, which WebAssembly has not got: there the page's is the only one."""
    return asyncio.run(asyncio.wait_for(play(), 20))


async def until(widget, steps):
    while len(widget.losses) < steps:
        await asyncio.sleep(0)


async def to_the_end(widget):
    while widget.is_training:
        await asyncio.sleep(0)


def press(widget, name):
    next(button for button in widget.buttons if button.description == name).click()


def test_made_it_stands_before_the_first_step_the_same_each_time():
    widget = make()
    assert not widget.is_training and widget.losses == []
    assert repr(widget) == repr(make()) == "Count.\nNot begun: 50 steps to do.\n0 losses."
    assert widget.picture.value == "<svg>0</svg>" and 'value="0" max="50"' in widget.progress.value


@pytest.mark.native
def test_train_comes_back_at_once_and_ends_by_itself():
    async def play():
        widget = make()
        press(widget, "Train")
        assert widget.is_training and widget.losses == []
        await to_the_end(widget)
        assert widget.losses == [100 - step for step in range(1, 51)]
        assert repr(widget) == "Count.\nDone: 50 steps. Start over to train again.\n50 losses."
        assert widget.picture.value == "<svg>50</svg>" and 'value="50"' in widget.progress.value

    run(play)


@pytest.mark.native
def test_many_clicks_on_train_are_one_training():
    async def play():
        seen = []
        widget = make(seen=seen)
        press(widget, "Train")
        first = widget._task
        for _ in range(5):
            press(widget, "Train")
            await asyncio.sleep(0)
        assert widget._task is first
        await to_the_end(widget)
        press(widget, "Train")
        await asyncio.sleep(0)
        assert seen == list(range(1, 51)) and "Done" in widget.summary

    run(play)


@pytest.mark.native
def test_stop_is_heard_while_it_trains_and_train_goes_on_from_there():
    async def play():
        seen = []
        widget = make(seen=seen)
        press(widget, "Train")
        await until(widget, 7)
        press(widget, "Stop")
        stopped = len(widget.losses)
        assert not widget.is_training
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(widget.losses) == stopped < 50
        assert widget.summary == f"Stopped after step {stopped} of 50.\n{stopped} losses."
        press(widget, "Train")
        await to_the_end(widget)
        assert seen == list(range(1, 51)) and len(widget.losses) == 50

    run(play)


@pytest.mark.native
def test_stop_at_once_then_train_in_the_same_breath():
    async def play():
        seen = []
        widget = make(seen=seen)
        for _ in range(3):
            for name in ("Train", "Stop"):
                press(widget, name)
        press(widget, "Stop")
        await asyncio.sleep(0)
        assert widget.losses == []
        press(widget, "Train")
        await until(widget, 3)
        for name in ("Stop", "Train", "Stop", "Train"):
            press(widget, name)
        await to_the_end(widget)
        assert seen == list(range(1, 51)) and len(widget.losses) == 50

    run(play)


@pytest.mark.parametrize("when", ["while it trains", "after a stop", "at the end"])
@pytest.mark.native
def test_starting_over_is_as_if_newly_made(when):
    async def play():
        widget = make()
        press(widget, "Train")
        await until(widget, 9)
        if when == "after a stop":
            press(widget, "Stop")
        elif when == "at the end":
            await to_the_end(widget)
        press(widget, "Start over")
        for _ in range(5):
            await asyncio.sleep(0)
        assert (repr(widget), widget.picture.value, widget.losses) == (repr(make()), make().picture.value, [])
        press(widget, "Train")
        await to_the_end(widget)
        assert len(widget.losses) == 50

    run(play)


@pytest.mark.native
def test_a_moved_control_begins_anew_with_its_value():
    async def play():
        widget = make()
        press(widget, "Train")
        await until(widget, 9)
        widget.controls["speed"].value = 2
        assert widget.losses == [] and widget.summary.startswith("Not begun")
        press(widget, "Train")
        await to_the_end(widget)
        assert widget.losses[0] == 99 / 2

    run(play)


@pytest.mark.native
def test_an_error_in_a_step_is_said_in_a_sentence():
    async def play():
        widget = make(fail_at=5)
        press(widget, "Train")
        await to_the_end(widget)
        assert widget.summary == (
            "Ended by an error: a <loss> that is no number. Start over to train again.\n4 losses."
        )
        assert "&lt;loss&gt;" in widget.progress.value and "<loss>" not in widget.progress.value
        press(widget, "Train")
        assert not widget.is_training and len(widget.losses) == 4
        press(widget, "Start over")
        assert widget.summary.startswith("Not begun")

    run(play)


@pytest.mark.native
def test_a_setting_that_cannot_be_is_said_and_trains_nothing():
    async def play():
        widget = make()
        press(widget, "Train")
        await until(widget, 3)
        widget.controls["speed"].value = 9
        assert widget.summary == "This cannot be drawn: wanted a speed of 8 or less."
        press(widget, "Train")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not widget.is_training and "This cannot be" in widget.summary
        widget.controls["speed"].value = 1
        press(widget, "Train")
        await to_the_end(widget)
        assert len(widget.losses) == 50

    run(play)


@pytest.mark.native
def test_one_training_at_a_time():
    async def play():
        first, second = make(), make()
        press(first, "Train")
        await until(first, 5)
        press(second, "Train")
        stopped = len(first.losses)
        await to_the_end(second)
        assert len(second.losses) == 50 and len(first.losses) == stopped and "Stopped after step" in first.summary

    run(play)


@pytest.mark.native
def test_pictures_come_no_faster_than_five_a_second(monkeypatch):
    drawn, clock = [], iter(range(10**6))
    monkeypatch.setattr(live, "perf_counter", lambda: next(clock) * 0.01)

    async def play():
        widget = make(total=200)
        widget.picture.observe(lambda change: drawn.append(change["new"]), names="value")
        press(widget, "Train")
        await to_the_end(widget)

    run(play)
    # 200 steps of a hundredth of a second each
    assert 8 <= len(drawn) <= 12 and drawn[-1] == "<svg>200</svg>"


@pytest.mark.native
def test_time_left_is_said_while_training_and_not_read_out(monkeypatch):
    clock = iter(range(10**6))
    monkeypatch.setattr(live, "perf_counter", lambda: next(clock))

    async def play():
        widget = make(total=10)
        press(widget, "Train")
        await until(widget, 2)
        assert "Training: step 2 of 10. About 12 s left." in widget.progress.value
        assert 'aria-live="off"' in widget.children[-1].value and " s left" not in widget.summary
        # Gone on with, only what has been done since counts: 7 steps at a second each.
        press(widget, "Stop")
        press(widget, "Train")
        await until(widget, 3)
        assert "Training: step 3 of 10. About 7 s left." in widget.progress.value
        await to_the_end(widget)
        assert 'aria-live="polite"' in widget.children[-1].value and " s left" not in widget.progress.value

    run(play)


@pytest.mark.native
def test_a_pause_after_each_step_can_be_cut_short():
    async def play():
        widget = make(pause=30.0)
        press(widget, "Train")
        await until(widget, 1)
        for _ in range(5):
            await asyncio.sleep(0)
        press(widget, "Stop")
        await asyncio.sleep(0)
        assert not widget.is_training and widget.losses == [99]

    run(play)


@pytest.mark.native
def test_fifty_moves_make_no_new_widgets():
    widget = make()
    before = len(ipywidgets.widgets.widget._instances)

    async def play():
        for move in range(50):
            widget.controls["speed"].value = 1 + move % 8
            press(widget, "Train")
            await until(widget, 1 + move % 5)
            press(widget, ("Stop", "Start over")[move % 2])
        assert widget.controls["speed"].value == 2

    run(play)
    assert len(ipywidgets.widgets.widget._instances) == before
    assert repr(widget).startswith("Count.\nNot begun")


def test_buttons_say_what_they_do():
    assert [button.description for button in make().buttons] == ["Train", "Stop", "Start over"]
    assert all(button.tooltip for button in make().buttons)
