"""What a check says: a plain sentence or two, and on a page, below them, hints that unfold one after another."""

import html
import inspect
import re
import textwrap
from dataclasses import dataclass

from lesson.words import later, recite, say

RIGHT, NOT_YET, NOT_RIGHT = later("right"), later("not yet"), later("not right")


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found: true when the answer is right, a plain text, and help as long as it is not.

    mistake: the known mistake's name   hints: from a nod to nearly all   solution: what is unfolded last
    """

    status: str
    text: str
    mistake: str = ""
    hints: tuple[str, ...] = ()
    solution: object = None

    def __bool__(self) -> bool:
        return self.status == RIGHT

    def __repr__(self) -> str:
        return f"{say(self.status)}: {self.text}"

    def _repr_html_(self) -> str | None:
        if self:
            return None
        told = "<br>".join(html.escape(line) for line in repr(self).splitlines())
        return f"<p>{told}</p>{self._help()}"

    def _help(self) -> str:
        """Nest each hint in the one before, so that nobody sees the answer by opening the first."""
        inner = ""
        if self.solution is not None:
            summary = say("A solution") if isinstance(self.solution, str) else say("The package's own")
            inner = _folded(summary, f"<pre><code>{html.escape(source_of(self.solution))}</code></pre>")
        for number, hint in reversed(list(enumerate(self.hints, start=1))):
            summary = say("Hint {number} of {count}", number=number, count=len(self.hints))
            inner = _folded(summary, f"<p>{_with_code(recite(hint))}</p>{inner}")
        return inner


def source_of(solution: object) -> str:
    """Return the source of a function or class of the package, or the text itself where the solution is one."""
    return textwrap.dedent(solution if isinstance(solution, str) else inspect.getsource(solution)).strip()


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{summary}</summary>{inside}</details>"


def _with_code(sentence: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(sentence))
