"""The policy in a page's head, and the hashes by which files and scripts are known."""

import base64
import hashlib
import re

import pytest
from coursekit.addons.pages import insert_into_head, integrity_of
from coursekit.addons.policy import PolicyAddon, policy
from jupyterlite_core.manager import LiteManager

pytestmark = pytest.mark.native

SCRIPT = "\n  let a = 1 < 2;\n"
PAGE = f'<!doctype html>\n<html><head lang="en"><title>x</title>\n<script>{SCRIPT}</script></head><body></body></html>'


@pytest.fixture
def addon(tmp_path):
    site = tmp_path / "site"
    for name in ("index.html", "lab/index.html", "read/one.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(PAGE)
    return PolicyAddon(manager=LiteManager(lite_dir=tmp_path, output_dir=site, apps=["lab"]))


def text_of(addon, name: str) -> str:
    return (addon.manager.output_dir / name).read_text()


def test_a_hash_is_the_one_that_browsers_compute():
    digest = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    assert integrity_of(b"x") == f"sha256-{digest}"


def test_every_page_gets_the_policy_before_anything_else_and_once(addon):
    for _ in range(2):
        addon.write()
        for name, guard in {
            "index.html": "build/",
            "lab/index.html": "../build/",
            "read/one.html": "../build/",
        }.items():
            text = text_of(addon, name)
            assert text.count("http-equiv") == 1
            assert text.index("<head") < text.index("http-equiv") < text.index("<title>") < text.index(SCRIPT)
            assert f'<script src="{guard}guard.js"></script>' in text
    addon.check_pages()


def test_a_page_that_stands_anywhere_has_no_relative_address_and_no_worker(addon):
    (addon.manager.output_dir / "404.html").write_text(PAGE)
    addon.write()
    assert "src=" not in text_of(addon, "404.html")
    assert "worker-src 'none'" in text_of(addon, "404.html")
    addon.check_pages()


def test_only_a_page_with_a_kernel_may_evaluate(addon):
    addon.write()
    assert "'unsafe-eval'" in text_of(addon, "lab/index.html")
    assert "'unsafe-eval'" not in text_of(addon, "index.html") + text_of(addon, "read/one.html")
    addon.evaluating = ["read/*"]
    addon.write()
    assert "'unsafe-eval'" in text_of(addon, "read/one.html")


def test_scripts_in_the_page_are_known_by_their_hash_data_and_addresses_are_not():
    page = f'<script>{SCRIPT}</script><script type="module">b</script><script src="x.js"></script>'
    page += '<script id="c" type="application/json">{}</script>'
    directive = next(one for one in policy(page, False).split("; ") if one.startswith("script-src"))
    assert directive == f"script-src 'self' '{integrity_of(SCRIPT.encode())}' '{integrity_of(b'b')}'"


def test_nothing_names_another_server_and_no_script_may_stand_in_an_attribute():
    said = policy(PAGE, True)
    sources = {source for one in said.split("; ") for source in one.split()[1:]}
    assert not [one for one in sources if re.search(r"//|\*|https?:", one)]
    assert "unsafe-inline" not in next(one for one in said.split("; ") if one.startswith("script-src"))
    assert said.startswith("default-src 'none'; ")


@pytest.mark.parametrize("change", [("default-src 'none'", "default-src *"), ("guard.js", "other.js")])
def test_a_page_that_lost_its_policy_fails_the_check_and_is_named(addon, change):
    addon.write()
    page = addon.manager.output_dir / "read/one.html"
    page.write_text(page.read_text().replace(*change))
    with pytest.raises(ValueError, match=r"read/one\.html$"):
        addon.check_pages()


def test_what_was_done_is_not_done_again(addon):
    addon.write()
    assert list(addon.without_policy()) == []


def test_what_is_inserted_later_comes_behind_it_and_changes_nothing(addon):
    addon.write()
    page = addon.manager.output_dir / "lab/index.html"
    insert_into_head(addon, page, '<script src="late.js"></script>')
    assert page.read_text().index("http-equiv") < page.read_text().index("late.js") < page.read_text().index("<title>")
    addon.check_pages()
