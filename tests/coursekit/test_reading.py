"""A lesson as a page to read: what is in it, and that no answer is."""

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from coursekit.addons.reading import ReadingAddon
from coursekit.addons.reading_page import mathml, png_size, reading, render
from coursekit.addons.reading_search import sections
from coursekit.notebooks.compare import WIDGET_STATE, WIDGET_VIEW
from coursekit.notebooks.outline import Lesson
from jupyterlite_core.manager import LiteManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.native

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
ANSWER = "def f():\n    # solution begins\n    return 6 * 7\n    # solution ends\n\n\nprint(f())"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAEklEQVR4nGP8z8DwnwEJMDEAAAAt+AIBkV0tHQAAAABJRU5ErkJggg=="


def lesson(name: str = "02-two", title: str = "Two", question: str = "") -> Lesson:
    return Lesson(name, title, question, "", ())


def page(*cells, before=None, after=None, this=None, **metadata) -> BeautifulSoup:
    html = render(new_notebook(cells=list(cells), metadata=metadata), "A & B", before, this or lesson(), after)
    return BeautifulSoup(html, "html.parser")


def code(source: str, *outputs, tags=()) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def printed(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=text)


def test_neither_an_answer_nor_what_it_printed_nor_a_verdict_is_in_the_page():
    cells = [
        code(ANSWER, printed("it is 42"), tags=["exercise"]),
        code("check(f)", printed("right: it is 42"), tags=["check"]),
        new_markdown_cell("It was 42.", metadata={"tags": ["solution"]}),
        new_markdown_cell("Tell nobody of 42.", metadata={"tags": ["instructor"]}),
        code("print('seen')", printed("seen below")),
    ]
    html = str(page(*cells).main)
    assert " 42" not in html and "6 * 7" not in BeautifulSoup(html, "html.parser").get_text()
    assert "# your code here" in html
    assert "seen below" in html
    assert html.index("Yours to write") < html.index("A check:") < html.index("seen below")


def test_the_notebook_itself_stays_as_it_was():
    notebook = new_notebook(cells=[code(ANSWER, printed("it is 42"), tags=["exercise"])])
    before = nbformat.writes(notebook)
    reading(notebook)
    assert nbformat.writes(notebook) == before


def test_what_a_cell_printed_or_a_title_says_is_never_markup():
    hostile = '"><script>alert(1)</script>'
    result = new_output("execute_result", data={"text/plain": hostile}, execution_count=1)
    cells = [code(hostile, printed(hostile), result, new_output("error", ename="E", evalue=hostile))]
    soup = page(*cells, this=lesson(title=hostile, question=hostile), before=lesson("x y", hostile))
    assert [script.get("src") for script in soup.find_all("script")] == ["reading.js", "alive.js"]
    assert len(soup.main.find_all("pre")) == 4
    assert all(hostile in pre.get_text() for pre in soup.main.find_all("pre"))
    assert soup.title.get_text() == f"{hostile} · A & B"
    assert soup.select_one("[rel=prev]")["href"] == "x%20y.html"


def test_formulas_are_mathml_and_a_wide_one_scrolls_or_breaks():
    soup = page(
        new_markdown_cell(r"So $x^2$, and $a + b + c + d + e + f + g + h + i + j + k + l + m$."),
        new_markdown_cell(r"$$a = 1 \qquad b = 2$$"),
        new_markdown_cell(r"$$\left(a \qquad b\right)$$"),
    )
    short, long, first, second, whole = soup.find_all("math")
    assert short.parent["class"] == ["together"] and short.parent.get_text().endswith(",")
    assert long.parent["class"] == ["wide", "inline"]
    assert long.parent.parent["class"] == ["together"] and long.parent.parent.get_text().endswith(".")
    assert short.parent.parent.get_text().startswith("So ")
    assert first.parent is second.parent and first.parent["class"] == ["wide", "block"]
    assert whole["display"] == "block"
    assert "$" not in soup.main.get_text()


@pytest.mark.parametrize("formula", [r"\nonsense{x}", r"\frac{1", r"x_1_2"])
def test_a_formula_that_is_not_understood_is_named(formula):
    with pytest.raises(ValueError, match=re.escape(formula)):
        mathml(formula)


def test_a_picture_keeps_its_words_and_its_place():
    metadata = {"image/png": {"alt": 'one\n"two"'}}
    soup = page(code("draw()", new_output("display_data", data={"image/png": DOT + "\n"}, metadata=metadata)))
    assert soup.img["alt"] == 'one "two"'
    assert (soup.img["width"], soup.img["height"]) == ("3", "2") == tuple(map(str, png_size(DOT)))
    assert soup.img["src"] == f"data:image/png;base64,{DOT}"


def test_a_widget_shows_its_picture_and_says_where_it_moves():
    def html(value):
        return {"model_name": "HTMLModel", "state": {"value": value}}

    state = {
        "box": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_a", "IPY_MODEL_b", "IPY_MODEL_c"]}},
        "a": {"model_name": "FloatSliderModel", "state": {"description": "Push"}},
        "b": html('<svg role="img" aria-label="a disc"></svg>'),
        "c": html("<div>It is at 3.</div>"),
    }
    view = {WIDGET_VIEW: {"model_id": "box"}, "text/plain": "A disc"}
    shown = new_output("execute_result", data=view, execution_count=1)
    soup = page(code("move()", shown), widgets={WIDGET_STATE: {"state": state}})
    picture = soup.select_one(".paper")
    assert picture.svg["aria-label"] == "a disc" and "It is at 3." in picture.get_text()
    assert "Push" not in soup.get_text()
    assert soup.select_one(".output .label a")["href"] == "../notebooks/index.html?path=02-two.ipynb"
    assert "A disc" in page(code("move()", shown)).select_one(".paper pre").get_text(), "lost without its state"


