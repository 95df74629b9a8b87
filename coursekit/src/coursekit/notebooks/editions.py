"""What is built of one complete notebook: the learner's edition, and the solution as it was committed.

The lines between the two marks are an answer, and every cell tagged `exercise` has one; a cell tagged `solution`
or `instructor` is not for the learner at all.
"""

import copy
import re

from nbformat import NotebookNode

BEGIN, END = "# solution begins", "# solution ends"
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
_SOLUTION = re.compile(rf"^([ \t]*){BEGIN}[ \t]*\n.*?^[ \t]*{END}[ \t]*$", re.DOTALL | re.MULTILINE)


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def solution(notebook: NotebookNode) -> NotebookNode:
    """Return the complete notebook, for the browser's kernel."""
    made = copy.deepcopy(notebook)
    made.metadata.kernelspec = NotebookNode(KERNEL)
    return made


def learner(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with every answer cut out and nothing run."""
    made = solution(notebook)
    made.metadata.pop("widgets", None)
    made.cells = [cell for cell in made.cells if not {"solution", "instructor"} & set(tags(cell))]
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if "exercise" in tags(cell) or BEGIN in cell.source or END in cell.source:
            cell.source = cut(cell.source)
    return made


def cut(source: str) -> str:
    """Replace each marked answer by a place to write one's own."""
    stub, count = _SOLUTION.subn(r"\1...  # your code here", source)
    if not count or BEGIN in stub or END in stub:
        raise ValueError(f"an exercise cell needs each answer between '{BEGIN}' and '{END}'; got {source[:60]!r}")
    return stub
