"""The lock survives the disk, and says in one sentence what is wrong with one that does not."""

import json

import pytest
from coursekit.runtime.lock import LockedFile, LockedPackage, RuntimeLock

pytestmark = pytest.mark.native

LOCK = RuntimeLock(
    pyodide="1.2.3",
    info={"python": "3.14.0"},
    core=(LockedFile("pyodide.mjs", "a" * 64, ("npm:pyodide@1.2.3#package/pyodide.mjs",)),),
    packages=(
        LockedPackage("é-1.0-py3-none-any.whl", "b" * 64, ("pip:é==1.0",), "é", "1.0", ("é",), ("other",)),
        LockedPackage("other-1.0-py3-none-any.whl", "c" * 64, ("pip:other==1.0",), "other", "1.0", ("other",), ()),
    ),
)


def test_written_and_read_is_the_same(tmp_path):
    LOCK.write(tmp_path / "lock.json")
    assert RuntimeLock.read(tmp_path / "lock.json") == LOCK


def test_written_twice_is_the_same_text(tmp_path):
    LOCK.write(tmp_path / "lock.json")
    RuntimeLock.read(tmp_path / "lock.json").write(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "lock.json").read_bytes()
    assert (tmp_path / "lock.json").read_text().endswith("}\n")


def test_files_are_core_and_wheels():
    assert [one.file for one in LOCK.files] == [
        "pyodide.mjs",
        "é-1.0-py3-none-any.whl",
        "other-1.0-py3-none-any.whl",
    ]


def test_pyodide_is_told_of_the_wheels_that_are_there_by_the_hashes_they_have():
    told = LOCK.for_pyodide({"é-1.0-py3-none-any.whl": "d" * 64, "pyodide.mjs": "e" * 64})
    assert told == {
        "info": {"python": "3.14.0"},
        "packages": {
            "é": {
                "name": "é",
                "version": "1.0",
                "file_name": "é-1.0-py3-none-any.whl",
                "sha256": "d" * 64,
                "imports": ["é"],
                "depends": ["other"],
                "install_dir": "site",
                "package_type": "package",
                "unvendored_tests": False,
            }
        },
    }
    json.dumps(told)


def test_a_missing_lock_says_how_to_write_one(tmp_path):
    path = tmp_path / "lock.json"
    with pytest.raises(ValueError) as caught:
        RuntimeLock.read(path)
    assert str(caught.value) == f"no runtime lock at {path}: write one with `coursekit lock`"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<<<<<<< HEAD\n{",
        b"[]",
        b'"lock"',
        b"null",
        b"{}",
        b'{"pyodide": "1", "info": {}, "core": []}',
        b'{"pyodide": "1", "info": {}, "core": [], "packages": null}',
        b'{"pyodide": "1", "info": {}, "core": ["pyodide.mjs"], "packages": []}',
        b'{"pyodide": "1", "info": {}, "core": [{"file": "pyodide.mjs"}], "packages": []}',
        b'{"pyodide": "1", "info": {}, "core": [{"file": "a", "sha256": "b", "sources": [], "x": 1}], "packages": []}',
        b'{"pyodide": "\xff"}',
    ],
)
def test_a_damaged_lock_is_named_in_one_sentence(tmp_path, text):
    path = tmp_path / "lock.json"
    path.write_bytes(text)
    with pytest.raises(ValueError, match="is not a runtime lock") as caught:
        RuntimeLock.read(path)
    said = str(caught.value)
    assert said.startswith(str(path)) and said.endswith("renew it with `coursekit lock`") and "\n" not in said