def test_a_page_leads_to_its_neighbours_home_and_to_each_edition():
    one, three = lesson("01-one", "One"), lesson("03-three", "Three")
    soup = page(before=one, after=three)
    links = [link["href"] for link in soup.footer.find_all("a")]
    assert links == ["01-one.html", "../index.html", "03-three.html"]
    run = [link["href"].removeprefix("../notebooks/index.html?path=") for link in soup.select_one(".run").find_all("a")]
    assert run == ["02-two.ipynb", "live/02-two.ipynb", "solutions/02-two.ipynb"]
    assert [link["href"] for link in page().footer.find_all("a")] == ["../index.html"]
    assert soup.header.a["href"] == "../index.html"


def test_headings_that_say_the_same_can_be_told_apart():
    soup = page(new_markdown_cell("# A\n\n## Why, $x$?\n\n## Why, $x$?\n\n## ?"))
    ids = [heading["id"] for heading in soup.find_all(re.compile("h[12]"))]
    assert ids == ["a", "why-x", "why-x-2", "section"]


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def committed(request):
    notebook = nbformat.read(request.param, as_version=4)
    return notebook, BeautifulSoup(render(notebook, "C", None, lesson(), None), "html.parser")


@pytest.mark.slow
def test_no_lesson_leaks_an_answer_to_its_page(committed):
    notebook, soup = committed
    words = " ".join(soup.main.get_text().split())
    stubs = 0
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        stubs += cell.source.count("# solution begins")
        if "solution" in tags or "instructor" in tags:
            told = page(new_markdown_cell(cell.source))
            assert " ".join(told.select_one("main > p, details > p").get_text().split()) not in words
        if "check" in tags:
            (verdict,) = cell.outputs
            assert verdict.data["text/plain"] not in words
    assert words.count("# your code here") == stubs
    assert "solution begins" not in words


def test_every_lesson_is_whole_without_scripts_or_other_servers(committed):
    notebook, soup = committed
    assert "$" not in "".join(text for text in soup.main.find_all(string=True) if not text.find_parent(["pre", "code"]))
    assert all(image["alt"] for image in soup.find_all("img"))
    sources = [each["src"] for each in soup.find_all(src=True)]
    assert [source for source in sources if not source.startswith("data:")] == ["reading.js", "alive.js"]
    assert {link["href"] for link in soup.find_all("link")} == {"../favicon.ico"}
    assert len({each["id"] for each in soup.find_all(id=True)}) == len(soup.find_all(id=True))
    levels = [int(heading.name[1]) for heading in soup.main.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels
    folded = sum(cell.source.count("<details>") for cell in reading(notebook).cells if cell.cell_type == "markdown")
    assert len(soup.find_all("details")) == folded


def test_each_section_is_found_with_the_words_in_it(tmp_path):
    cells = [
        new_markdown_cell(
            "# Two\n\nWhy $x$?\n\n- **one** thing\n- other\n\n<details><summary>A</summary>\n\nfolded\n\n</details>"
        ),
        new_markdown_cell("## Again\n\n| a | b |\n|---|---|\n| c | d |"),
        code("print(1 + 1)", printed("unfound")),
        code("check(f)", tags=["check"]),
    ]
    path = tmp_path / "02-two.html"
    path.write_text(str(page(*cells)), encoding="utf-8")
    first, second = sections(path)
    assert first == {
        "lesson": "Two",
        "title": "Two",
        "where": "02-two.html#two",
        "text": "Why x? one thing other A folded",
    }
    assert second["where"] == "02-two.html#again"
    assert second["text"] == "a b c d print(1 + 1) check(f)"


@pytest.fixture
def addon(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/index.md").write_text("# A & B\n\nText")
    (tmp_path / "notebooks").mkdir()
    for name in ("01-one", "02-two"):
        nbformat.write(new_notebook(cells=[new_markdown_cell(f"# {name}")]), tmp_path / f"notebooks/{name}.ipynb")
    manager = LiteManager(lite_dir=tmp_path, output_dir=tmp_path / "site")
    return ReadingAddon(manager=manager)


def run(tasks) -> None:
    for task in tasks:
        for action, arguments in task["actions"]:
            assert action(*arguments) in (None, True)


def test_the_build_makes_a_page_of_each_notebook_and_one_index(addon):
    run(addon.post_build(addon.manager))
    assert "01-one.html" in (addon.output / "02-two.html").read_text(encoding="utf-8")
    assert "A &amp; B" in (addon.output / "01-one.html").read_text(encoding="utf-8")
    index = json.loads((addon.output / "search.json").read_text(encoding="utf-8"))
    assert [one["where"] for one in index] == ["01-one.html#01-one", "02-two.html#02-two"]
    assert "search.json" in (addon.output / "reading.js").read_text(encoding="utf-8")
    run(addon.check(addon.manager))


def test_a_page_too_large_for_a_slow_line_fails_the_check(addon):
    run(addon.post_build(addon.manager))
    size = len(gzip.compress((addon.output / "01-one.html").read_bytes(), mtime=0))
    addon.most = size - 1
    with pytest.raises(ValueError, match=f"01-one.html should have at most {size - 1} bytes compressed; it has {size}"):
        run(addon.check(addon.manager))
