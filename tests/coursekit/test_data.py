"""Files that a course ships but does not own come beside their list, whole and as listed, or not at all."""

import hashlib
import json

import pytest
from coursekit.__main__ import main
from coursekit.data import bring, read_list
from coursekit.runtime.fetch import FetchError

pytestmark = pytest.mark.native


class Shelf:
    """A source that has a text for every name, and counts who asks."""

    def __init__(self, folder):
        self.folder, self.asked = folder, []

    def get(self, source):
        self.asked.append(source)
        path = self.folder / "got"
        path.write_text(source, encoding="utf-8")
        return path


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def write_list(tmp_path):
    def write(*files, text=lambda name: name):
        path = tmp_path / "texts" / "sources.json"
        path.parent.mkdir(exist_ok=True)
        entries = [
            {"file": name, "sha256": hashlib.sha256(text(name).encode()).hexdigest(), "sources": [name]}
            for name in files
        ]
        path.write_text(json.dumps(entries), encoding="utf-8")
        return path

    return write


def test_files_come_beside_their_list_once(write_list, cache, shelf):
    listed = write_list("a.txt", "b.txt")
    assert bring(listed, cache, shelf) == [listed.parent / "a.txt", listed.parent / "b.txt"]
    assert (listed.parent / "b.txt").read_text() == "b.txt"
    bring(listed, cache, shelf)
    (listed.parent / "a.txt").unlink()
    bring(listed, cache, shelf)
    assert (listed.parent / "a.txt").read_text() == "a.txt"
    assert shelf.asked == ["a.txt", "b.txt"], "what is here or in the cache is not asked for again"


def test_a_file_that_somebody_changed_is_brought_anew(write_list, cache, shelf):
    listed = write_list("a.txt")
    bring(listed, cache, shelf)
    (listed.parent / "a.txt").write_text("changed")
    bring(listed, cache, shelf)
    assert (listed.parent / "a.txt").read_text() == "a.txt"


def test_another_content_is_refused(write_list, cache, shelf):
    listed = write_list("a.txt", text=lambda name: "what was meant")
    with pytest.raises(FetchError, match=r"a\.txt: expected SHA-256"):
        bring(listed, cache, shelf)
    assert not (listed.parent / "a.txt").exists()


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "inside/a.txt", ".."])
def test_no_list_writes_elsewhere(write_list, name):
    with pytest.raises(ValueError, match="wanted files beside the list, got '"):
        read_list(write_list(name))


@pytest.mark.parametrize("text", ["", "[1]", '[{"file": "a"}]', "{}x"])
def test_what_is_no_list_is_said_in_one_sentence(tmp_path, capsys, text):
    path = tmp_path / "sources.json"
    path.write_text(text, encoding="utf-8")
    assert main(["data", str(path)]) == 1
    said = capsys.readouterr().err
    assert "is no list of files" in said and len(said.splitlines()) == 1


def test_a_list_that_is_not_there(tmp_path, capsys):
    assert main(["data", str(tmp_path / "none.json")]) == 1
    assert "is no list of files" in capsys.readouterr().err
