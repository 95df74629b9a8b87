"""Shipped files are found in the repository and in a browser's drive, from every folder of either."""

import os

import pytest

from lesson import shipped


@pytest.fixture
def leave_here():
    before = os.getcwd()
    yield
    os.chdir(before)


def put(path):
    path.parent.mkdir(parents=True)
    path.write_text("shipped", encoding="utf-8")
    return path


@pytest.mark.parametrize("home", ["content/checkpoints", "checkpoints"])
@pytest.mark.parametrize("start", [".", "notebooks", "notebooks/more"])
def test_it_is_found_from_above_and_below(tmp_path, leave_here, home, start):
    file = put(tmp_path / home / "small.npz")
    (tmp_path / start).mkdir(parents=True, exist_ok=True)
    assert shipped.find("checkpoints/small.npz", tmp_path / start) == file.resolve()
    os.chdir(tmp_path / start)
    assert shipped.find("checkpoints/small.npz").samefile(file)


def test_the_nearest_is_taken(tmp_path):
    put(tmp_path / "content" / "table.json")
    near = put(tmp_path / "inside" / "content" / "table.json")
    assert shipped.find("table.json", tmp_path / "inside") == near.resolve()


def test_what_is_nowhere_is_missed_in_one_sentence(tmp_path):
    (tmp_path / "content" / "nothing.npz").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"wanted the file nothing\.npz, .* neither in .* nor in a folder above it"):
        shipped.find("nothing.npz", tmp_path)
