"""What the browser tests share. They run with `--browser-site build/site`, as `make browser` does."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="session")
def first() -> str:
    """The file name of a whole lesson, for what is the same in all of them."""
    return "01-attention-by-hand.ipynb"


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    """Each committed notebook."""
    return request.param


@pytest.fixture(scope="module")
def committed(notebook: Path) -> nbformat.NotebookNode:
    return nbformat.read(notebook, as_version=4)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one notebook in one process, and those of one file: what they share is opened once.

    First of all, since pytest-xdist looks for groups in the same hook, and sees none that is named after it.
    """
    for item in items:
        if item.path.parent == Path(__file__).parent:
            notebook = getattr(item, "callspec", None) and item.callspec.params.get("notebook")
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {notebook.stem if notebook else ''}"))
