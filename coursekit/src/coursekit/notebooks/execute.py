"""Run a notebook natively and store its outputs so that the same run gives the same bytes."""

import json
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .compare import WIDGET_STATE, WIDGET_VIEW, merged

#: how one widget's state names another: as a part of itself, or among the outputs it holds
_REFERENCE = re.compile(r'(?:IPY_MODEL_|"model_id": ")([0-9a-f]{32})')


def execute(path: Path, timeout: int = 600) -> None:
    """Run every cell of the notebook at `path` from the top; write outputs and widget states into it."""
    notebook = run(nbformat.read(path, as_version=4), path.parent, timeout)
    nbformat.write(normalised(notebook), path)


def run(notebook: nbformat.NotebookNode, folder: Path, timeout: int = 600, **options: object) -> nbformat.NotebookNode:
    """Run every cell in a fresh kernel that stands in `folder`; outputs and widget states come into `notebook`."""
    resources = {"metadata": {"path": folder}}
    NotebookClient(notebook, timeout=timeout, kernel_name="python3", resources=resources, **options).execute()
    return notebook


def normalised(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without this machine's times and versions.

    Each stream is one piece, and widgets are numbered as outputs reach them.
    """
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(output) for output in merged(cell.outputs)]
    widgets = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {"state": {}})
    reached = reachable(notebook, widgets["state"])
    widgets["state"] = {model_id: widgets["state"][model_id] for model_id in reached}
    text = nbformat.writes(notebook)
    if reached:
        numbers = {model_id: f"{number:032x}" for number, model_id in enumerate(reached, start=1)}
        # All at once: one widget's new name may be another's old one.
        text = re.sub("|".join(reached), lambda found: numbers[found[0]], text)
    return nbformat.reads(text, as_version=4)


def reachable(notebook: nbformat.NotebookNode, models: dict) -> list[str]:
    """The ids of the widgets that outputs show, or that those refer to, in order of appearance."""
    found: list[str] = []

    def reach(model_id: str) -> None:
        if model_id in found or model_id not in models:
            return
        found.append(model_id)
        for other in _REFERENCE.findall(json.dumps(models[model_id]["state"], sort_keys=True)):
            reach(other)

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            reach(output.get("data", {}).get(WIDGET_VIEW, {}).get("model_id"))
    return found
