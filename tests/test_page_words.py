"""The site's own pages and scripts: no sentence in them stands outside the marks by which it is translated."""

import re
from pathlib import Path

import pytest
from coursekit.addons import words

PAGE = Path(words.__file__).parent / "page"
SCRIPTS, PAGES = sorted(PAGE.glob("*.*js")), sorted({*PAGE.glob("*.html"), *PAGE.glob("*.j2")})
#: a script's texts, and the comments that may hold what looks like one; of a template, the nested ones too
LITERAL = re.compile(r'//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', re.DOTALL)
PLACE = re.compile(r"\$?\$\{[^}]*\}")
#: two words that look like a sentence's; or one that looks like what a button says
SENTENCE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+(…|:)?$")
#: what browsers, JupyterLab, Python, the service worker and whoever reads the console understand
NO_SENTENCES = {
    *("Enter", "Tab", "Escape", "Shift", "View", "Disposed", "paper widget", "default channel", "go on", "take over"),
    "look after me",
    *("edits of … …/…", "edits of … ", "files of …", "unsaved of … ", "progress of …", "course at … "),
    *(
        "import importlib; importlib.invalidate_caches()",
        "no worker",
        "no more than 2 GiB",
        "neither exercises nor files",
        "worker-src blob: …",
    ),
    *("input, select, textarea, button", ".jp-RenderedImage img:not([alt])"),
}
#: lists of elements, and of properties
LISTS = ("a abbr ", "i img ", "th thead ", "linearGradient ", "mfrac ", "color-scheme:")
#: attributes that are read aloud or shown
TOLD = re.compile(r'\s(?:aria-label|title|alt|placeholder)="([^"]*)"')


def unmarked_in_script(text: str) -> list[str]:
    """List the texts that nobody marked; what has several lines is a style sheet, or Python."""
    bare = words.COUNTED.sub("(", words.MARK.sub("", text))
    found = [PLACE.sub("…", one[0] or one[1]) for one in LITERAL.findall(bare)]
    return [
        one
        for one in found
        if SENTENCE.search(one) and "\n" not in one and one not in NO_SENTENCES and not one.startswith(LISTS)
    ]


def unmarked_in_page(text: str) -> list[str]:
    bare = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|\{[{%#].*?[}%#]\}|\$\w+", "", text, flags=re.DOTALL)
    shown = (*re.sub(r"<[^>]*>", "\n", bare).splitlines(), *TOLD.findall(bare))
    return [one.strip() for one in shown if re.search(r"[A-Za-z]{2}", one)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_sentence_of_a_script_is_left_unmarked(path):
    assert unmarked_in_script(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_sentence_of_a_page_is_left_unmarked(path):
    assert unmarked_in_page(path.read_text(encoding="utf-8")) == []


def test_what_nobody_marked_would_be_seen():
    plain = """say("Found it; go"); button(`Stop ${count} of them`); made("Close"); // not "a comment here"
    mark(_("Found it"), _n("{count} file here", "{count} files here", count), `${NAME} - ${path}`);"""
    assert unmarked_in_script(plain) == ["Found it; go", "Stop … of them", "Close"]
    assert unmarked_in_script('_("It is " + "cut in two")') == ["It is ", "cut in two"]
    page = """<title>$title</title><style>p { color: red }</style>
    <p aria-label="Your work" class="no matter">{{ _("Marked") }}</p><b>Left
    alone</b>{% if x %}1.{% endif %}"""
    assert unmarked_in_page(page) == ["Left", "alone", "Your work"]
