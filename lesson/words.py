"""What the course itself says, in a learner's language: English is the source, and spoken unless told otherwise.

The language of the machine is never asked: outputs are to be the same everywhere. A site chooses by the environment
variable LESSON_LANGUAGE, a learner by `speak("de")`.
"""

import gettext
import os
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"
#: what the code says; and the exercises' names of mistakes, advice and hints, which are data
DOMAINS = ("lesson", "checks")
_spoken: dict[str, gettext.NullTranslations] = {}


def languages() -> list[str]:
    """Name the languages there are, as `speak` wants them."""
    return sorted({SOURCE, *(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAINS[0]}.mo"))})


def speak(language: str) -> None:
    """Say everything in a language from now on; a widget that is there already keeps its own.

    Raises ValueError, which names the languages there are, for any other.
    """
    if language not in languages():
        raise ValueError(f"wanted one of the languages {', '.join(languages())}, got {language!r}")
    for domain in DOMAINS:
        found = language != SOURCE
        _spoken[domain] = (
            gettext.translation(domain, LOCALE, [language], fallback=True) if found else gettext.NullTranslations()
        )


def say(text: str, /, **parts: object) -> str:
    """Return a sentence of the code in the language spoken, its {parts} put in.

    >>> say("wanted {wanted}, got {got}.", wanted=2, got=3)
    'wanted 2, got 3.'
    """
    told = _spoken["lesson"].gettext(text)
    return told.format(**parts) if parts else told


def say_count(one: str, many: str, count: int, /, **parts: object) -> str:
    """Return the sentence for so many, in the language spoken; {count} is one of its parts.

    >>> say_count("{count} step", "{count} steps", 2)
    '2 steps'
    """
    return _spoken["lesson"].ngettext(one, many, count).format(count=count, **parts)


def later(text: str) -> str:
    """Mark a text that `say` will be given, and return it as it is: for names that are keys as well."""
    return text


def recite(text: str) -> str:
    """Return a sentence that stands in a check, a mistake's name, say, in the language spoken."""
    # The empty text is gettext's own: it would return the catalogue's header.
    return _spoken["checks"].gettext(text) if text else text


speak(os.environ.get("LESSON_LANGUAGE") or SOURCE)
