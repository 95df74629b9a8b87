"""Imports from the folder of a notebook: found as ever, but a folder that takes its time is asked seldom."""

import importlib
import os
import sys
from pathlib import Path

import coursekit.addons
import pytest

pytestmark = pytest.mark.native

SOURCE = (Path(coursekit.addons.__file__).parent / "page" / "early.py").read_text(encoding="utf-8")


@pytest.fixture
def setup():
    """What the script gives back to the page: `beside` and `bring_in`."""
    return {}


@pytest.fixture
def drive(tmp_path, monkeypatch, setup):
    """A folder that imports come from, beside the usual ones, with the early start's finders."""
    folder = tmp_path / "drive"
    folder.mkdir()
    for name in ("path_hooks", "path", "meta_path"):
        monkeypatch.setattr(sys, name, list(getattr(sys, name)))
    for cache in ("modules", "path_importer_cache"):
        for name in set(getattr(sys, cache)):
            monkeypatch.setitem(getattr(sys, cache), name, getattr(sys, cache)[name])
    monkeypatch.chdir(folder)
    sys.path.insert(0, "")
    source = SOURCE.replace('"/drive/"', repr(f"{tmp_path}/drive/"))
    exec(source.replace("\n_setup()\n", "\nbeside, bring_in = _setup()\n"), setup)
    yield folder
    for path in folder.iterdir():
        sys.modules.pop(path.stem, None)


def test_what_stands_beside_the_notebook_is_imported_and_comes_first(drive):
    (drive / "beside_one.py").write_text("VALUE = 1")
    (drive / "colorsys.py").write_text("VALUE = 2")
    sys.modules.pop("colorsys", None)
    assert importlib.import_module("beside_one").VALUE == 1
    assert importlib.import_module("colorsys").VALUE == 2


def test_what_was_written_since_is_found_too(drive):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("beside_late")
    (drive / "beside_late.py").write_text("VALUE = 3")
    (drive / "beside_pack").mkdir()
    (drive / "beside_pack" / "__init__.py").touch()
    assert importlib.import_module("beside_late").VALUE == 3
    (drive / "beside_pack" / "inner.py").write_text("VALUE = 4")
    assert importlib.import_module("beside_pack.inner").VALUE == 4


def test_the_folder_is_asked_once_for_all_names_that_are_not_there(drive, monkeypatch):
    asked = []
    for name in ("stat", "listdir"):
        real = getattr(os, name)

        def counted(path=".", *rest, real=real, **options):
            if str(path).startswith(str(drive)):
                asked.append(path)
            return real(path, *rest, **options)

        monkeypatch.setattr(os, name, counted)
        monkeypatch.setattr(importlib._bootstrap_external._os, name, counted)
    for name in ("wave", "chunk", "tabnanny", "quopri"):
        sys.modules.pop(name, None)
        importlib.util.find_spec(name)
    assert len([path for path in asked if os.path.realpath(path) == os.path.realpath(drive)]) <= 3


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import beside_one", True),
        ("x = 1\n  from beside_pack.inner import json", True),
        ("import json, beside_one as one", True),
        ("from beside_pack import (\n    inner,\n)", True),
        ("from json import beside_one", False),
        ("print('import', beside_one)", False),
        ("import json", False),
        ("", False),
    ],
)
def test_a_cell_that_imports_what_stands_beside_it_is_known(drive, setup, code, found):
    (drive / "beside_one.py").touch()
    (drive / "beside_pack").mkdir()
    (drive / "json.py").touch()  # another one has been imported already
    assert setup["beside"](code) is found


def test_what_is_brought_in_is_not_what_stands_beside_the_notebook(drive, setup):
    (drive / "colorsys.py").write_text("VALUE = 2")
    sys.modules.pop("colorsys", None)
    setup["bring_in"]("colorsys")
    assert not hasattr(sys.modules["colorsys"], "VALUE")
    assert sys.path[0] == "", "the folder is looked into again"
    with pytest.raises(ModuleNotFoundError):
        setup["bring_in"]("beside_none")
    assert sys.path[0] == ""
