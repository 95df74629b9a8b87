"""The pages' own sentences in the language of the site; English is the source, and needs no catalogue.

What is marked is translated when the page is made: {{ _("Run it") }} in HTML, _("Search") in a script. A sentence
stands in double quotes, whole, with {names} for what is put in later.
"""

import gettext
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from traitlets import Unicode, validate
from traitlets.config import Configurable

LOCALE = Path(__file__).parents[1] / "locale"
SOURCE, DOMAIN = "en", "site"
#: a sentence between its quotes, in a page or a script
MARK = re.compile(r'(?<![\w.])_\(\s*"((?:[^"\\\n]|\\.)*)"\s*\)')
IN_PAGE = re.compile(r"\{\{\s*" + MARK.pattern + r"\s*\}\}")


class Words(Configurable):
    """An addon that speaks; `{"Words": {"language": "de"}}` sets the language of them all."""

    language = Unicode(SOURCE, help="the language of the pages and of what the course says").tag(config=True)

    @validate("language")
    def _is_there(self, proposal):
        catalogue(proposal["value"])
        return proposal["value"]

    @property
    def say(self) -> Callable[[str], str]:
        """What turns a sentence into the site's language."""
        return catalogue(self.language).gettext

    def write_script(self, source: Path, target: Path) -> None:
        """Put a script into the site, in the site's language."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(script(source.read_text(encoding="utf-8"), self.say), encoding="utf-8")
        self.maybe_timestamp(target)

    @property
    def catalogues(self) -> list[Path]:
        """The files that a page depends on because of its language."""
        return [] if self.language == SOURCE else [_path(self.language)]


def languages() -> list[str]:
    """Name the languages that pages can have."""
    return sorted({SOURCE, *(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))})


def catalogue(language: str) -> gettext.NullTranslations:
    """Return the sentences of a language; raises ValueError, which names those there are, for any other."""
    if language not in languages():
        raise ValueError(f"wanted one of the languages {', '.join(languages())}, got {language!r}")
    if language == SOURCE:
        return gettext.NullTranslations()
    with _path(language).open("rb") as file:
        return gettext.GNUTranslations(file)


def page(text: str, say: Callable[[str], str]) -> str:
    """Return an HTML template with its sentences in another language, escaped.

    >>> page('<p>{{ _("Bread & \\\\"butter\\\\"") }}</p>', str.upper)
    '<p>BREAD &amp; &quot;BUTTER&quot;</p>'
    """
    return IN_PAGE.sub(lambda found: escape(say(unescaped(found[1]))), text)


def script(text: str, say: Callable[[str], str]) -> str:
    """Return a script with its sentences in another language, as the strings they were.

    >>> print(script('status.textContent = _("{count} found").replace("{count}", n);', str.title))
    status.textContent = "{Count} Found".replace("{count}", n);
    """
    return MARK.sub(lambda found: json.dumps(say(unescaped(found[1])), ensure_ascii=False), text)


def unescaped(marked: str) -> str:
    r"""Return the text between the quotes of a mark as it is meant.

    >>> print(unescaped(r"a \"right\" answer"))
    a "right" answer
    """
    return re.sub(r"\\(.)", r"\1", marked)


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
