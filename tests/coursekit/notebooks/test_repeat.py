"""Notebooks run again say what was committed, or the run says where they do not."""

import nbformat
import pytest
from coursekit.notebooks.execute import execute
from coursekit.notebooks.repeat import repeat
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.native


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two notebooks, of two cells and one, executed."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, sources in {"one": ["x = 0.25", "print(x)"], "two": ["import math; math.pi"]}.items():
        cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
        execute(folder / f"{name}.ipynb")
    return folder


@pytest.mark.slow
def test_every_run_is_counted(folder, capfd):
    assert repeat(sorted(folder.glob("*.ipynb")), runs=2, seed=1) == 0
    said = capfd.readouterr().out.splitlines()
    assert [line.partition("run ")[2] for line in said] == [
        f"{number} of 2, order of seed 1: 2 notebooks, 3 cells, 0 differences" for number in (1, 2)
    ]


@pytest.mark.parametrize(
    ("perturb", "told"),
    [
        (lambda notebook: notebook.cells[1].outputs[0].update(text="0.2502\n"), "expected '0.2502', got '0.25'"),
        (lambda notebook: notebook.cells[1].update(outputs=[]), "expected 0 outputs [], got 1 ['stream']"),
        (lambda notebook: notebook.cells[1].update(source="1 / 0"), "expected stream, got error: ZeroDivisionError"),
    ],
)
def test_one_perturbed_output_is_found_and_named(folder, tmp_path, capfd, perturb, told):
    notebook = nbformat.read(folder / "one.ipynb", as_version=4)
    perturb(notebook)
    nbformat.write(notebook, tmp_path / "one.ipynb")
    assert repeat([tmp_path / "one.ipynb"], runs=1, seed=1) == 1
    said = capfd.readouterr()
    assert said.out.endswith("1 notebooks, 2 cells, 1 differences\n")
    assert "one.ipynb::cell-1: " in said.err and told in said.err
