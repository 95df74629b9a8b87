"""Stack layers, take out their norm or their residual, and see what becomes of signal, gradient and words."""

import ipywidgets

from lesson.models.wiring import NORMS, measure_depths
from lesson.plots.layers import layer_picture, magnitude
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import choose
from lesson.words import later, say, say_count

DEEPEST = 24
NAMES = {"pre": later("pre-norm"), "post": later("post-norm"), "none": later("no norm")}


def stack_the_layers() -> Explorer:
    """Make the widget: up to 24 untrained layers that read eight random words."""
    return Explorer(
        say("Stack the layers."),
        draw_stack,
        layers=ipywidgets.IntSlider(
            value=6,
            min=1,
            max=DEEPEST,
            description=say("Layers"),
            tooltip=say("How many layers there are"),
            layout=wide(),
        ),
        norm=choose(
            say("Norm"), list(map(say, NAMES.values())), say("Where the norm stands: arrow keys go to the next")
        ),
        residual=ipywidgets.Checkbox(
            value=True,
            description=say("Residual: add to what was read"),
            tooltip=say("Whether a layer adds to what it read, or replaces it"),
            indent=False,
            layout=wide(),
        ),
    )


def draw_stack(layers: int, norm: int, residual: bool) -> tuple[str, str]:
    """Return the pictures of what passes through so many layers, and what they show in words."""
    stream, gradient, alike = measure_depths(layers, NORMS[norm], residual)
    pictures = (
        layer_picture(stream, say("size of the stream"), -1),
        layer_picture(gradient, say("size of the gradient"), 0),
        layer_picture(alike, say("how alike the words are"), -1, shares=True),
    )
    wiring = {"norm": say(NAMES[NORMS[norm]]), "residual": say("residual") if residual else say("no residual")}
    told = [
        say_count("{count} layer, {norm}, {residual}.", "{count} layers, {norm}, {residual}.", layers, **wiring),
        say("The stream's numbers go from size {low} to {top}.", low=magnitude(stream[0]), top=magnitude(stream[-1])),
        say("A gradient of size 1 at the top has size {size} at the bottom.", size=magnitude(gradient[0])),
        say(
            "Two words are alike by {low} at the bottom, by {top} at the top.",
            low=number(alike[0], 2),
            top=number(alike[-1], 2),
        ),
    ]
    return side_by_side(*pictures), " ".join(told)
