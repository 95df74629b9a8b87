"""Share one whole among three, and see that nobody gets all of it."""

import ipywidgets
import numpy as np

from lesson.nn.softmax import softmax
from lesson.plots.pictures import share_picture
from lesson.plots.svg import number
from lesson.widgets.explorer import Explorer, wide
from lesson.words import later, say

NAMES = (later("first"), later("second"), later("third"))


def share_a_whole(score: float = 0.0) -> Explorer:
    """Make the widget: a slider for the first score, and the share of each of three; the others' scores are 0."""
    slider = ipywidgets.FloatSlider(
        value=score,
        min=-5,
        max=5,
        step=0.5,
        readout_format=".1f",
        description=say("First score"),
        tooltip=say("Score of the first: arrow keys move it by 0.5"),
        style={"description_width": "100px"},
        layout=wide(),
    )
    return Explorer(say("Share a whole."), draw_shares, score=slider)


def draw_shares(score: float) -> tuple[str, str]:
    """Return the picture of three shares, whose scores are this and two times 0, and the same in words."""
    scores = np.array([score, 0.0, 0.0])
    shares = softmax(scores)
    names = list(map(say, NAMES))
    said = ", ".join(f"{name} {number(share)}" for name, share in zip(names, shares, strict=True))
    return share_picture(names, shares, scores), say("Shares: {shares}. Together they are 1.", shares=said)
