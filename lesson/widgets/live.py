"""Training that leaves the page alive: step after step in the kernel, and between any two the clicks are heard."""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from time import perf_counter
from typing import ClassVar, NamedTuple

import ipywidgets

from lesson.widgets.explorer import Explorer, wide
from lesson.words import say, say_count

#: seconds between two pictures while training: drawing must not take the time that training needs
REDRAW = 0.2


class Run(NamedTuple):
    """One training, before its first step.

    total: how many steps there are   steps: does one each time the next is asked for, and gives its loss
    draw(losses) -> (markup, summary): how it stands after so many losses   pause: seconds to wait after each step
    """

    total: int
    steps: Iterator[float]
    draw: Callable[[Sequence[float]], tuple[str, str]]
    pause: float = 0.0


class LiveTraining(Explorer):
    """Train when told to, show how far it is, stop between any two steps, go on, or start over.

    begin(**values) -> Run   controls: one ipywidgets control for each of its arguments

    Made, it stands before the first step; moving a control, or "Start over", brings it back there. One training goes
    on at a time: starting one stops another. Whatever goes wrong in a step is said in a sentence.
    """

    _training: ClassVar["LiveTraining | None"] = None

    def __init__(self, name: str, begin: Callable[..., Run], **controls: ipywidgets.Widget):
        self._begin, self._task = begin, None
        self.progress = ipywidgets.HTML()
        super().__init__(name, self._start, **controls)
        self.buttons = [
            _button(say("Train"), say("Train, or go on from where it was stopped"), self.train),
            _button(say("Stop"), say("Stop after the step that is being done"), self.stop),
            _button(say("Start over"), say("Go back to before the first step"), self.start_over),
        ]
        row = ipywidgets.Box(self.buttons, layout=ipywidgets.Layout(flex_flow="row wrap", max_width="100%"))
        self.children = [*controls.values(), row, self.progress, *self.children[-2:]]

    @property
    def is_training(self) -> bool:
        """Whether steps are being done."""
        return self._task is not None and not self._task.done()

    def train(self, _click: object = None) -> None:
        """Begin, or go on; in a kernel this returns at once, and training goes on between the cells."""
        if self.is_training or self._over:
            return
        if LiveTraining._training is not None:
            LiveTraining._training.stop()
        LiveTraining._training = self
        self._task = asyncio.get_running_loop().create_task(self._train(self._run))

    def stop(self, _click: object = None) -> None:
        """Stop where it is."""
        if self._halt():
            self._show(say("Stopped after step {step} of {total}.", step=len(self.losses), total=self._run.total))

    def start_over(self, _click: object = None) -> None:
        """Go back to before the first step, with the controls as they are."""
        self._redraw()

    def _start(self, **values: object) -> tuple[str, str]:
        self._halt()
        # Until there is a new run, there is none: settings that cannot be leave nothing to train.
        self._over, self.losses, self.progress.value = True, [], ""
        self._run, self._over = self._begin(**values), False
        markup, summary = self._run.draw(self.losses)
        status = say_count("Not begun: {count} step to do.", "Not begun: {count} steps to do.", self._run.total)
        self._show_progress(status)
        return markup, f"{status}\n{summary}"

    def _halt(self) -> bool:
        """Let no further step be done, and say whether any would have been."""
        task, self._task = self._task, None
        return task is not None and not task.done() and task.cancel()

    async def _train(self, run: Run) -> None:
        begun, before, drawn = perf_counter(), len(self.losses), -math.inf
        try:
            for loss in run.steps:
                self.losses.append(loss)
                now, done = perf_counter(), len(self.losses)
                if now - drawn >= REDRAW:
                    left = (now - begun) / (done - before) * (run.total - done)
                    status = say("Training: step {step} of {total}.", step=done, total=run.total)
                    self._show(status, say("About {seconds} s left.", seconds=math.ceil(left)))
                    drawn = perf_counter()
                await asyncio.sleep(run.pause)
            status = say_count(
                "Done: {count} step. Start over to train again.",
                "Done: {count} steps. Start over to train again.",
                len(self.losses),
            )
        except Exception as error:  # a training that dies silently looks like one that goes on
            told = str(error) or type(error).__name__
            status = say("Ended by an error: {error}. Start over to train again.", error=told)
        self._over = True
        self._show(status)

    def _show(self, status: str, left: str = "") -> None:
        """Show how the run stands; with time left it stands so for a moment only, and is not read out."""
        try:
            self.picture.value, summary = self._run.draw(self.losses)
        except ValueError as error:
            summary = say("This cannot be drawn: {error}.", error=error)
        self.summary = f"{status}\n{summary}"
        self._show_progress(status, left)
        self._say(aloud=not left)

    def _show_progress(self, status: str, left: str = "") -> None:
        bar = f'<progress value="{len(self.losses)}" max="{self._run.total}" style="width:100%"></progress>'
        self.progress.value = f'<label style="display:block;max-width:420px">{escape(status)} {left}{bar}</label>'


def choose_rate(rates: Sequence[float], tooltip: str, first: float = 0.01) -> ipywidgets.SelectionSlider:
    """Make a slider from learning rate to learning rate."""
    options = [(f"{rate:g}", rate) for rate in rates]
    return ipywidgets.SelectionSlider(
        options=options, value=first, description=say("Rate"), tooltip=tooltip, layout=wide()
    )


def _button(name: str, tooltip: str, act: Callable) -> ipywidgets.Button:
    button = ipywidgets.Button(description=name, tooltip=tooltip, layout=ipywidgets.Layout(width="auto"))
    button.on_click(act)
    return button
