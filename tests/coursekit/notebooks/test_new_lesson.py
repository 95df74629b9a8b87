"""A new lesson has a name of its own, or there is none. That it works is tested in tests/transcripts."""

import ast

import nbformat
import pytest
from coursekit.notebooks import new_lesson as made
from coursekit.notebooks.editions import learner, live

pytestmark = pytest.mark.native


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(made, "execute", lambda path: None)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "lesson/checks").mkdir(parents=True)
    return tmp_path


def test_a_lesson_is_a_notebook_and_its_checks(course):
    notebook, checks = made.new_lesson(course, "12-my-lesson", "lesson")
    assert (notebook, checks) == (course / "notebooks/12-my-lesson.ipynb", course / "lesson/checks/my_lesson.py")
    assert 'lesson="12-my-lesson"' in checks.read_text()
    ast.parse(checks.read_text())
    written = nbformat.read(notebook, as_version=4)
    nbformat.validate(written)
    assert written.cells[0].source.startswith("# My lesson\n")
    assert "from lesson.checks import my_lesson as checks" in "".join(cell.source for cell in written.cells)
    assert not any("$$" in cell.source or "%%" in cell.source for cell in written.cells)
    for edition in (learner, live):
        nbformat.validate(edition(written))


@pytest.mark.parametrize(
    "name", ["", "my-lesson", "1-my-lesson", "12-", "12-My-lesson", "12-my_lesson", "12-../x", "12-x/y", "12-class"]
)
def test_a_name_that_is_no_lessons_is_refused(course, name):
    with pytest.raises(ValueError, match="such as 12-my-lesson; got"):
        made.new_lesson(course, name, "lesson")
    assert not [path for path in course.rglob("*") if path.is_file()]


@pytest.mark.parametrize("taken", ["notebooks/12-my-lesson.ipynb", "lesson/checks/my_lesson.py"])
def test_what_is_there_is_left_alone(course, taken):
    (course / taken).write_text("mine")
    with pytest.raises(ValueError, match=f"{taken} is there already"):
        made.new_lesson(course, "12-my-lesson", "lesson")
    assert [path.read_text() for path in course.rglob("*") if path.is_file()] == ["mine"]
