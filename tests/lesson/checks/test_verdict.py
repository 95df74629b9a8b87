"""What a verdict looks like on a page: escaped, and helping step by step."""

import html.parser
import re

import pytest

from lesson.checks.verdict import Verdict, source_of

SCRIPT = "<script>alert('`x`')</script>&amp;"


class Page(html.parser.HTMLParser):
    """Take a piece of HTML apart: its tags, which have to close, and what folds contain which text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.depths = set(), [], {}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, _attributes):
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.depths[data] = self.open.count("details")


def double(x):
    return 2 * x if x < 5 else x


def test_right_is_plain_text_only():
    verdict = Verdict("right", "all.", hints=("a", "b", "c"), solution="x")
    assert (repr(verdict), verdict._repr_html_()) == ("right: all.", None)


@pytest.mark.parametrize("status", ["not yet", "not right"])
def test_each_hint_unfolds_inside_the_one_before_and_the_source_last(status):
    page = Page(Verdict(status, "no.\nAnd\nmore", hints=("one", "two", "three"), solution=double)._repr_html_())
    order = [f"{status}: no.", "one", "two", "three", source_of(double)]
    assert [page.depths[text] for text in order] == [0, 1, 2, 3, 4]
    assert page.depths["Hint 1 of 3"] == 1 and page.depths["The package's own"] == 4
    assert page.tags == {"p", "br", "details", "summary", "pre", "code"}


def test_a_solution_may_be_a_text_and_code_in_hints_is_code():
    shown = Verdict("not yet", "no.", hints=("Use `x < y`.",), solution="def f():\n    return 1 < 2\n")._repr_html_()
    assert "<p>Use <code>x &lt; y</code>.</p>" in shown
    assert "A solution" in shown and "return 1 &lt; 2" in shown


@pytest.mark.parametrize("field", ["text", "hints", "solution"])
def test_nothing_in_a_verdict_becomes_a_tag(field):
    whole = {"status": "not right", "text": "no.", "hints": ("a", "b", "c"), "solution": "x"}
    value = (SCRIPT, SCRIPT, SCRIPT) if field == "hints" else SCRIPT
    shown = Verdict(**{**whole, field: value})._repr_html_()
    assert Page(shown).tags <= {"p", "br", "details", "summary", "pre", "code"}
    assert "&lt;script&gt;" in shown and "&amp;amp;" in shown


def test_it_is_true_when_right():
    assert [bool(Verdict(status, "")) for status in ("right", "not yet", "not right")] == [True, False, False]


def test_the_source_of_a_function_is_its_text():
    assert re.match(r"def double\(x\):\n    return 2", source_of(double))
