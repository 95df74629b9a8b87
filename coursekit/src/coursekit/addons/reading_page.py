"""A lesson as HTML that needs no script: nbconvert with a template of our own, formulas as MathML.

Its cells are those of the learner's edition, with what each committed cell showed: neither an answer nor what an
answer printed.
"""

import re
import struct
from base64 import b64decode
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

from jinja2 import pass_context
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from ..notebooks import editions
from ..notebooks.compare import WIDGET_STATE, WIDGET_VIEW, model_tree
from ..notebooks.outline import Lesson
from . import words

PAGE = Path(__file__).parent / "page"
#: more glyphs than this may be wider than a phone
LONG = 24
_SCROLLS = 'tabindex="0" role="group"'
#: a formula in a line, and the mark after it, which browsers would let go to the next line
_ENDS = re.compile(
    r'((?:<span class="wide inline"[^>]*>)?<math>(?:(?!</math>).)*</math>(?:</span>)?)([.,;:?!)]+)', re.DOTALL
)
_to_mathml = LatexToMathML(fancy_error=False).convert_with_local_state


def render(
    notebook: NotebookNode,
    course: str,
    before: Lesson | None,
    lesson: Lesson,
    after: Lesson | None,
    language: str = words.SOURCE,
) -> str:
    """Return the page of `lesson`, which is `notebook`, between its neighbours if it has any, in a language."""
    around = {"course": course, "before": before, "lesson": lesson, "after": after, "language": language}
    say = words.catalogue(language).gettext
    html, _ = _Exporter(say).from_notebook_node(reading(notebook, say), {"page": around})
    return html


def reading(notebook: NotebookNode, say: Callable[[str], str] = str) -> NotebookNode:
    """Return the learner's edition with the committed outputs of every cell that is neither answer nor verdict."""
    made = editions.learner(notebook, say)
    kept = [cell for cell in notebook.cells if not {"solution", "instructor"} & set(editions.tags(cell))]
    models = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for cell, ran in zip(made.cells, kept, strict=True):
        if cell.cell_type == "code" and cell.source == ran.source and "check" not in editions.tags(cell):
            cell.outputs = [_without_kernel(output, models) for output in ran.outputs]
    return made


def _without_kernel(output: NotebookNode, models: dict) -> NotebookNode:
    """An output that needs no kernel: of a widget, what it shows; the template says where it moves."""
    view = output.get("data", {}).get(WIDGET_VIEW)
    if view is None:
        return output
    said = f"<pre>{escape(output.data.get('text/plain', ''))}</pre>"
    shown = "\n".join(_shown(model_tree(view["model_id"], models))) or said
    return NotebookNode({**output, "data": NotebookNode({"text/html": shown}), "metadata": NotebookNode(widget=True)})


def _shown(tree: object) -> list[str]:
    """Every piece of HTML in the tree of a widget, from top to bottom."""
    if isinstance(tree, list):
        return [html for item in tree for html in _shown(item)]
    if not isinstance(tree, dict):
        return []
    if tree.get("model") == "HTMLModel":
        return [tree["value"]]
    return _shown(list(tree.values()))


class _Exporter(HTMLExporter):
    def __init__(self, say: Callable[[str], str]) -> None:
        super().__init__(template_name="base", template_file="reading.html.j2", extra_template_paths=[str(PAGE)])
        self._ids: set[str] = set()
        self._words = lambda text: escape(say(text))
        self.environment.globals["_"] = self._words

    @pass_context
    def markdown2html(self, context: object, source: str) -> str:
        html = MarkdownWithMath(renderer=_Renderer(self._ids, self._words)).render(source)
        return _ENDS.sub(r'<span class="together">\1\2</span>', html)

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", self.markdown2html
        yield "highlighted", _highlighted  # the name `highlight_code` is given to one with a frame around it
        yield "png_size", png_size
        yield "quote", quote


class _Renderer(IPythonRenderer):
    """Markdown with formulas as MathML, headings one can link to, and tables that scroll inside themselves."""

    def __init__(self, ids: set[str], say: Callable[[str], str]):
        super().__init__(escape=False, exclude_anchor_links=True)
        self._ids, self.say = ids, say

    def heading(self, text: str, level: int, **attributes: object) -> str:
        slug = unique = re.sub(r"\W+", "-", re.sub(r"<[^>]+>", "", text).lower()).strip("-") or "section"
        number = 1
        while unique in self._ids:
            number += 1
            unique = f"{slug}-{number}"
        self._ids.add(unique)
        return f'<h{level} id="{unique}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").split()[:1]
        marked = _highlighted(code, language[0]) if language else escape(code)
        name = self.say("Code")
        return f'<pre tabindex="0" role="group" aria-label="{name}"><code>{marked}</code></pre>\n'

    def table(self, text: str) -> str:
        name = self.say("Table")
        return f'<div class="wide" {_SCROLLS} aria-label="{name}"><table>\n{text}</table></div>\n'

    def inline_math(self, body: str) -> str:
        formula = mathml(body)
        glyphs = re.sub(r"<[^>]+>", "", formula)
        if len(glyphs) <= LONG:
            return formula
        name = self.say("Formula")
        return f'<span class="wide inline" {_SCROLLS} aria-label="{name}">{formula}</span>'

    def block_math(self, body: str) -> str:
        formulas = "\n".join(mathml(part, block=True) for part in _parts(body))
        name = self.say("Formula")
        return f'<span class="wide block" {_SCROLLS} aria-label="{name}">{formulas}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def mathml(formula: str, block: bool = False) -> str:
    """Return `formula`, written in LaTeX, as MathML. Raises ValueError that names a formula that is not understood.

    >>> mathml("x^2")
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    try:
        return _to_mathml(formula.strip(), displaystyle=block)
    except LatexError as error:
        raise ValueError(f"a formula should be LaTeX that MathML can say; got ${formula}$: {error}") from error


def _parts(formula: str) -> list[str]:
    """Formulas that only a wide space parts, each for itself: they may stand below each other on a phone."""
    parts = re.split(r"(?:\\qquad\s*)+", formula)
    whole = all(part.count("{") == part.count("}") and part.count(r"\left") == part.count(r"\right") for part in parts)
    return parts if whole else [formula]


def png_size(data: str) -> tuple[int, int]:
    """Width and height of a PNG in base64: the page keeps their place before the picture is there."""
    return struct.unpack(">II", b64decode(data[:48])[16:24])


def _highlighted(source: str, language: str = "ipython3") -> str:
    return highlight(source, get_lexer_by_name(language), HtmlFormatter(nowrap=True)).rstrip("\n")
