"""Packs: what is in the archives is in the pack, byte for byte, and nothing that a browser has no use for."""

import gzip
import json
import zipfile

import pytest
from coursekit.runtime.pack import closure, files_of, pack

pytestmark = pytest.mark.native

FILES = {
    "b/__init__.py": b"",
    "b/data.bin": bytes(range(256)),
    "b/deep/a.py": b"x = 1\n",
    "b-1.dist-info/METADATA": b"Name: b\n",
    "b-1.dist-info/RECORD": b"b/data.bin,sha256=0,256\n",
    "b-1.dist-info/licenses/LICENSE": b"free\n",
    "b-1.data/data/share/man/b.1": b"a page\n",
}


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "b-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b/", "")
        for name, content in FILES.items():
            archive.writestr(name, content)
    return path


def unpacked(content: bytes) -> dict[str, bytes]:
    """As early.mjs does it."""
    content = gzip.decompress(content)
    end = 4 + int.from_bytes(content[:4], "little")
    found = {}
    for folder, names in json.loads(content[4:end]).items():
        for name, size in names:
            found[f"{folder}/{name}"] = content[end : end + size]
            end += size
    assert end == len(content)
    return found


def test_a_pack_holds_every_file_under_its_folder_and_says_that_pyodide_put_it_there(wheel):
    unwanted = {"b-1.dist-info/RECORD", "b-1.data/data/share/man/b.1"}
    wanted = {f"/site/{name}": content for name, content in FILES.items() if name not in unwanted}
    wanted["/site/b-1.dist-info/INSTALLER"] = b"pyodide.loadPackage"
    wanted["/site/b-1.dist-info/PYODIDE_SOURCE"] = b"pyodide"
    assert unpacked(pack(files_of([(wheel, "/site")]))) == wanted


def test_each_archive_goes_into_its_own_folder(wheel):
    both = unpacked(pack(files_of([(wheel, "/lib"), (wheel, "/lib/site")])))
    assert both["/lib/b/data.bin"] == both["/lib/site/b/data.bin"] == FILES["b/data.bin"]


def test_the_same_archives_give_the_same_bytes_in_any_order_of_their_files(wheel, tmp_path):
    other = tmp_path / "other.whl"
    with zipfile.ZipFile(other, "w") as archive:
        for name in reversed(FILES):
            archive.writestr(name, FILES[name])
    assert pack(files_of([(other, "/site")])) == pack(files_of([(wheel, "/site")]))


def test_a_closure_has_all_that_is_needed_and_nothing_twice():
    packages = {"a": {"depends": ["b", "c"]}, "b": {"depends": ["a"]}, "c": {"depends": []}, "d": {"depends": ["a"]}}
    assert closure(packages, ["a"]) == ["a", "b", "c"]
    assert closure(packages, []) == []
    assert closure(packages, ["d", "c"]) == ["a", "b", "c", "d"]
