"""The page that both sites open: a line of text, a widget, a picture."""

import json
import os
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from ..addons.offline import LIST, WORKER
from ..addons.pages import integrity_of

APP = "notebooks"
NAME = "bench.ipynb"
INSTALL = "%pip install -q ipywidgets"
#: what is timed: until a cell's output of that type is in the document
CELLS = {
    "first_output": ("text/plain", "print(sum(range(10)))"),
    "first_widget": (
        "application/vnd.jupyter.widget-view+json",
        "import ipywidgets\n\nipywidgets.IntSlider(description='Move me')",
    ),
    "first_plot": ("image/png", "import matplotlib.pyplot as plt\n\nplt.plot([1, 4, 9])\nplt.show()"),
}


def notebook(install: bool) -> nbformat.NotebookNode:
    """The page, preceded by the installation that a stock site's notebook needs if `install`."""
    cells = [new_code_cell(INSTALL, id="install")] if install else []
    for mark, (mime, source) in CELLS.items():
        cells.append(new_code_cell(source, id=mark, metadata={"bench": {"mark": mark, "mime": mime}}))
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def copy_with_page(site: Path, target: Path) -> None:
    """Copy `site` (by hard links, so nothing in it may be written in place) and add the page to its contents."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target, copy_function=os.link)
    page = target / "files" / NAME
    page.parent.mkdir(exist_ok=True)
    page.unlink(missing_ok=True)
    nbformat.write(notebook(install=False), page)
    index = target / "api" / "contents" / "all.json"
    contents = json.loads(index.read_text(encoding="utf-8"))
    index.unlink()
    others = [entry for entry in contents["content"] if entry["name"] != NAME]
    contents["content"] = [*others, _entry(page, contents)]
    index.write_text(json.dumps(contents), encoding="utf-8")
    _list_anew(target, [page, index])


def _list_anew(site: Path, changed: list[Path]) -> None:
    """What is kept for use without a network is checked by its hash."""
    listed, worker = site / LIST, site / WORKER
    if not listed.exists():
        return
    before = listed.read_bytes()
    files = json.loads(before)
    for path in changed:
        content = path.read_bytes()
        files[path.relative_to(site).as_posix()] = (integrity_of(content), len(content))
    after = json.dumps(files, indent=0)
    text = worker.read_text(encoding="utf-8").replace(integrity_of(before), integrity_of(after.encode()))
    for path, content in ((listed, after), (worker, text)):
        path.unlink()
        path.write_text(content, encoding="utf-8")


def _entry(page: Path, beside: dict) -> dict:
    entry = {key: None for key in beside}
    dates = {key: beside[key] for key in ("created", "last_modified")}
    size = page.stat().st_size
    return entry | dates | {"name": NAME, "path": NAME, "size": size, "type": "notebook", "writable": True}
