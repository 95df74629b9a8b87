"""What every notebook's cells have to be. How they run is seen in tests/transcripts."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted(Path(__file__).parents[3].glob("notebooks/*.ipynb"))

pytestmark = pytest.mark.native


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_text())["cells"]


def source(cell):
    return "".join(cell["source"])


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell["metadata"].get("tags", [])]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_every_exercise_has_its_check_and_its_solution(cells):
    counts = [len(tagged(cells, tag)) for tag in ("exercise", "check", "solution")]
    assert counts[0] >= 1 and len(set(counts)) == 1


def test_nothing_is_left_unrun_and_no_cell_is_long(cells):
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(source(cell).strip() and source(cell).count("\n") < 15 for cell in code)


def test_every_cell_has_a_name_of_its_own(cells):
    names = [cell["id"] for cell in cells]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_picture_has_an_alternative(cells):
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert all(len(picture["metadata"]["image/png"]["alt"]) > 40 for picture in pictures)


def test_no_cell_counts_on_another_cells_print_options(cells):
    # NumPy keeps them in a context variable, and the browser's kernel runs each cell in a context of its own.
    assert not [cell["id"] for cell in cells if "set_printoptions" in source(cell)]
