"""The catalogues: nothing that is said is forgotten, and no translation breaks what it translates."""

import ast
import gettext
import re
from pathlib import Path
from string import Formatter

import pytest

from coursekit import words
from lesson.words import DOMAINS

ROOT = Path(__file__).parents[1]
LESSON, COURSEKIT = ROOT / "lesson", ROOT / "coursekit" / "src" / "coursekit"
#: the languages that claim to be whole, and in what
COMPLETE = {"de": ("lesson", "checks", "site")}
CATALOGUES = sorted((*LESSON.glob("locale/*/*/*.po"), *COURSEKIT.glob("locale/*/*/*.po")))
named = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")

#: where everything that is said is for learners; a terminal is not, nor are the exercises' data
SPEAKING = sorted(
    {*LESSON.glob("widgets/*.py"), *LESSON.glob("plots/*.py"), *LESSON.glob("checks/*.py")}
    - {LESSON / "plots" / "terminal.py"}
    - {LESSON / "checks" / f"{name}.py" for name in ("how_this_works", "progress")}
)
SAYING = {"say", "later", "say_count"}
#: two words that look like a sentence's, outside of markup
SENTENCE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
#: layouts and examples, and names that programs know
NO_SENTENCES = {
    *("row wrap", "64px repeat(", "great product", "not boring", "product great service support"),
    *("LoRA rank=", "Input changed"),
}


@pytest.fixture(scope="module")
def templates():
    return {
        "lesson": words.collect(LESSON, "lesson"),
        "checks": words.collect_data("lesson.checks:every_sentence", "checks"),
        "site": words.collect(COURSEKIT, "site"),
    }


def texts(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def messages(catalogue):
    return [message for message in catalogue if message.id]


def test_there_are_catalogues_for_all_that_is_said():
    assert {path.stem for path in CATALOGUES} == {*DOMAINS, "site"}


@named
def test_a_catalogue_has_every_sentence_and_no_other(path, templates):
    wanted = {message.id for message in messages(templates[path.stem])}
    found = {message.id for message in messages(words.read(path))}
    assert found == wanted, "`make words` brings it up to date"


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@named
def test_a_translation_has_the_placeholders_and_the_code_of_its_source(path):
    for message in messages(words.read(path)):
        for form in filter(None, words.forms(message)):
            sources = texts(message)
            if path.stem != "checks":  # its sentences are said as they are
                allowed = set.union(*map(placeholders, sources))
                got = placeholders(form)
                assert got == allowed or (len(sources) > 1 and allowed - {"count"} <= got < allowed), message.id
            code = [sorted(re.findall(r"`[^`]+`", text)) for text in (sources[-1], form)]
            assert code[0] == code[1], message.id


@pytest.mark.parametrize(("language", "domain"), [(one, domain) for one, all_ in COMPLETE.items() for domain in all_])
def test_a_language_that_claims_it_is_whole(language, domain):
    (path,) = (path for path in CATALOGUES if (path.parts[-3], path.stem) == (language, domain))
    without = [message.id for message in messages(words.read(path)) if message.fuzzy or not all(words.forms(message))]
    assert not without


@named
def test_what_python_reads_is_what_was_written(path, tmp_path):
    with path.with_suffix(".mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)._catalog
    (tmp_path / "fresh.mo").write_bytes(words.compiled(words.read(path)))
    with (tmp_path / "fresh.mo").open("rb") as file:
        fresh = gettext.GNUTranslations(file)._catalog
    assert {k: v for k, v in shipped.items() if k} == {k: v for k, v in fresh.items() if k}, "`make words` compiles it"


def said(tree):
    """List the calls that mark a sentence."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", None) in SAYING]


def test_every_mark_is_found_by_who_collects(templates):
    known = {text for message in messages(templates["lesson"]) for text in texts(message)}
    for path in LESSON.rglob("*.py"):
        for call in said(ast.parse(path.read_text(encoding="utf-8"))):
            for argument in call.args[: 2 if call.func.id == "say_count" else 1]:
                assert not isinstance(argument, ast.JoinedStr), f"{path.name}:{call.lineno}: f-strings have no place"
                if isinstance(argument, ast.Constant):
                    assert argument.value in known, f"{path.name}:{call.lineno}: take it out of the f-string"


def unmarked(source, known=()):
    """List the sentences that nobody marked, docstrings and the errors of programmers aside.

    known: what is marked elsewhere, and a key here
    """
    tree, aside = ast.parse(source), set()
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
        if documented:
            aside.add(node.body[0].value)
        if isinstance(node, ast.Raise) or node in said(node):
            aside.update(ast.walk(node))
        if isinstance(node, ast.keyword) and node.arg in ("description", "tooltip"):
            assert not isinstance(node.value, ast.Constant | ast.JoinedStr), f"line {node.value.lineno}: mark it"
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in aside)
    shown = (node.value for node in found if isinstance(node.value, str) and not node.value.startswith("<"))
    return [text for text in shown if SENTENCE.search(text) and text not in (*NO_SENTENCES, *known)]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_sentence_is_left_unmarked(path, templates):
    known = {text for domain in DOMAINS for message in messages(templates[domain]) for text in texts(message)}
    assert not unmarked(path.read_text(encoding="utf-8"), known)


def test_an_unmarked_sentence_would_be_seen():
    assert unmarked('def draw(n): return f"{n} heads attend to it"') == [" heads attend to it"]
    assert not unmarked('def draw(n): return say("{n} heads attend to it", n=n)')
    with pytest.raises(AssertionError, match="mark it"):
        unmarked('Slider(description="Width")')
