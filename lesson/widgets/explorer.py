"""One shape for every widget: labelled controls, a picture drawn anew at each move, and a sentence that says it."""

from collections.abc import Callable
from html import escape

import ipywidgets

from lesson.words import say


class Explorer(ipywidgets.VBox):
    """Call `draw` with the values of the controls, at first and after each move, and show what it returns.

    draw(**values) -> (markup, summary)   controls: one ipywidgets control for each of its arguments

    A move sets two values and queues nothing: the picture always shows the newest state. A ValueError from `draw`
    keeps the picture and takes the summary's place.
    """

    def __init__(self, name: str, draw: Callable[..., tuple[str, str]], **controls: ipywidgets.Widget):
        self.name, self.controls, self._draw = name, controls, draw
        self.picture, self._spoken, self.summary = ipywidgets.HTML(), ipywidgets.HTML(), ""
        super().__init__([*controls.values(), self.picture, self._spoken])
        for control in controls.values():
            control.observe(self._redraw, names="value")
        self._redraw()

    def _redraw(self, _change: object = None) -> None:
        try:
            markup, self.summary = self._draw(**{name: control.value for name, control in self.controls.items()})
        except ValueError as error:
            self.summary = say("This cannot be drawn: {error}.", error=error)
        else:
            self.picture.value = markup
        self._say()

    def _say(self, aloud: bool = True) -> None:
        """Write the summary below the picture; a screen reader reads it out, unless it changes too often for that."""
        lines, live = escape(self.summary).replace("\n", "<br>"), "polite" if aloud else "off"
        self._spoken.value = f'<div role="status" aria-live="{live}" style="line-height:1.5">{lines}</div>'

    def __repr__(self) -> str:
        return f"{self.name}\n{self.summary}"

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        # ipywidgets cuts the plain text after 110 characters; it is all a reader without the picture gets.
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": repr(self)}


def wide() -> ipywidgets.Layout:
    """A layout for controls: as wide as a phone allows, no wider than reads well."""
    return ipywidgets.Layout(width="98%", max_width="420px")
