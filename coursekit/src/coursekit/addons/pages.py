"""Small changes to the pages that JupyterLite made."""

from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon


def insert_into_head(addon: BaseAddon, page: Path, tag: str) -> None:
    """Put `tag` first into the head of `page`, once."""
    text = page.read_text(encoding="utf-8")
    if tag not in text:
        page.write_text(text.replace("<head>", f"<head>\n{tag}", 1), encoding="utf-8")
        addon.maybe_timestamp(page)
