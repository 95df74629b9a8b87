"""The course's own wheel: built without a network, the same bytes each time, described for Pyodide's lock."""

import zipfile

import pytest
from coursekit.runtime.fetch import sha256_of
from coursekit.runtime.wheel import build_wheel, built_wheels, wheel_sources

pytestmark = [pytest.mark.native, pytest.mark.slow]

PROJECT = """
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
[project]
name = "Tiny_Course"
version = "1.2"
description = "Tiny"
dependencies = [
    "NumPy>=2",
    "tzdata; sys_platform == 'win32'",
    "ipywidgets; sys_platform == 'emscripten'",
]
[project.optional-dependencies]
plots = ["matplotlib"]
[tool.flit.module]
name = "tiny"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("projects") / "tiny-project"
    (folder / "tiny" / "deep").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "tiny" / "__init__.py").write_text('"""Tiny."""\n')
    (folder / "tiny" / "deep" / "__init__.py").write_text("ANSWER = 42\n")
    (folder / "tiny" / "deep" / "data.txt").write_text("data\n")
    return folder


@pytest.fixture(scope="module")
def built(project, tmp_path_factory):
    target = tmp_path_factory.mktemp("wheels")
    build_wheel(project, target)
    return target


def test_the_wheel_is_described_as_pyodide_needs_it(built):
    (one,) = built_wheels(built)
    assert (one.name, one.version) == ("tiny-course", "1.2")
    assert one.imports == ("tiny",)
    assert one.depends == ("ipywidgets", "numpy"), "what the browser needs, and no extra"
    assert one.sha256 == sha256_of(built / one.file)


def test_the_wheel_holds_readable_source(built):
    (one,) = built_wheels(built)
    with zipfile.ZipFile(built / one.file) as wheel:
        assert wheel.read("tiny/deep/__init__.py") == b"ANSWER = 42\n"
        assert wheel.read("tiny/deep/data.txt") == b"data\n"


def test_the_same_source_gives_the_same_bytes_and_a_new_version_takes_the_old_ones_place(project, built, tmp_path):
    build_wheel(project, tmp_path)
    assert built_wheels(tmp_path) == built_wheels(built)
    try:
        (project / "pyproject.toml").write_text(PROJECT.replace('"1.2"', '"1.3"'))
        build_wheel(project, tmp_path)
    finally:
        (project / "pyproject.toml").write_text(PROJECT)
    (one,) = built_wheels(tmp_path)
    assert one.version == "1.3"
    assert [path.name for path in tmp_path.glob("*.whl")] == [one.file]


def test_a_project_that_cannot_be_built_is_named(tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    with pytest.raises(ValueError) as caught:
        build_wheel(folder, tmp_path / "wheels")
    said = str(caught.value)
    assert said.startswith(f"the wheel of {folder} could not be built: ") and "tiny" in said and "\n" not in said
    assert built_wheels(tmp_path / "wheels") == []


def test_every_file_of_the_package_is_watched(project):
    def watched():
        return {str(path.relative_to(project)) for path in wheel_sources(project)}

    assert watched() == {"pyproject.toml", "tiny/__init__.py", "tiny/deep/__init__.py", "tiny/deep/data.txt"}
    cache = project / "tiny" / "__pycache__"
    cache.mkdir()
    (cache / "__init__.cpython-311.pyc").write_bytes(b"")
    new = project / "tiny" / "new.py"
    new.write_text("")
    assert watched() == {
        "pyproject.toml",
        "tiny/__init__.py",
        "tiny/deep/__init__.py",
        "tiny/deep/data.txt",
        "tiny/new.py",
    }
    new.unlink()


def test_a_package_under_src_is_watched_too(tmp_path):
    (tmp_path / "src" / "tiny").mkdir(parents=True)
    (tmp_path / "src" / "tiny" / "__init__.py").write_text("")
    assert tmp_path / "src" / "tiny" / "__init__.py" in wheel_sources(tmp_path)
