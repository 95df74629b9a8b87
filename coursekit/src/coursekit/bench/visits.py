"""Visits to a site, as a web server sees them: a list of what each asks, and of what it is answered."""

import json
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote


class Visit(NamedTuple):
    """`asked` holds, for each request, its path and the status of the answer: 200, or 304 if a copy was still good."""

    name: str
    asked: tuple[tuple[str, int], ...]


def whole(site: Path) -> list[Visit]:
    """Two visits that need no browser to be known: every file of the site once, and whether all are still good.

    Raises ValueError for a site that is not there.
    """
    paths = [f"/{quote(path.relative_to(site).as_posix())}" for path in sorted(site.rglob("*")) if path.is_file()]
    if "/index.html" not in paths:
        raise ValueError(f"no site in {site}: `jupyter lite build` makes one")
    return [
        Visit("fetches every file", tuple((path, 200) for path in paths)),
        Visit("asks for all again", tuple((path, 304) for path in paths)),
    ]


def read(stored: Path) -> list[Visit]:
    """The visits that `write` stored; none if it never did."""
    made = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    return [Visit(name, tuple((path, status) for path, status in asked)) for name, asked in made.items()]


def write(visits: list[Visit], stored: Path) -> None:
    stored.write_text(json.dumps(dict(visits), indent=0) + "\n", encoding="utf-8")
