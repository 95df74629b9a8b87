"""Collect a package's sentences for those who translate them, and compile what they wrote.

A catalogue is PACKAGE/locale/LANGUAGE/LC_MESSAGES/DOMAIN.po; the .mo beside it is what Python reads.
"""

import copy
import io
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .addons.words import COUNTED, MARK, unescaped

#: the functions that sentences are given to, and where they stand among their arguments
KEYWORDS = {"_": None, "say": None, "later": None, "say_count": (1, 2)}
MARKED = (".html", ".j2", ".js", ".mjs")


def collect(package: Path, domain: str) -> Catalog:
    """Return a template of all sentences that the code and the pages of a package mark."""
    template = Catalog(domain=domain)
    for path in sorted(package.rglob("*")):
        place = [(path.relative_to(package.parent).as_posix(), 1)]
        if path.suffix == ".py":
            for _, found, comments, _context in extract_from_file("python", path, KEYWORDS):
                template.add(found, locations=place, auto_comments=comments)
        elif path.suffix in MARKED:
            text = path.read_text(encoding="utf-8")
            for found in MARK.findall(text):
                template.add(unescaped(found), locations=place)
            for forms in COUNTED.findall(text):
                template.add(tuple(map(unescaped, forms)), locations=place)
    return template


def collect_data(entry: str, domain: str) -> Catalog:
    """Return a template of what a function gives, named as MODULE:FUNCTION: sentences, each with where it stands."""
    module, _, function = entry.partition(":")
    sentences: Callable[[], Iterable[tuple[str, str]]] = getattr(import_module(module), function)
    template = Catalog(domain=domain)
    for text, where in sentences():
        template.add(text, auto_comments=[where])
    return template


def renew(package: Path, template: Catalog, language: str | None = None) -> list[Path]:
    """Bring each language's catalogue up to date with the template, begin that of `language`, and compile them all.

    What is new stands there untranslated; what is gone stays at the end of the file. Returns the .po files.
    """
    folders = set((package / "locale").glob("*/LC_MESSAGES"))
    if language:
        folders.add(package / "locale" / language / "LC_MESSAGES")
    done = []
    for folder in sorted(folders):
        path = folder / f"{template.domain}.po"
        folder.mkdir(parents=True, exist_ok=True)
        catalog = read(path) if path.exists() else begun(folder.parent.name, template.domain)
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        done.append(path)
    return done


def begun(language: str, domain: str) -> Catalog:
    """Return an empty catalogue, whose comment at the top is for the translators' glossary."""
    catalog = Catalog(locale=language, domain=domain, project=domain, header_comment="# Glossary:", fuzzy=False)
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    return catalog


def read(path: Path) -> Catalog:
    """Read a catalogue; its folder says its language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain=path.stem)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as `gettext` reads it: the same catalogue gives the same bytes."""
    file, catalog = io.BytesIO(), copy.deepcopy(catalog)
    for message in list(catalog):
        # A plural of which nothing is translated would be written too, and said as nothing.
        if not all(forms(message)):
            catalog.delete(message.id)
    write_mo(file, catalog)
    return file.getvalue()


def forms(message: Message) -> tuple[str, ...]:
    """Return what a message is translated by: one text, or one for each of the language's plurals."""
    return message.string if isinstance(message.string, tuple) else (message.string,)
