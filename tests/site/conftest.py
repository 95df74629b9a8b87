"""What the browser tests share. They run with `--browser-site build/site`, as `make browser` does."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    """Each committed notebook."""
    return request.param


@pytest.fixture
def committed(notebook: Path) -> nbformat.NotebookNode:
    return nbformat.read(notebook, as_version=4)
