"""Progress is kept in the browser only, and two courses of one address keep theirs apart."""

import doctest
import sys

import pytest

from lesson.checks import progress


@pytest.mark.parametrize(
    ("worker", "database"),
    [
        ("/static/pyodide/early-worker.js", "progress of /"),
        ("/a/static/pyodide/early-worker.js", "progress of /a/"),
        ("/b/extensions/@jupyterlite/pyodide-kernel-extension/static/comlink.worker.1.js", "progress of /b/"),
        ("/static/pyodide/static/pyodide/early-worker.js", "progress of /static/pyodide/"),
        ("/somewhere/else.js", None),
        ("", None),
    ],
)
def test_the_database_is_named_by_the_sites_folder(worker, database):
    assert progress.database_of(worker) == database


@pytest.mark.parametrize(
    ("status", "kept"), [("right", [("1/a", True)]), ("not right", [("1/a", False)]), ("not yet", [])]
)
def test_a_stub_is_no_try(monkeypatch, status, kept):
    stored = []
    monkeypatch.setattr(progress, "_store", lambda *given: stored.append(given))
    monkeypatch.setattr(sys, "platform", "emscripten")
    progress.note("1", "a", status)
    assert stored == kept


def test_running_the_solutions_is_nobodys_progress(monkeypatch, tmp_path):
    stored = []
    monkeypatch.setattr(progress, "_store", lambda *given: stored.append(given))
    monkeypatch.setattr(sys, "platform", "emscripten")
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    progress.note("1", "a", "right")
    assert stored == []


@pytest.mark.parametrize("status", ["right", "not right", "not yet"])
def test_without_a_browser_nothing_is_kept_and_nothing_goes_wrong(monkeypatch, tmp_path, status):
    monkeypatch.chdir(tmp_path)
    progress.note("1", "a", status)
    assert list(tmp_path.iterdir()) == []


def test_the_example_in_the_docstring():
    assert doctest.testmod(progress).failed == 0
