"""The learner's edition runs natively from top to bottom: every check says "not yet", and nothing raises."""

from pathlib import Path

import nbformat
import pytest
from coursekit.notebooks.editions import learner, tags
from coursekit.notebooks.execute import run

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_untouched_it_runs_to_its_end_and_each_check_says_not_yet(path):
    ran = run(learner(nbformat.read(path, as_version=4)), FOLDER, allow_errors=True)
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    said = [(cell.id, output) for cell in code for output in cell.outputs]
    assert [(name, o.ename, o.evalue) for name, o in said if o.output_type == "error"] == []
    assert [(name, o.text) for name, o in said if o.get("name") == "stderr"] == []
    verdicts = {
        cell.id: [o.get("data", {}).get("text/plain", "") for o in cell.outputs]
        for cell in code
        if "check" in tags(cell)
    }
    assert {name: texts for name, texts in verdicts.items() if not texts or not texts[0].startswith("not yet: ")} == {}
