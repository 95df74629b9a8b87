"""The pages' own sentences in the language of the site; English is the source, and needs no catalogue.

What is marked is translated when the page is made: {{ _("Run it") }} in HTML, _("Search") in a script, where
_n("{count} file", "{count} files", count) takes the form for so many. A sentence stands in double quotes, whole, with
{names} for what is put in later.
"""

import gettext
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from doit.tools import config_changed
from traitlets import Unicode, validate
from traitlets.config import Configurable

LOCALE = Path(__file__).parents[1] / "locale"
SOURCE, DOMAIN = "en", "site"
_QUOTED = r'"((?:[^"\\\n]|\\.)*)"'
#: a sentence between its quotes, in a page or a script; and in a script, its singular and its plural
MARK = re.compile(rf"(?<![\w.])_\(\s*{_QUOTED}\s*\)")
COUNTED = re.compile(rf"(?<![\w.])_n\(\s*{_QUOTED}\s*,\s*{_QUOTED}\s*,\s*")
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

    @property
    def say_count(self) -> Callable[[str, str, int], str]:
        """What gives the form for so many, of a sentence's singular and its plural, in the site's language."""
        return catalogue(self.language).ngettext

    def script(self, text: str) -> str:
        """Return a script in the site's language."""
        return script(text, catalogue(self.language))

    def translates(self, source: Path, target: Path) -> dict:
        """What a task is made of that puts a script into the site, anew when it or the language changes."""
        return {
            "file_dep": [source, *self.catalogues],
            "uptodate": [config_changed({"language": self.language})],
            "targets": [target],
            "actions": [(self.write_script, [source, target])],
        }

    def write_script(self, source: Path, target: Path) -> None:
        """Put a script into the site, in the site's language."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.script(source.read_text(encoding="utf-8")), encoding="utf-8")
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


def script(text: str, told: gettext.NullTranslations) -> str:
    """Return a script with its sentences in another language, as the strings they were.

    >>> english = gettext.NullTranslations()
    >>> print(script('status.textContent = _("Stop");', english))
    status.textContent = "Stop";
    >>> print(script('_n("{count} file", "{count} files", all.length).replace("{count}", all.length)', english))
    ((n) => ["{count} file", "{count} files"][Number(n != 1)])(all.length).replace("{count}", all.length)
    """
    rule, examples = plurals(told)

    def chosen(found: re.Match) -> str:
        forms = [told.ngettext(*map(unescaped, found.groups()), number) for number in examples]
        return f"((n) => {json.dumps(forms, ensure_ascii=False)}[Number({rule})])("

    text = MARK.sub(lambda found: json.dumps(told.gettext(unescaped(found[1])), ensure_ascii=False), text)
    return COUNTED.sub(chosen, text)


def plurals(told: gettext.NullTranslations) -> tuple[str, list[int]]:
    """Return the rule of a language's plurals, which C and JavaScript read alike, and a number for each form.

    >>> plurals(gettext.NullTranslations())
    ('n != 1', [1, 0])
    """
    header = told.info().get("plural-forms", "nplurals=2; plural=n != 1;")
    count, rule = re.fullmatch(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+?)\s*;?\s*", header).groups()
    form = gettext.c2py(rule)  # reads numbers, n and operators, and nothing else
    # The smallest; but 1 where it will do, as what is not translated has its singular for 1 alone.
    first = {form(number): number for number in (*reversed(range(1000)), 1)}
    return rule, [first[index] for index in range(int(count))]


def unescaped(marked: str) -> str:
    r"""Return the text between the quotes of a mark as it is meant.

    >>> print(unescaped(r"a \"right\" answer"))
    a "right" answer
    """
    return re.sub(r"\\(.)", r"\1", marked)


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
