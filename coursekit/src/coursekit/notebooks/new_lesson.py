"""Begin a lesson: a notebook that runs and passes every test as it is, and the module that checks its exercise."""

import re
from keyword import iskeyword
from pathlib import Path
from string import Template

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .execute import execute

SKELETON = Path(__file__).parent / "skeleton"
_NAME = re.compile(r"(\d\d)-([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
_CELL = re.compile(r"^%% (code|markdown) (\S+)(.*)\n", re.MULTILINE)


def new_lesson(course: Path, name: str, package: str) -> list[Path]:
    """Write and run the notebook `name` of the course; return what was written. Raises ValueError, and writes nothing,
    if the name is no lesson's or is taken.
    """
    found = _NAME.fullmatch(name)
    module = found[2].replace("-", "_") if found else ""
    if not found or iskeyword(module):
        raise ValueError(f"a lesson's name is two digits and words, such as 12-my-lesson; got {name!r}")
    words = {
        "name": name,
        "package": package,
        "module": module,
        "title": found[2].replace("-", " ").capitalize(),
    }
    notebook = course / "notebooks" / f"{name}.ipynb"
    checks = course / package / "checks" / f"{module}.py"
    for path in (notebook, checks):
        if path.exists():
            raise ValueError(f"{path.relative_to(course)} is there already; choose another name")
    checks.write_text(_filled("checks.txt", words), encoding="utf-8")
    nbformat.write(_notebook(_filled("lesson.txt", words)), notebook)
    execute(notebook)
    return [notebook, checks]


def _filled(name: str, words: dict[str, str]) -> str:
    return Template((SKELETON / name).read_text(encoding="utf-8")).substitute(words)


def _notebook(text: str) -> nbformat.NotebookNode:
    """Make a notebook of a text whose cells begin with `%% kind id tags`."""
    _, *parts = _CELL.split(text)
    notebook = new_notebook()
    for kind, name, tags, source in zip(*[iter(parts)] * 4, strict=True):
        make = new_code_cell if kind == "code" else new_markdown_cell
        metadata = {"tags": tags.split()} if tags.strip() else {}
        notebook.cells.append(make(source.strip("\n"), id=name, metadata=metadata))
    return notebook
