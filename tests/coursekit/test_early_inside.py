"""Imports from the notebook's folder and from packs that have not come yet, and what Python takes up when it wakes."""

import gzip
import importlib
import os
import random
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import coursekit.addons
import pytest
from coursekit.addons.pages import integrity_of
from coursekit.runtime.pack import pack

pytestmark = pytest.mark.native

SOURCE = (Path(coursekit.addons.__file__).parent / "page" / "early.py").read_text(encoding="utf-8")


@pytest.fixture
def early():
    """The module's names, once `drive` has run it."""
    return {}


@pytest.fixture
def drive(tmp_path, monkeypatch, early):
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
    exec(SOURCE.replace('"/drive/"', repr(f"{tmp_path}/drive/")), early)
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


def test_what_is_brought_in_is_not_what_stands_beside_the_notebook(drive, early):
    (drive / "colorsys.py").write_text("VALUE = 2")
    sys.modules.pop("colorsys", None)
    early["bring_in"]("colorsys")
    assert not hasattr(sys.modules["colorsys"], "VALUE")
    assert sys.path[0] == "", "the folder is looked into again"
    with pytest.raises(ModuleNotFoundError):
        early["bring_in"]("beside_none")
    assert sys.path[0] == ""


@pytest.fixture
def late(drive, early, tmp_path, monkeypatch):
    """A pack that has not come yet, with a package in it; what a browser would answer, and what it was asked for."""
    library = tmp_path / "library"
    library.mkdir()
    sys.path.append(str(library))
    files = {f"{library}/late_one/{name}.py": f"NAME = {name!r}".encode() for name in ("__init__", "inner")}
    answers = SimpleNamespace(content=pack(files), status=200, asked=[])

    class Request:
        new = classmethod(lambda cls: cls())

        def open(self, method, address, wait):
            answers.asked.append((method, address, wait))

        def send(self):
            self.status = answers.status
            self.response = SimpleNamespace(to_bytes=lambda: answers.content)

    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(XMLHttpRequest=Request))
    modules = {"late_one", "late_one.inner"}
    early["Late"].packs = {"late.pack": (modules, "https://here/late.pack", integrity_of(answers.content))}
    yield answers
    for name in modules:
        sys.modules.pop(name, None)


def test_the_pack_of_a_module_that_has_not_come_is_fetched_once_while_one_waits(late, early):
    assert importlib.import_module("late_one.inner").NAME == "inner"
    assert late.asked == [("GET", "https://here/late.pack", False)]
    assert importlib.import_module("late_one").NAME == "__init__"
    assert early["take"]("late.pack") is False, "it would be unpacked once more"
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("late_one.none")
    assert len(late.asked) == 1


def test_what_came_by_itself_is_not_fetched(late, early):
    assert early["take"]("late.pack") is True
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("late_one")
    assert late.asked == []


def test_what_stands_beside_the_notebook_is_found_before_what_may_come(drive, late):
    (drive / "late_one.py").write_text("NAME = 'beside'")
    assert importlib.import_module("late_one").NAME == "beside"
    assert late.asked == []


@pytest.mark.parametrize("wrong", ["another", "refused"])
def test_a_pack_that_is_not_the_one_that_was_built_is_not_unpacked(late, wrong):
    right = late.content
    if wrong == "another":
        late.content = gzip.compress(b"else")
    else:
        late.status = 404
    with pytest.raises(ImportError, match=r"^late\.pack could not be loaded: look whether you are online"):
        importlib.import_module("late_one")
    late.content, late.status = right, 200
    assert importlib.import_module("late_one").NAME == "__init__", "it was not asked for again"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Lima", "Australia/Sydney"])
def test_python_wakes_up_in_its_own_time_zone_and_by_chance(drive, early, monkeypatch, zone):
    """A snapshot says UTC, and knows the next random number."""
    monkeypatch.setitem(sys.modules, "pyodide_js", SimpleNamespace(loadedPackages="what is loaded"))
    loader = SimpleNamespace(loadedPackages={})
    monkeypatch.setitem(sys.modules, "pyodide._package_loader", loader)
    names = ("timezone", "altzone", "daylight", "tzname")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    wanted = [getattr(time, name) for name in names]
    state = random.getstate()
    for name in names:
        monkeypatch.setattr(time, name, None)
    early["wake"]('{"a.pack": ["a", "a.b"]}', "https://here/", '{"a.pack": "sha256-x"}')
    got = [getattr(time, name) for name in names]
    monkeypatch.undo()
    time.tzset()
    assert got[0] == wanted[0]
    assert (got[1], got[2]) == ((wanted[1], 1) if wanted[2] else (wanted[0], 0))
    assert got[3][0] == wanted[3][0]
    assert random.getstate() != state
    assert loader.loadedPackages == "what is loaded"
    assert early["Late"].packs == {"a.pack": ({"a", "a.b"}, "https://here/a.pack", "sha256-x")}
