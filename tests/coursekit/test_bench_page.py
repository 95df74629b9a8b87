"""Both sites open the same page; the built site stays as it was."""

import json
from pathlib import Path

import nbformat
import pytest
from coursekit.bench.command import bench
from coursekit.bench.page import CELLS, INSTALL, NAME, copy_with_page, notebook

pytestmark = pytest.mark.native

FOLDER = {"name": "", "path": "", "type": "directory", "created": "then", "last_modified": "now", "content": []}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = tmp_path / "site"
    (made / "api" / "contents").mkdir(parents=True)
    (made / "api" / "contents" / "all.json").write_text(json.dumps(FOLDER))
    (made / "jupyter-lite.json").write_text("{}")
    return made


def contents(site: Path) -> dict:
    return {path.relative_to(site): path.read_text() for path in site.rglob("*") if path.is_file()}


def test_both_pages_are_the_same_but_for_the_installation():
    stock, ours = notebook(install=True), notebook(install=False)
    assert stock.cells[0].source == INSTALL
    assert [dict(cell) for cell in stock.cells[1:]] == [dict(cell) for cell in ours.cells]
    assert [cell.metadata.bench.mark for cell in ours.cells] == list(CELLS)
    for made in (stock, ours):
        nbformat.validate(made)


def test_the_page_joins_the_copy_and_leaves_the_site_alone(site):
    before = contents(site)
    target = site.parent / "ours"
    copy_with_page(site, target)
    assert contents(site) == before
    assert nbformat.read(target / "files" / NAME, as_version=4) == notebook(install=False)
    (entry,) = json.loads((target / "api" / "contents" / "all.json").read_text())["content"]
    assert (entry["path"], entry["type"], entry["content"], entry["created"]) == (NAME, "notebook", None, "then")
    assert entry["size"] == (target / "files" / NAME).stat().st_size


def test_a_page_of_that_name_stays_the_site_s_own(site):
    (site / "files").mkdir()
    (site / "files" / NAME).write_text("the course's own")
    (site / "api" / "contents" / "all.json").write_text(json.dumps({**FOLDER, "content": [{"name": NAME}]}))
    before = contents(site)
    copy_with_page(site, site.parent / "ours")
    assert contents(site) == before
    assert len(json.loads((site.parent / "ours" / "api" / "contents" / "all.json").read_text())["content"]) == 1


def test_a_second_copy_replaces_the_first(site):
    target = site.parent / "ours"
    copy_with_page(site, target)
    (target / "stale").touch()
    copy_with_page(site, target)
    assert not (target / "stale").exists()
    assert len(json.loads((target / "api" / "contents" / "all.json").read_text())["content"]) == 1


def test_a_bench_of_nothing_says_what_is_wanted(site, tmp_path):
    with pytest.raises(ValueError, match="at least 1; got 0"):
        bench(tmp_path / "config.json", site, tmp_path / "out.json", runs=0, timeout=1)
    with pytest.raises(ValueError, match=r"begin one of cold, warm, offline, cold, 20 Mbit/s, .*; got tepid$"):
        bench(tmp_path / "config.json", site, tmp_path / "out.json", runs=1, timeout=1, only="tepid")
    with pytest.raises(ValueError, match="no built site"):
        bench(tmp_path / "config.json", tmp_path, tmp_path / "out.json", runs=1, timeout=1)
