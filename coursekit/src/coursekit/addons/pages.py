"""Small changes to the pages that JupyterLite made."""

import base64
import hashlib
import re
from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon

POLICY_ENDS = "<!-- /policy -->"
#: a server gives it for whatever is not there, however deep: nothing in it may have a relative address
ANYWHERE = "404.html"


def insert_into_head(addon: BaseAddon, page: Path, tag: str, last: bool = False) -> None:
    """Put `tag` first into the head of `page`, or `last` of what is put there, once; nothing comes before a policy."""
    text = page.read_text(encoding="utf-8")
    if tag not in text:
        first = POLICY_ENDS if POLICY_ENDS in text else "<head>"
        place, put = ("<title>", f"{tag}\n<title>") if last else (first, f"{first}\n{tag}")
        page.write_text(text.replace(place, put, 1), encoding="utf-8")
        addon.maybe_timestamp(page)


def set_language(addon: BaseAddon, page: Path, language: str) -> None:
    """Say in `page` which language it is in."""
    before = page.read_text(encoding="utf-8")
    text = re.sub(r'<html(?: lang="[^"]*")?', f'<html lang="{language}"', before, count=1)
    if text != before:
        page.write_text(text, encoding="utf-8")
        addon.maybe_timestamp(page)


def integrity_of(content: bytes) -> str:
    """The hash of a file, or of a script in a page, as browsers want it.

    >>> integrity_of(b"")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
