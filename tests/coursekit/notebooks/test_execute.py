"""The same run gives the same bytes, and nothing of this machine is in them."""

import copy

import nbformat
import pytest
from coursekit.notebooks.compare import WIDGET_STATE, WIDGET_VIEW
from coursekit.notebooks.execute import execute, normalised, reachable
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytestmark = pytest.mark.native

A, B, C, D, E = (letter * 32 for letter in "abcde")
ONE, TWO, THREE, FOUR = (f"{number:032x}" for number in (1, 2, 3, 4))


def view(model_id):
    return new_output("display_data", data={WIDGET_VIEW: {"model_id": model_id}})


def model(**state):
    return {"model_name": "Model", "model_module": "m", "model_module_version": "1", "state": state}


def notebook_of(models, *shown):
    cells = [new_code_cell("show", id=f"cell-{i}", outputs=[view(one)]) for i, one in enumerate(shown)]
    state = {"state": models, "version_major": 2, "version_minor": 0}
    return new_notebook(cells=cells, metadata={"widgets": {WIDGET_STATE: state}})


@pytest.fixture
def notebook():
    """Shows D, which holds B and, among its outputs, A; then B again. C and E are left over, C refers to itself."""
    models = {
        A: model(value=1),
        B: model(value=2),
        C: model(children=[f"IPY_MODEL_{C}"]),
        D: model(children=[f"IPY_MODEL_{B}"], outputs=[{"data": {WIDGET_VIEW: {"model_id": A}}}]),
        E: model(value=3),
    }
    return notebook_of(models, D, B)


def states(notebook):
    return notebook.metadata.widgets[WIDGET_STATE]["state"]


def test_widgets_that_outputs_reach_are_found_in_order(notebook):
    assert reachable(notebook, states(notebook)) == [D, B, A]


def test_widgets_that_refer_to_each_other_are_found_once():
    models = {A: model(other=f"IPY_MODEL_{B}"), B: model(other=f"IPY_MODEL_{A}")}
    assert reachable(notebook_of(models, A), models) == [A, B]


def test_only_what_is_reached_stays_and_is_numbered(notebook):
    made = normalised(notebook)
    assert states(made) == {
        ONE: model(children=[f"IPY_MODEL_{TWO}"], outputs=[{"data": {WIDGET_VIEW: {"model_id": THREE}}}]),
        TWO: model(value=2),
        THREE: model(value=1),
    }
    assert [cell.outputs[0].data[WIDGET_VIEW].model_id for cell in made.cells] == [ONE, TWO]


def test_normalising_again_changes_nothing(notebook):
    once = normalised(notebook)
    assert nbformat.writes(normalised(copy.deepcopy(once))) == nbformat.writes(once)


def test_numbers_given_before_are_given_anew_without_a_mix_up():
    """As when cells changed places."""
    made = normalised(notebook_of({ONE: model(value="one"), TWO: model(value="two")}, TWO, ONE))
    assert states(made) == {ONE: model(value="two"), TWO: model(value="one")}
    assert [cell.outputs[0].data[WIDGET_VIEW].model_id for cell in made.cells] == [ONE, TWO]


def test_a_view_of_a_widget_without_a_state_is_left_as_it_is():
    assert normalised(notebook_of({}, A)).cells[0].outputs[0].data[WIDGET_VIEW].model_id == A


def test_this_machines_times_and_versions_go(notebook):
    notebook.metadata.kernelspec = {"name": "mine", "display_name": "Mine", "language": "python"}
    notebook.metadata.language_info = {"name": "python", "version": "3.11.7"}
    notebook.cells[0].metadata.execution = {"iopub.execute_input": "2026-01-01"}
    made = normalised(notebook)
    assert made.metadata.kernelspec == {"name": "python3", "display_name": "Python 3", "language": "python"}
    assert made.metadata.language_info == {"name": "python"}
    assert "execution" not in made.cells[0].metadata


def test_a_stream_that_came_in_pieces_is_kept_as_one():
    """How it was cut depends on how busy the machine was."""
    cell = new_code_cell("for i in range(3): print(i)", id="loop")
    cell.outputs = [new_output("stream", name=name, text=text) for name, text in [("stdout", "0\n"), ("stdout", "1\n")]]
    cell.outputs.append(new_output("stream", name="stderr", text="!"))
    made = normalised(new_notebook(cells=[cell]))
    assert [(output.name, output.text) for output in made.cells[0].outputs] == [("stdout", "0\n1\n"), ("stderr", "!")]


def test_a_notebook_without_widgets_gets_none():
    made = normalised(new_notebook(cells=[new_code_cell("1", id="one")]))
    assert "widgets" not in made.metadata


WIDGETS = """import ipywidgets
slider = ipywidgets.FloatSlider(description="query")
left_over = ipywidgets.Text()
ipywidgets.VBox([slider, ipywidgets.HTML("<b>0.5</b>")])"""


def test_two_runs_give_the_same_bytes(tmp_path):
    path = tmp_path / "widgets.ipynb"
    cells = [new_code_cell(WIDGETS, id="box"), new_code_cell("print(slider.value)\nslider", id="slider")]
    nbformat.write(new_notebook(cells=cells), path)
    execute(path)
    first = path.read_bytes()
    execute(path)
    assert path.read_bytes() == first
    made = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in made.cells] == [1, 2]
    assert made.cells[1].outputs[0].text == "0.0\n"
    names = sorted(one["model_name"] for one in states(made).values())
    assert "TextModel" not in names and {"VBoxModel", "FloatSliderModel", "HTMLModel"} <= set(names)
    assert set(states(made)) == {f"{number:032x}" for number in range(1, len(names) + 1)}
    nbformat.write(normalised(made), tmp_path / "again.ipynb")
    assert (tmp_path / "again.ipynb").read_bytes() == first
