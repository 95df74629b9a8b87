"""Archives compiled by the locked Pyodide itself, under Node."""

import dataclasses
import json
import zipfile
from pathlib import Path

import pytest
from coursekit.runtime.compile import STDLIB, CompileError, Trim, archives, compile_all, compiled_path
from coursekit.runtime.fetch import cached_path, default_cache, fetch_all, sha256_of
from coursekit.runtime.lock import LockedPackage, RuntimeLock
from coursekit.runtime.node import run_in_pyodide

pytestmark = [pytest.mark.native, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
TRIM = Trim(
    ("*/tests/*", "*/data*.txt", "!tiny/data.txt"),
    ("*", "!tiny/read.py"),
    {"tiny/answers.py": {"slow = [] or 7": "slow = 7"}, "other/answers.py": {"ANSWER": ""}},
)
MEMBERS = {
    "tiny/__init__.py": '"""Doc."""\nfrom __future__ import annotations\n'
    "from . import read\nfrom .answers import ANSWER\n",
    "tiny/read.py": 'def read():\n    """Doc."""\n\n\nclass Internal:\n    """Doc."""\n',
    "tiny/answers.py": 'slow = [] or 7\nANSWER = 6 * slow\nKNOWN = ANSWER in {"forty", "two", "forty-two"}\n'
    'class Internal:\n    """Doc."""\n    "No doc."\n\n    def read(self):\n        """Doc."""\n',
    "tiny/old.py": "print 'of another Python'\n",
    "tiny/data.txt": "data\n",
    "tiny/data-of-old.txt": "data\n",
    "tiny/tests/__init__.py": "",
    "tiny/tests/test_answers.py": "assert False\n",
    "tiny-1.0.dist-info/METADATA": "Name: tiny\n",
}
IMPORTS = """
import dis, json, sys
sys.path.insert(0, "/host/made.zip")
import tiny
code = tiny.answers.__spec__.loader.get_code("tiny.answers")
with open("/host/told.json", "w") as stream:
    json.dump(
        {
            "answer": tiny.ANSWER,
            "file": tiny.answers.__file__,
            "traceback": code.co_filename,
            "line": tiny.answers.Internal.read.__code__.co_firstlineno,
            "builds a list": "BUILD_LIST" in {step.opname for step in dis.get_instructions(code)},
            "columns": [column for *_, column in code.co_positions() if column is not None],
            "without": [tiny.__doc__, tiny.answers.Internal.__doc__, tiny.answers.Internal().read.__doc__],
            "read": [tiny.read.read.__doc__, tiny.read.Internal.__doc__],
        },
        stream,
    )
0
"""


def write_wheel(path: Path, date: tuple) -> None:
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(zipfile.ZipInfo("tiny/", date), "")
        for name, text in MEMBERS.items():
            wheel.writestr(zipfile.ZipInfo(name, date), text)


def add_wheel(cache: Path, name: str, date: tuple | None) -> LockedPackage:
    """Put a wheel of that date (none: a damaged one) into the cache; return its entry in a lock."""
    path = cache / f"{name}-1.0-py3-none-any.whl"
    if date:
        write_wheel(path, date)
    else:
        path.write_bytes(b"no archive")
    one = LockedPackage(path.name, sha256_of(path), (f"pip:{name}==1.0",), name, "1.0", ("tiny",), ())
    cached_path(cache, one).parent.mkdir(parents=True)
    path.rename(cached_path(cache, one))
    return one


@pytest.fixture(scope="module")
def core():
    """The committed lock's core, fetched if this machine has not got it yet."""
    lock = RuntimeLock.read(ROOT / "runtime-lock.json")
    fetch_all(lock.core, default_cache())
    return lock


@pytest.fixture(scope="module")
def make_course(core, tmp_path_factory):
    """Make a cache and a lock of Pyodide's core and some wheels, which alone are compiled: the library takes long."""
    patch = pytest.MonkeyPatch()
    patch.setattr("coursekit.runtime.compile.STDLIB", "not compiled here")

    def make(**wheels: tuple | None) -> tuple[Path, RuntimeLock]:
        cache = tmp_path_factory.mktemp("cache")
        for one in core.core:
            cached_path(cache, one).parent.mkdir(parents=True)
            cached_path(cache, one).symlink_to(cached_path(default_cache(), one))
        packages = tuple(add_wheel(cache, name, date) for name, date in wheels.items())
        lock = RuntimeLock(core.pyodide, core.info, core.core, packages)
        return cache, lock

    yield make
    patch.undo()


@pytest.fixture(scope="module")
def made(make_course):
    """What became of two wheels of the same modules, each compiled by a Pyodide of its own."""
    cache, lock = make_course(tiny=(2020, 1, 1, 0, 0, 0), twin=(2024, 2, 2, 0, 0, 0))
    compile_all(lock, cache, TRIM)
    return [compiled_path(cache, lock, one, TRIM) for one in archives(lock)]


def test_what_is_compiled_is_left_alone_until_it_goes_bad(make_course):
    cache, lock = make_course(tiny=(2020, 1, 1, 0, 0, 0))
    compile_all(lock, cache, TRIM)
    path = compiled_path(cache, lock, lock.packages[0], TRIM)
    good, made_at = path.read_bytes(), path.stat().st_mtime_ns
    compile_all(lock, cache, TRIM)
    assert path.stat().st_mtime_ns == made_at
    path.write_bytes(good[:-1])
    compile_all(lock, cache, TRIM)
    assert path.read_bytes() == good


def test_modules_become_bytecode_and_nothing_else_changes(made):
    with zipfile.ZipFile(made[0]) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert list(held) == [
        "tiny-1.0.dist-info/METADATA",
        "tiny/__init__.pyc",
        "tiny/answers.pyc",
        "tiny/data.txt",
        "tiny/old.py",
        "tiny/read.pyc",
    ]
    for name in ("tiny-1.0.dist-info/METADATA", "tiny/data.txt", "tiny/old.py"):
        assert held[name] == MEMBERS[name].encode()


def test_the_same_modules_give_the_same_bytes_in_another_process(made):
    tiny, twin = made
    assert tiny != twin
    assert tiny.read_bytes() == twin.read_bytes()


def test_the_bytecode_imports_where_it_will_run(core, made, tmp_path):
    pyodide = tmp_path / "pyodide"
    pyodide.mkdir()
    for one in core.core:
        (pyodide / one.file).symlink_to(cached_path(default_cache(), one))
    (pyodide / "pyodide-lock.json").write_text(json.dumps(core.for_pyodide({})))
    (tmp_path / "imports.py").write_text(IMPORTS)
    (tmp_path / "made.zip").write_bytes(made[0].read_bytes())
    done = run_in_pyodide(pyodide, tmp_path / "imports.py", {"/host": tmp_path})
    assert done.returncode == 0
    assert json.loads((tmp_path / "told.json").read_text()) == {
        "answer": 42,
        "file": "/host/made.zip/tiny/answers.pyc",
        "traceback": "/lib/python3.14/site-packages/tiny/answers.py",
        "line": 8,
        "builds a list": False,
        "columns": [],
        "without": [None, None, None],
        "read": ["Doc.", "Doc."],
    }


def test_a_text_to_be_replaced_that_is_not_there_is_an_error_of_one_sentence(make_course):
    cache, lock = make_course(tiny=(2020, 1, 1, 0, 0, 0))
    with pytest.raises(CompileError, match=r"ValueError: tiny/read\.py: wanted 'fast' in it once, .* got 0$"):
        compile_all(lock, cache, Trim(instead={"tiny/read.py": {"fast": ""}}))


def test_another_wheel_pyodide_or_pattern_is_another_archive(make_course):
    cache, lock = make_course(tiny=(2020, 1, 1, 0, 0, 0))
    one = lock.packages[0]
    changed = dataclasses.replace(one, sha256="0" * 64)
    paths = {
        compiled_path(cache, lock, one, TRIM),
        compiled_path(cache, lock, one, Trim()),
        compiled_path(cache, lock, one, TRIM._replace(instead={})),
        compiled_path(cache, dataclasses.replace(lock, pyodide="999"), one, TRIM),
        compiled_path(cache, dataclasses.replace(lock, packages=(changed,)), one, TRIM),
    }
    assert len(paths) == 5


def test_only_the_library_and_the_wheels_are_compiled(core, monkeypatch):
    monkeypatch.setattr("coursekit.runtime.compile.STDLIB", STDLIB)
    assert [one.file for one in archives(core)] == [STDLIB, *(one.file for one in core.packages)]


def test_an_archive_that_cannot_be_compiled_is_an_error_of_one_sentence_and_leaves_nothing(make_course):
    cache, lock = make_course(damaged=None)
    with pytest.raises(CompileError) as caught:
        compile_all(lock, cache, TRIM)
    assert str(caught.value) == "Pyodide did not compile: zipfile.BadZipFile: File is not a zip file"
    assert not compiled_path(cache, lock, lock.packages[0], TRIM).exists()
