"""What is built of one complete notebook: the learner's edition, the live one, and the solution as committed.

The lines between the two marks are an answer, and every cell tagged `exercise` has one; a cell tagged `solution`
is for the solution only, one tagged `instructor` for whoever teaches.
"""

import copy
import re
from collections.abc import Callable

from nbformat import NotebookNode

from .live import expected, notes, opening

BEGIN, END = "# solution begins", "# solution ends"
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
_SOLUTION = re.compile(rf"^([ \t]*){BEGIN}[ \t]*\n.*?^[ \t]*{END}[ \t]*$", re.DOTALL | re.MULTILINE)
#: turns the few words that an edition adds into the site's language
Say = Callable[[str], str]


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def solution(notebook: NotebookNode) -> NotebookNode:
    """Return the complete notebook, for the browser's kernel."""
    made = copy.deepcopy(notebook)
    made.metadata.kernelspec = NotebookNode(KERNEL)
    return made


def learner(notebook: NotebookNode, say: Say = str) -> NotebookNode:
    """Return the notebook with every answer cut out and nothing run."""
    made = _without_answers(notebook, say)
    made.cells = [cell for cell in made.cells if "instructor" not in tags(cell)]
    for cell in made.cells:
        _unrun(cell)
    return made


def live(notebook: NotebookNode, say: Say = str) -> NotebookNode:
    """Return the notebook to type in front of a class: how each cell begins, notes, and what a cell will show."""
    made = _without_answers(notebook, say)
    cells, made.cells = made.cells, []
    for cell in cells:
        if cell.cell_type == "code" and "instructor" not in tags(cell):
            shown = expected(cell, say)
            cell.source = opening(cell.source)
            _unrun(cell)
            made.cells += [cell, shown] if shown else [cell]
        elif cell.cell_type != "code":
            made.cells.append(notes(cell, say) if "instructor" in tags(cell) else cell)
    return made


def cut(source: str, say: Say = str) -> str:
    """Replace each marked answer by a place to write one's own."""
    place = "...  # " + say("your code here")
    stub, count = _SOLUTION.subn(lambda found: found[1] + place, source)
    if not count or BEGIN in stub or END in stub:
        raise ValueError(f"an exercise cell needs each answer between '{BEGIN}' and '{END}'; got {source[:60]!r}")
    return stub


def _without_answers(notebook: NotebookNode, say: Say) -> NotebookNode:
    """The notebook without any answer, and without what an answer or a verdict on it printed."""
    made = solution(notebook)
    made.metadata.pop("widgets", None)
    made.cells = [cell for cell in made.cells if "solution" not in tags(cell)]
    for cell in made.cells:
        answered = "exercise" in tags(cell) or BEGIN in cell.source or END in cell.source
        if answered:
            cell.source = cut(cell.source, say)
        if cell.cell_type == "code" and (answered or "check" in tags(cell)):
            _unrun(cell)
    return made


def _unrun(cell: NotebookNode) -> None:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
