"""Take a picture home: as PNG and as SVG, its words inside both."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_picture(figure: Figure, path: str | Path, alternative: str) -> tuple[Path, Path]:
    """Write a figure to path.png and path.svg; the same figure gives the same bytes.

    The text alternative is the PNG's description and the SVG's title, which screen readers say. The ground is white
    even on a dark page: the ink is black. Returns both paths. Raises ValueError when the alternative is empty.
    """
    if not alternative.strip():
        raise ValueError("wanted a text that says what the picture shows, got an empty one")
    from matplotlib import rc_context

    path, drawn = Path(path), io.StringIO()
    png, svg = (path.with_name(f"{path.name}.{form}") for form in ("png", "svg"))
    settings = {"bbox_inches": "tight", "facecolor": "white"}
    described = {"Description": alternative, "Software": None}
    figure.savefig(png, format="png", dpi=150, metadata=described, **settings)
    with rc_context({"svg.hashsalt": "lesson", "svg.fonttype": "none"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None}, **settings)
    head, tag, rest = drawn.getvalue().partition("<svg ")
    title = f"<title>{escape(alternative)}</title>"
    attributes, _, shapes = rest.partition(">")
    named = f'{head}{tag}role="img" aria-label="{escape(alternative)}" {attributes}>{title}{shapes}'
    svg.write_text(named, encoding="utf-8")
    return png, svg
