"""What a lesson says of itself: title, question, how long it takes, what it needs, and which exercises it has."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

from .editions import tags

_TITLE = re.compile(r"^#+ +(?:\d+[.:] +)?(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"\*\*([^*]+\?)\*\*")
_TIME = re.compile(r"\*\*Time:\*\* *([^,.;\n]+)")
_NEED = re.compile(r"\*\*You need:\*\* *(.+)")


class Lesson(NamedTuple):
    """`name` is the notebook's file name without its ending; question, time and need are empty when none is told."""

    name: str
    title: str
    question: str
    time: str
    exercises: tuple[str, ...]
    need: str = ""

    @property
    def number(self) -> int | None:
        """The number that the name begins with, or None."""
        digits = re.match(r"\d+", self.name)
        return int(digits[0]) if digits else None


def outline(path: Path, called: str) -> Lesson:
    """Read the lesson at `path`; an exercise is what the pattern `called` finds in a cell tagged `check`."""
    notebook = nbformat.read(path, as_version=4)
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    checks = "\n".join(cell.source for cell in notebook.cells if "check" in tags(cell))
    return Lesson(
        name=path.stem,
        title=_first(_TITLE, "\n".join(words)) or path.stem,
        question=_first(_QUESTION, words[0] if words else ""),
        time=_first(_TIME, words[0] if words else ""),
        need=_first(_NEED, words[0] if words else ""),
        exercises=tuple(dict.fromkeys(re.findall(called, checks))),
    )


def _first(pattern: re.Pattern, text: str) -> str:
    found = pattern.search(text)
    return " ".join(found[1].split()) if found else ""
