"""Stack layers, take out their norm or their residual, and see what becomes of signal, gradient and words."""

import ipywidgets

from lesson.models.wiring import NORMS, measure_depths
from lesson.plots.layers import layer_picture, magnitude
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import choose

DEEPEST = 24
NAMES = {"pre": "pre-norm", "post": "post-norm", "none": "no norm"}


def stack_the_layers() -> Explorer:
    """Make the widget: up to 24 untrained layers that read eight random words."""
    return Explorer(
        "Stack the layers.",
        draw_stack,
        layers=ipywidgets.IntSlider(
            value=6, min=1, max=DEEPEST, description="Layers", tooltip="How many layers there are", layout=wide()
        ),
        norm=choose("Norm", list(NAMES.values()), "Where the norm stands: arrow keys go to the next"),
        residual=ipywidgets.Checkbox(
            value=True,
            description="Residual: add to what was read",
            tooltip="Whether a layer adds to what it read, or replaces it",
            indent=False,
            layout=wide(),
        ),
    )


def draw_stack(layers: int, norm: int, residual: bool) -> tuple[str, str]:
    """Return the pictures of what passes through so many layers, and what they show in words."""
    stream, gradient, alike = measure_depths(layers, NORMS[norm], residual)
    pictures = (
        layer_picture(stream, "size of the stream", -1),
        layer_picture(gradient, "size of the gradient", 0),
        layer_picture(alike, "how alike the words are", -1, shares=True),
    )
    wiring = f"{NAMES[NORMS[norm]]}, {'residual' if residual else 'no residual'}"
    told = (
        f"{layers} layer{'s' * (layers != 1)}, {wiring}. "
        f"The stream's numbers go from size {magnitude(stream[0])} to {magnitude(stream[-1])}. "
        f"A gradient of size 1 at the top has size {magnitude(gradient[0])} at the bottom. "
        f"Two words are alike by {number(alike[0], 2)} at the bottom, by {number(alike[-1], 2)} at the top."
    )
    return side_by_side(*pictures), told
