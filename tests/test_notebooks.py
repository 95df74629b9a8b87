"""The committed notebooks: run from top to bottom, without an error, and without a trace of this machine."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from coursekit.notebooks.execute import normalised

from lesson.checks import every_check

pytestmark = pytest.mark.native

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_LINES = 15
#: words and numbers; what editors make up is eight or more hexadecimal digits
_READABLE_ID = re.compile(r"(?![0-9a-f]{8})[a-z]+(-([a-z]+|\d+))*")
_HOST_PATH = re.compile(r"/(?:work|root|tmp|home|Users|mnt|var|opt|usr)/|[A-Z]:\\\\|site-packages|ipykernel_\d+")
_CHECKED = re.compile(r"^checks\.(\w+)\(\w+\)$", re.MULTILINE)
_INSTALLS = re.compile(r"^\s*[%!].*\b(?:pip|piplite|conda|micropip)\b", re.MULTILINE)


def test_there_are_notebooks():
    """An empty folder would let everything below pass."""
    assert NOTEBOOKS


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_cell_was_run_in_order(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert code


def test_no_cell_failed_or_warned(code):
    outputs = [(cell.id, output) for cell in code for output in cell.outputs]
    assert [where for where, output in outputs if output.output_type == "error"] == []
    assert [where for where, output in outputs if output.get("name") == "stderr"] == []


def test_what_a_cell_returned_is_counted_as_its_own(code):
    for cell in code:
        counts = {output.execution_count for output in cell.outputs if output.output_type == "execute_result"}
        assert counts <= {cell.execution_count}


def test_cells_are_short(notebook):
    lengths = {cell.id: len(cell.source.splitlines()) for cell in notebook.cells if cell.cell_type == "code"}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_code_cell_is_empty(code):
    assert [cell.id for cell in code if not cell.source.strip()] == []


def test_ids_are_names_and_unique(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not _READABLE_ID.fullmatch(name)] == []


def test_the_kernel_is_python_whichever(notebook):
    assert notebook.metadata.kernelspec.name == "python3"


def test_nothing_is_installed(code):
    assert [cell.id for cell in code if _INSTALLS.search(cell.source)] == []


def test_no_path_of_a_machine_is_shown(notebook):
    shown = {cell.id: json.dumps(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"}
    shown["widgets"] = json.dumps(notebook.metadata.get("widgets", {}))
    places = {name: [*_HOST_PATH.findall(_without_pictures(text))] for name, text in shown.items()}
    assert {name: found for name, found in places.items() if found} == {}


def test_it_is_committed_as_it_is_written(path, notebook, tmp_path):
    """Normalising and writing it changes no byte: running it again shows what changed, and nothing else."""
    nbformat.write(normalised(notebook), tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def _exercises(notebook):
    """Give each exercise with the text before it, the cell after it, and its tags."""
    cells = notebook.cells
    for index, cell in enumerate(cells):
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            text = next(before.source for before in cells[index::-1] if before.cell_type == "markdown")
            yield text, cells[index + 1], tags


def test_each_exercise_is_followed_by_a_check_of_its_lesson(path, notebook):
    followers = [after for _, after, _ in _exercises(notebook)]
    assert [cell.id for cell in followers if "check" not in cell.metadata.get("tags", [])] == []
    judged = [" ".join(_CHECKED.findall(cell.source)) for cell in followers]
    assert sorted(judged) == sorted(name for _, name, check in every_check() if check.lesson == path.stem)


def test_tags_and_text_of_an_exercise_say_what_its_check_says(path, notebook):
    checks = {name: check for _, name, check in every_check() if check.lesson == path.stem}
    for number, (text, after, tags) in enumerate(_exercises(notebook), start=1):
        check = checks[_CHECKED.findall(after.source)[0]]
        d, i, m = check.difficulty, check.importance, check.minutes
        assert tags == ["exercise", f"difficulty-{d}", f"importance-{i}", f"minutes-{m}"], after.id
        said = f"**Exercise {number}** · difficulty {d} of 3 · importance {i} of 3 · {m} minute{'s' * (m != 1)}\n"
        assert said in text, f"{after.id}: wanted {said!r} before it"


def _without_pictures(text):
    return re.sub(r"[A-Za-z0-9+/=]{200,}", "", text)
