"""Put a matplotlib figure on the page, together with the words that stand for it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def show(figure: Figure, alternative: str) -> None:
    """Display a figure once, as a PNG, print its text alternative below it, and let go of the figure.

    The alternative goes three ways: as `alt` in the picture's metadata, as its plain-text form, and onto the page,
    because JupyterLab writes no alt text of its own. Raises ValueError when the alternative is empty.
    """
    if not alternative.strip():
        raise ValueError("wanted a text that says what the picture shows, got an empty one")
    # Both are for notebooks only, and each would cost those who import lesson without showing anything.
    from IPython.display import display
    from matplotlib import pyplot

    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, bbox_inches="tight", facecolor="white", metadata={"Software": None})
    # A figure left open would be drawn a second time by the inline backend.
    pyplot.close(figure)
    # Encoded here: the browser's kernel sends raw bytes on as they are. Metadata is keyed as nbconvert reads it.
    bundle = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": alternative}
    display(bundle, raw=True, metadata={"image/png": {"alt": alternative}})
    print(alternative)
