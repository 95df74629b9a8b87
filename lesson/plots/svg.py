"""SVG as text: quick to redraw, sharp at any size, and escaped wherever it repeats what a person typed."""

from html import escape

# Okabe and Ito's blue and vermilion: told apart by every common kind of colour vision, on white and on black.
BLUE, VERMILION = "#0072b2", "#d55e00"
PALE, DEEP = (247, 251, 255), (8, 48, 107)


def number(value: float, decimals: int = 4) -> str:
    """Write a number with fixed decimals and no minus sign before a zero.

    >>> number(-0.00001), number(2 / 3), number(2, decimals=1)
    ('0.0000', '0.6667', '2.0')
    """
    written = f"{float(value):.{decimals}f}"
    return written.lstrip("-") if written.strip("-0.") == "" else written


def element(tag: str, *children: str, **attributes: object) -> str:
    """Write one element; attribute values are escaped, children are markup already.

    >>> element("g", element("circle", r=2), stroke_width='"1"')
    '<g stroke-width="&quot;1&quot;"><circle r="2"></circle></g>'
    """
    written = "".join(f' {name.rstrip("_").replace("_", "-")}="{_attribute(v)}"' for name, v in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


def words(x: float, y: float, text: str, **attributes: object) -> str:
    """Write text at a place, in the page's own colour unless `fill` says otherwise; the text is escaped."""
    return element("text", escape(text), x=x, y=y, **{"fill": "currentColor", "font_size": 14, **attributes})


def caption(text: str) -> str:
    """Name what encloses it: the text is escaped, read aloud, and shown when the pointer rests there."""
    return element("title", escape(text))


def picture(width: float, height: float, title: str, *children: str, zoom: float = 1) -> str:
    """Wrap shapes as one image that scales down to a narrow screen and that a screen reader calls by its title.

    zoom: how many times larger than its own units it is shown where there is room
    """
    return element(
        "svg",
        caption(title),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=title,
        viewBox=f"0 0 {width} {height}",
        style=f"width:{width * zoom:.6g}px;max-width:100%;height:auto;color:var(--jp-content-font-color1,currentColor)",
        font_family="sans-serif",
    )


def side_by_side(*pictures: str) -> str:
    """Lay pictures in a row that breaks where the screen is too narrow for it."""
    return element("div", *pictures, style="display:flex;flex-wrap:wrap;gap:8px;max-width:100%")


def shade(share: float) -> tuple[str, str]:
    """Choose a cell's colour for a share from 0 to 1, and the ink, black or white, that stands out better on it.

    >>> shade(0.0), shade(1.0)
    (('#f7fbff', '#000000'), ('#08306b', '#ffffff'))
    """
    # What differs by rounding only is one colour: it must look the same on every machine.
    share = round(min(max(float(share), 0.0), 1.0), 9)
    colour = "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in zip(PALE, DEEP, strict=True))
    # (L + 0.05)^2 = 1.05 * 0.05 is where black and white contrast equally (WCAG 2.2, contrast ratio).
    return colour, "#000000" if (luminance(colour) + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of a colour #rrggbb, 0 for black to 1 for white (WCAG 2.2, relative luminance)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _attribute(value: object) -> str:
    return escape(f"{value:.6g}" if isinstance(value, float) else str(value))
