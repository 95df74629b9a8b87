"""The pieces of a live edition: how a cell begins, what it will show, and a note to whoever speaks."""

import ast
import itertools
from collections.abc import Callable
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from .compare import PNG


def opening(source: str) -> str:
    """Return the first statement's line or, of a block, its head closed with `...`; of leading imports, all.

    Nobody teaches by typing imports. What cannot stand by itself, such as a lone `try:`, is left out.

    >>> opening("for word in words:\\n    print(word)")
    'for word in words:\\n    ...'
    """
    lines = source.splitlines()
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a command of the notebook's own, such as %timeit
        return "\n".join(lines[:1])
    imports = list(itertools.takewhile(lambda node: isinstance(node, ast.Import | ast.ImportFrom), statements))
    if not statements:
        return source
    first = imports[-1] if imports else statements[0]
    if isinstance(first, ast.Match):
        return ""
    if not hasattr(first, "body") or first.body[0].lineno == first.lineno:
        return "\n".join(lines[: first.end_lineno])
    head = "\n".join(lines[: first.body[0].lineno - 1])
    closed = f"{head}\n    ..."
    return closed if _compiles(closed) else ""


def expected(cell: NotebookNode, say: Callable[[str], str] = str) -> NotebookNode | None:
    """Return a cell that unfolds to the outputs of `cell`, pictures and text, or None when it has neither."""
    # A picture among the cell's attachments would be asked for under a scheme that browsers do not know.
    pieces = []
    for output in cell.outputs:
        data = output.get("data", {})
        if PNG in data:
            alt = output.metadata.get(PNG, {}).get("alt", say("The picture that this cell draws"))
            source = f"data:{PNG};base64,{''.join(''.join(data[PNG]).split())}"
            pieces.append(f'<img alt="{_html(" ".join(alt.split()))}" src="{source}">')
        elif text := output.get("text") or data.get("text/plain"):
            pieces.append(f"<pre>{_html(''.join(text).rstrip())}</pre>")
    if not pieces:
        return None
    summary = say("What this cell will show")
    source = "\n".join([f"<details><summary>{_html(summary)}</summary>", *pieces, "</details>"])
    return new_markdown_cell(source, id=f"{cell.id}-expected", metadata={"tags": ["expected"]})


def notes(cell: NotebookNode, say: Callable[[str], str] = str) -> NotebookNode:
    """Return the instructor's cell as a quotation that says what it is."""
    title = say("Speaker notes")
    lines = [f"> **{title}**", ">", *(f"> {line}".rstrip() for line in cell.source.splitlines())]
    cell.source = "\n".join(lines)
    return cell


def _html(text: str) -> str:
    """Text for HTML inside Markdown, where an empty line ends the HTML and a dollar begins a formula."""
    lines = escape(text).replace("$", "&#36;").splitlines()
    return "\n".join(line if line.strip() else "&#8203;" for line in lines)


def _compiles(source: str) -> bool:
    try:
        compile(source, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        return False
    return True
