"""The list of a site's files and the worker that keeps them: of the site as it is, and of nothing else."""

import json
from types import SimpleNamespace

import pytest
from coursekit.addons.offline import LIST, WORKER, OfflineAddon
from coursekit.addons.pages import integrity_of
from jupyterlite_core.app import LiteCheckApp
from jupyterlite_core.manager import LiteManager

pytestmark = pytest.mark.native


@pytest.fixture
def addon(tmp_path):
    site = tmp_path / "site"
    (site / "deep/er").mkdir(parents=True)
    for page in ("index.html", "deep/er/index.html"):
        (site / page).write_text("<html><head><title>x</title></head></html>")
    (site / "a.txt").write_bytes(b"a")
    (site / "font.eot").write_bytes(b"old")
    return OfflineAddon(manager=LiteManager(lite_dir=tmp_path, output_dir=site), leave_out=["*.eot"])


def test_the_list_names_each_file_that_is_asked_for(addon):
    addon.write()
    listed = json.loads((addon.manager.output_dir / LIST).read_text())
    assert set(listed) == {"index.html", "deep/er/index.html", "a.txt", "build/offline.js"}
    assert listed["a.txt"] == [integrity_of(b"a"), 1]
    addon.check_site()


def test_each_page_gets_the_script_once_and_one_page_says_how_far_it_is(addon):
    for _ in range(2):
        addon.write()
    site = addon.manager.output_dir
    assert (site / "index.html").read_text().count(
        '<script src="build/offline.js" data-quiet="10" data-says></script>'
    ) == 1
    assert (site / "deep/er/index.html").read_text().count(
        '<script src="../../build/offline.js" data-quiet="10"></script>'
    ) == 1


def test_a_page_that_stands_anywhere_is_kept_and_asks_for_nothing(addon):
    site = addon.manager.output_dir
    bare = (site / "index.html").read_text()
    (site / "404.html").write_text(bare)
    addon.write()
    assert (site / "404.html").read_text() == bare
    assert "404.html" in json.loads((site / LIST).read_text())


def test_another_setting_gives_each_page_another_script_in_place_of_the_first(addon):
    addon.write()
    page = addon.manager.output_dir / "index.html"
    once = page.read_text()
    addon.quiet = 60
    assert not addon.is_current()
    addon.write()
    assert page.read_text() == once.replace('data-quiet="10"', 'data-quiet="60"')
    addon.check_site()


@pytest.mark.parametrize("change", ["changed", "new", "gone", "list"])
def test_a_site_that_changed_after_it_was_listed_is_listed_anew_or_fails_its_check(addon, change):
    addon.write()
    assert addon.is_current()
    site = addon.manager.output_dir
    if change == "changed":
        (site / "a.txt").write_bytes(b"b")
    elif change == "new":
        (site / "new.txt").write_bytes(b"")
    elif change == "gone":
        (site / "a.txt").unlink()
    else:
        (site / LIST).write_text((site / LIST).read_text() + "\n")
    assert not addon.is_current()
    with pytest.raises(ValueError, match=f"a.txt|new.txt|{WORKER}"):
        addon.check_site()
    worker = (site / WORKER).read_text()
    addon.write()
    addon.check_site()
    assert addon.is_current()
    assert ((site / WORKER).read_text() == worker) == (change == "list"), "a worker is named by what it keeps"


def test_it_comes_after_whatever_else_changes_the_site(addon):
    pages = SimpleNamespace(__all__=["post_build"], post_build=lambda manager: [{"name": "one"}, {"name": "two:deep"}])
    other = SimpleNamespace(__all__=["check"])
    addon.manager._addons = {"pages": pages, "other": other, "offline": addon}
    (task,) = addon.post_build(addon.manager)
    assert task["task_dep"] == ["post_build:pages:one", "post_build:pages:two:deep"]


def test_a_check_lists_nothing_anew(tmp_path):
    app = LiteCheckApp()
    addon = OfflineAddon(manager=LiteManager(parent=app, lite_dir=tmp_path, output_dir=tmp_path))
    assert list(addon.post_build(addon.manager)) == []
