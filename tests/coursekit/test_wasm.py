"""What runs in WebAssembly: the wheel that ships, unless it is older than its sources; tools in pinned versions."""

import importlib.metadata
import json
import zipfile
from pathlib import Path

import pytest
from coursekit.__main__ import main
from coursekit.testing.wasm import changed_since, pinned, tools, with_needs

pytestmark = pytest.mark.native


@pytest.fixture(params=["", "src/"], ids=["flat", "src"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A project's package, and the wheel built from it."""
    folder = tmp_path / "project"
    package = folder / request.param / "course"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("")
    (package / "__init__.py").write_text("one = 1")
    (package / "two.py").write_text("two = 2")
    wheel = tmp_path / "course-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("course/__init__.py", "one = 1")
        archive.writestr("course/two.py", "two = 2")
        archive.writestr("course-1.dist-info/METADATA", "Name: course")
    return package, wheel


def changed(project: tuple[Path, Path]) -> list[str]:
    _, wheel = project
    return changed_since([wheel], [wheel.parent / "project"])


def test_a_wheel_is_up_to_date_with_what_it_was_built_from(project):
    (project[0] / "__pycache__").mkdir()
    (project[0] / "__pycache__" / "two.cpython-311.pyc").write_bytes(b"")
    assert changed(project) == []


def test_a_wheel_is_older_than_a_module_edited_added_or_removed(project):
    package, _ = project
    (package / "two.py").write_text("two = 3")
    assert changed(project) == ["course/two.py"]
    (package / "three.py").write_text("three = 3")
    (package / "two.py").unlink()
    assert changed(project) == ["course/three.py", "course/two.py"]


def test_tools_bring_what_they_need_in_the_browser_and_no_more():
    needs = with_needs(["pytest", "hypothesis"])
    assert {"pytest", "hypothesis", "pluggy", "iniconfig", "sortedcontainers"} <= needs
    assert not {"colorama", "exceptiongroup", "tomli", "numpy"} & needs


def test_a_tool_is_pinned_with_its_hashes(tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(
        "# pytest==0\nPy_Test==9.9 ; python_version > '3' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    )
    assert pinned(requirements, ["py-test"]) == [
        "Py_Test==9.9 ; python_version > '3' --hash=sha256:aa --hash=sha256:bb"
    ]


def test_a_tool_that_nobody_pinned_comes_as_it_is_installed(tmp_path):
    installed = importlib.metadata.version("pytest")
    assert pinned(tmp_path / "requirements.txt", ["pytest"]) == [f"pytest=={installed}"]


def course_without_site(folder: Path) -> None:
    config = {"LiteBuildConfig": {"output_dir": "build/here"}, "RuntimeAddon": {"packages": []}}
    (folder / "jupyter_lite_config.json").write_text(json.dumps(config))


def refused(capsys: pytest.CaptureFixture, *words: str) -> str:
    assert main(["wasm", *words]) == 1
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1
    return sentence


def test_without_a_site_one_sentence_says_how_to_build_it(tmp_path, monkeypatch, capsys):
    course_without_site(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "build/here: build it with `jupyter lite build`" in refused(capsys, "pytest", "tests", "-x")


def test_a_script_has_to_be_there(tmp_path, monkeypatch, capsys):
    course_without_site(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "got nowhere.py" in refused(capsys, "run", "nowhere.py", "--size", "3")
    assert "got nothing" in refused(capsys, "run")


def test_tools_that_cannot_be_had_leave_one_sentence_and_nothing_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"^no pytest and hypothesis for WebAssembly: No matching distribution .*$"):
        tools(tmp_path, {"python": "3.14.0", "abi_version": "2026_0", "arch": "wasm32"}, tmp_path / "cache")
    assert list((tmp_path / "cache" / "tools").iterdir()) == []
