"""The learner gets the question, the committed notebook keeps the answer."""

import copy
import json

import nbformat
import pytest
from coursekit.notebooks.compare import WIDGET_STATE
from coursekit.notebooks.editions import BEGIN, END, cut, learner, live, solution
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.native

EXERCISE = f"def scale(query):\n    {BEGIN}\n    SECRET = 2\n    return SECRET\n    {END}\n\nscale(1)"
STUB = "def scale(query):\n    ...  # your code here\n\nscale(1)"


def code(source, *tags):
    output = new_output("stream", name="stdout", text="SECRET was printed")
    return new_code_cell(source, execution_count=3, outputs=[output], metadata={"tags": list(tags)})


@pytest.fixture
def notebook():
    cells = [
        new_markdown_cell("# Title"),
        code("print(1)"),
        code(EXERCISE, "exercise"),
        code("check(scale)", "check"),
        code("SECRET", "solution"),
        new_markdown_cell("SECRET for teachers", metadata={"tags": ["instructor"]}),
    ]
    widgets = {WIDGET_STATE: {"state": {"a": {"state": {"value": "SECRET"}}}}}
    return new_notebook(
        cells=cells, metadata={"widgets": widgets, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


@pytest.mark.parametrize("indent", ["", "    ", "\t", "        "])
def test_a_cut_keeps_the_indentation(indent):
    source = f"{indent}{BEGIN}\n{indent}    answer\n\n{indent}{END}"
    assert cut(source) == f"{indent}...  # your code here"


def test_what_stands_around_an_answer_stays():
    assert cut(EXERCISE) == STUB


def test_each_of_several_answers_is_cut():
    source = f"a = 1\n{BEGIN}\nb = 2\n{END}\nc = 3\nif c:\n    {BEGIN}\n    d = 4\n    {END}\ne = 5"
    assert cut(source) == "a = 1\n...  # your code here\nc = 3\nif c:\n    ...  # your code here\ne = 5"


@pytest.mark.parametrize(
    "source",
    [
        "answer = 1",
        f"{BEGIN}\nanswer = 1",
        f"answer = 1\n{END}",
        f"{END}\nanswer = 1\n{BEGIN}",
        f"{BEGIN}\na = 1\n{END}\n{BEGIN}\nanswer = 1",
        f"{BEGIN}\na = 1\n{END}\nanswer = 1\n{END}",
        f"x = 1  {BEGIN}\nanswer = 1\n{END}",
    ],
)
def test_an_answer_without_its_two_marks_is_an_error(source):
    with pytest.raises(ValueError, match=f"needs each answer between '{BEGIN}' and '{END}'; got"):
        cut(source)


def test_the_learner_sees_nothing_of_the_answer(notebook):
    made = learner(notebook)
    assert [cell.source for cell in made.cells] == ["# Title", "print(1)", STUB, "check(scale)"]
    assert "SECRET" not in json.dumps(made)
    assert all((cell.outputs, cell.execution_count) == ([], None) for cell in made.cells if cell.cell_type == "code")
    assert made.metadata.kernelspec.name == "python"


def test_the_rest_of_a_cell_is_the_learners_too(notebook):
    made = learner(notebook)
    assert [cell.id for cell in made.cells] == [cell.id for cell in notebook.cells[:4]]
    assert made.cells[2].metadata.tags == ["exercise"]


def test_an_exercise_without_an_answer_is_an_error(notebook):
    notebook.cells[2].source = "def scale(query): ..."
    with pytest.raises(ValueError, match="needs each answer"):
        learner(notebook)


def test_an_answer_in_a_cell_without_the_tag_is_cut_all_the_same(notebook):
    notebook.cells[2].metadata.tags = []
    assert "SECRET" not in json.dumps(learner(notebook))


def test_the_solution_is_what_was_committed_for_the_browsers_kernel(notebook):
    made = solution(notebook)
    assert made.cells == notebook.cells
    assert made.metadata.widgets == notebook.metadata.widgets
    assert made.metadata.kernelspec.name == "python"


def test_the_live_edition_has_how_a_cell_begins_and_what_it_will_show(notebook):
    notebook.cells[1].source = "total = 1\nprint(total)"
    notebook.cells[1].outputs[0].text = "1\n"
    made = live(notebook)
    texts = ["# Title", "total = 1", "<details><summary>What this cell will show</summary>\n<pre>1</pre>\n</details>"]
    assert [cell.source for cell in made.cells[:3]] == texts
    assert made.cells[2].metadata.tags == ["expected"]
    assert all((cell.outputs, cell.execution_count) == ([], None) for cell in made.cells if cell.cell_type == "code")
    assert made.metadata.kernelspec.name == "python"
    nbformat.validate(made)


def test_the_live_edition_shows_no_answer_and_nothing_that_an_answer_printed(notebook):
    notebook.cells[1].outputs = []
    notebook.cells[-1].source = "Ask them.\n\nThen wait."
    made = live(notebook)
    assert [cell.source for cell in made.cells] == [
        "# Title",
        "print(1)",
        "def scale(query):\n    ...",
        "check(scale)",
        "> **Speaker notes**\n>\n> Ask them.\n>\n> Then wait.",
    ]
    assert "SECRET" not in json.dumps(made)


def test_what_an_edition_adds_can_be_said_in_another_language(notebook):
    told = {"your code here": r"\1 hier", "What this cell will show": "<Zu sehen>", "Speaker notes": "Notizen"}
    notebook.cells[1].source, notebook.cells[-1].source = "total = 1\nprint(total)", "Ask."
    made = live(notebook, told.get)
    assert made.cells[2].source.startswith("<details><summary>&lt;Zu sehen&gt;</summary>")
    assert made.cells[-1].source == "> **Notizen**\n>\n> Ask."
    assert r"...  # \1 hier" in learner(notebook, told.get).cells[2].source


def test_what_an_answer_without_the_tag_printed_is_not_shown_either(notebook):
    notebook.cells[2].metadata.tags = []
    notebook.cells[1].outputs = []
    assert "SECRET" not in json.dumps(live(notebook).cells[:-1])


def test_code_for_the_instructor_is_in_no_edition_but_the_solution(notebook):
    notebook.cells[1].metadata.tags = ["instructor"]
    for edition in (live, learner):
        assert "print(1)" not in [cell.source for cell in edition(notebook).cells]


def test_editions_leave_the_committed_notebook_alone(notebook):
    before = copy.deepcopy(notebook)
    for edition in (learner, live, solution):
        edition(notebook)
    assert notebook == before
