"""No committed notebook lets an answer, or what an answer printed, through to the learner's or the live edition."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from coursekit.notebooks.editions import BEGIN, END, learner, live, tags

pytestmark = pytest.mark.native

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("*.ipynb"))
#: a shorter line, such as `return output`, is nobody's secret
TELLING = 20
_COMMAND = re.compile(r"^\s*[%!].*|.*\?$", re.MULTILINE)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=[learner, live], ids=lambda edition: edition.__name__)
def edition(request, notebook):
    return request.param(notebook)


def secrets(notebook):
    """The telling lines between the marks, and of whole solution cells."""
    for cell in notebook.cells:
        inside = "solution" in tags(cell)
        for line in map(str.strip, cell.source.splitlines()):
            if line in (BEGIN, END):
                inside = line == BEGIN
            elif inside and len(line) >= TELLING:
                yield line


def told(notebook):
    """The lines of an edition, bare of what Markdown puts around them."""
    lines = (line for cell in notebook.cells for line in cell.source.splitlines())
    return {line.lstrip("> ").strip().strip("`").strip() for line in lines}


def test_there_are_notebooks_with_secrets():
    assert any(line for path in NOTEBOOKS for line in secrets(nbformat.read(path, as_version=4)))


def test_no_line_of_an_answer_is_told(notebook, edition):
    assert sorted(set(secrets(notebook)) & told(edition)) == []
    assert not [cell.id for cell in edition.cells if BEGIN in cell.source or END in cell.source]


def test_no_cell_for_others_is_there(notebook, edition):
    hidden = {cell.id for cell in notebook.cells if "solution" in tags(cell)}
    assert not hidden & {cell.id for cell in edition.cells}


def test_nothing_that_ran_is_there(edition):
    assert not [cell.id for cell in edition.cells if cell.cell_type == "code" and cell.outputs]
    assert "widgets" not in edition.metadata


def test_what_exercises_and_checks_printed_cannot_be_unfolded(notebook):
    judged = {f"{cell.id}-expected" for cell in notebook.cells if {"exercise", "check"} & set(tags(cell))}
    assert not judged & {cell.id for cell in live(notebook).cells}


def test_the_learner_sees_no_note_and_no_expected_output(notebook):
    notes = [cell.id for cell in notebook.cells if "instructor" in tags(cell)]
    made = learner(notebook)
    assert not {*notes} & {cell.id for cell in made.cells}
    assert not [cell.id for cell in made.cells if "expected" in tags(cell)]


def test_every_note_for_the_speaker_is_in_the_live_edition(notebook):
    notes = [cell.id for cell in notebook.cells if "instructor" in tags(cell) and cell.cell_type == "markdown"]
    made = {cell.id: cell.source for cell in live(notebook).cells}
    assert all(made[name].startswith("> **Speaker notes**") for name in notes)


def test_every_cell_of_an_edition_compiles(edition):
    for cell in edition.cells:
        if cell.cell_type == "code":
            source = _COMMAND.sub("pass", cell.source)
            compile(source, cell.id, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_an_edition_is_a_valid_notebook_and_the_live_one_keeps_the_pictures(notebook, edition):
    nbformat.validate(edition)
    open_cells = [
        cell for cell in notebook.cells if not {"exercise", "check", "solution", "instructor"} & set(tags(cell))
    ]
    drawn = sum("image/png" in output.get("data", {}) for cell in open_cells for output in cell.get("outputs", []))
    assert json.dumps(live(notebook)).count("data:image/png;base64,") == drawn


def test_every_check_of_the_committed_notebook_says_right(notebook):
    """nbval runs each again and compares: so with the answers in, every check passes."""
    checks = [cell for cell in notebook.cells if "check" in tags(cell)]
    verdicts = [cell.outputs[0].get("data", {}).get("text/plain", "") for cell in checks]
    assert [verdict for verdict in verdicts if not verdict.startswith("right: ")] == []
