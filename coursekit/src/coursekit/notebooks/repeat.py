"""Run notebooks again and again, each time in another order, and count what differs from what is committed."""

import random
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .compare import WIDGET_STATE, differences
from .execute import run


def repeat(paths: list[Path], runs: int, seed: int) -> int:
    """Print a line for each run and one for each difference; return 1 if there was any, else 0."""
    shuffle, total = random.Random(seed).shuffle, 0
    for number in range(1, runs + 1):
        order, cells, found = list(paths), 0, []
        shuffle(order)
        for path in order:
            count, differing = compare(path)
            cells += count
            found += differing
        print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
        print(
            f"Python {sys.version.split()[0]}, run {number} of {runs}, order of seed {seed}: "
            f"{len(order)} notebooks, {cells} cells, {len(found)} differences",
            flush=True,
        )
        total += len(found)
    return int(total > 0)


def compare(path: Path) -> tuple[int, list[str]]:
    """Run the notebook at `path` in a fresh kernel; return how many cells it has and how they differ."""
    committed = nbformat.read(path, as_version=4)
    again = run(nbformat.read(path, as_version=4), path.parent, allow_errors=True)
    found, pairs = [], list(zip(_code(committed), _code(again), strict=True))
    for one, other in pairs:
        texts = differences(one.outputs, other.outputs, _models(committed), _models(again))
        found += [f"{path}::{one.id}: {text}" for text in texts]
    return len(pairs), found


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _models(notebook: NotebookNode) -> dict:
    return notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
