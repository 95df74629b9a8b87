"""A lesson that `make new-lesson` has just begun runs, and passes what is asked of every lesson."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from coursekit.notebooks.editions import learner, live
from coursekit.notebooks.execute import run

ROOT = Path(__file__).parents[2]
# One copy for all of them, so one process.
pytestmark = pytest.mark.xdist_group("new lesson")
NAME = "98-quite-new"
ASKED = ("tests/test_notebooks.py", "tests/coursekit/notebooks/test_no_leaks.py", "tests/lesson/checks")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what a lesson needs, with the new one in it."""
    course = tmp_path_factory.mktemp("course")
    for part in ("lesson", "tests", "coursekit"):
        shutil.copytree(ROOT / part, course / part, ignore=shutil.ignore_patterns("__pycache__"))
    (course / "notebooks").mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, course)
    done = command(course, "coursekit", "new-lesson", NAME)
    assert done.returncode == 0, done.stderr
    return course


def command(course, *words):
    environment = {**os.environ, "PYTHONPATH": str(course)}
    return subprocess.run([sys.executable, "-m", *words], cwd=course, env=environment, capture_output=True, text=True)


def test_it_passes_every_test_of_a_lesson_at_once(course):
    tests = [path for path in ASKED if (course / path).exists()]
    done = command(course, "pytest", "-q", "-p", "no:cacheprovider", "-k", "quite", *tests)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout and "skipped" not in done.stdout


def test_it_keeps_the_style_of_the_rest(course):
    made = course / "lesson/checks/quite_new.py"
    for words in (["check"], ["format", "--check"]):
        done = command(course, "ruff", *words, str(made))
        assert done.returncode == 0, done.stdout


def test_its_learners_edition_runs_and_says_not_yet(course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(course))
    notebook = nbformat.read(course / "notebooks" / f"{NAME}.ipynb", as_version=4)
    ran = run(learner(notebook), course / "notebooks")
    verdict = next(cell for cell in ran.cells if "check" in cell.metadata.get("tags", []))
    assert verdict.outputs[0].data["text/plain"].startswith("not yet: ")


def test_its_live_edition_has_notes_and_what_will_come(course):
    made = live(nbformat.read(course / "notebooks" / f"{NAME}.ipynb", as_version=4))
    nbformat.validate(made)
    tags = [tag for cell in made.cells for tag in cell.metadata.get("tags", [])]
    assert "instructor" in tags and "expected" in tags
