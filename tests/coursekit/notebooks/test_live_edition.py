"""What of a cell the class sees first, and what it can unfold."""

import doctest

import nbformat
import pytest
from coursekit.notebooks import live
from coursekit.notebooks.live import expected, notes, opening
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.native

CALL = "show(\n    1,\n    2,\n)"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("a = 1\nb = 2", "a = 1"),
        ("a = 1", "a = 1"),
        ("# why\na = 1\nb = 2", "# why\na = 1"),
        (f"{CALL}\nb = 2", CALL),
        ("import a\n\nfrom b import (\n    c,\n)\nd = 1\ne = 2", "import a\n\nfrom b import (\n    c,\n)"),
        ("a = 1\nimport b", "a = 1"),
        ('def f(x):\n    """Say."""\n    return x', "def f(x):\n    ..."),
        ("def f(\n    x,\n):\n    return x", "def f(\n    x,\n):\n    ..."),
        ("@decorated\ndef f(x):\n    return x", "@decorated\ndef f(x):\n    ..."),
        ("def f(x): return x\nf(1)", "def f(x): return x"),
        ("with a as b:  # why\n    c\n    d", "with a as b:  # why\n    ..."),
        ("async for a in b:\n    c", "async for a in b:\n    ..."),
        ("if a:\n    b\nelse:\n    c", "if a:\n    ..."),
        ("try:\n    a\nexcept ValueError:\n    b", ""),
        ("match a:\n    case 1:\n        b", ""),
        ("await a\nb", "await a"),
        ("%timeit a\nb", "%timeit a"),
        ("# only a comment", "# only a comment"),
        ("", ""),
    ],
)
def test_a_cell_begins_with_its_first_statement(source, kept):
    assert opening(source) == kept


def shown(*outputs):
    return expected(new_code_cell("a", id="a", outputs=list(outputs)))


def test_a_cell_that_shows_nothing_has_nothing_to_unfold():
    assert shown() is None
    assert shown(new_output("display_data", data={"text/html": "<b>only this</b>"})) is None


def test_text_is_shown_as_it_is_and_never_as_a_part_of_the_page():
    made = shown(new_output("stream", name="stdout", text="<b>$x$\n\n \n\n  two\n\n"))
    assert made.source.splitlines()[1:-1] == ["<pre>&lt;b&gt;&#36;x&#36;", *["&#8203;"] * 3, "  two</pre>"]
    assert made.id == "a-expected"


def test_a_picture_comes_with_its_words():
    picture = new_output("display_data", data={"image/png": "AA\nAA\n", "text/plain": "<Figure>"})
    picture.metadata = {"image/png": {"alt": 'A "line"\n\nthat rises'}}
    made = shown(picture, new_output("display_data", data={"image/png": "BBBB"}))
    assert '<img alt="A &quot;line&quot; that rises" src="data:image/png;base64,AAAA">' in made.source
    assert '<img alt="The picture that this cell draws" src="data:image/png;base64,BBBB">' in made.source
    nbformat.validate(new_notebook(cells=[made]))


def test_what_a_widget_says_of_itself_is_shown():
    made = shown(new_output("execute_result", data={"text/plain": "Move it.", "text/html": "<i>"}))
    assert "<pre>Move it.</pre>" in made.source


def test_a_note_says_that_it_is_one():
    assert notes(new_markdown_cell("One.\n\nTwo.")).source == "> **Speaker notes**\n>\n> One.\n>\n> Two."


def test_the_example_in_the_docstring():
    assert doctest.testmod(live).failed == 0
