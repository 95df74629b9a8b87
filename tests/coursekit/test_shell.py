"""The shell's chunks in one script, and plugins switched off, on a site of a few files."""

import doctest
import json

import pytest
from coursekit.addons import shell
from coursekit.addons.shell import CHUNKS, ShellAddon
from jupyterlite_core.manager import LiteManager

from coursekit import patterns

pytestmark = pytest.mark.native

PAGE = """<html><head>
    <title>Notebooks</title>
    <script>
      (async function () {
        await import(
          '../config-utils.js'
        );
      }.call(this));
    </script></head></html>"""


@pytest.fixture
def addon(tmp_path, monkeypatch):
    site = tmp_path / "site"
    for folder in ("notebooks", "build/notebooks"):
        (site / folder).mkdir(parents=True)
    (site / "build/schemas").mkdir()
    (site / "build/schemas/all.json").write_text(json.dumps([{"id": name} for name in ("a:slow", "a:panel", "b:one")]))
    (site / "build/schemas/all_federated.json").write_text('[{"id": "federated:plugin"}]')
    (site / "build/1.aa.js").write_text('"use strict";chunks.push("one")//# of one')
    (site / "build/12.bb.js").write_text('chunks.push("twelve")')
    (site / "notebooks/index.html").write_text(PAGE)
    (site / "notebooks/jupyter-lite.json").write_text('{"jupyter-config-data": {"appUrl": "/notebooks"}}')
    monkeypatch.setattr(shell, "CHUNKS", tmp_path / "chunks.json")
    shell.CHUNKS.write_text(json.dumps({"notebooks": {"chunks": ["build/1", "build/12"], "packages": ["a"]}}))
    manager = LiteManager(lite_dir=tmp_path, output_dir=site, apps=["notebooks"])
    return ShellAddon(manager=manager, without={"notebooks": ["a:slow"]})


def run(addon) -> None:
    for task in addon.post_build(addon.manager):
        for action, arguments in task["actions"]:
            action(*arguments)


def is_switched(addon) -> bool:
    (task,) = [task for task in addon.post_build(addon.manager) if task["name"].startswith("configure")]
    return task["uptodate"][0]()


def test_the_patterns_examples_hold():
    assert doctest.testmod(patterns).attempted > 0
    assert doctest.testmod(patterns).failed == 0


def test_chunks_are_joined_each_as_strict_as_it_was(addon):
    run(addon)
    joined = (addon.manager.output_dir / "build/notebooks/chunks.js").read_text()
    assert joined == '(()=>{"use strict";chunks.push("one")//# of one\n})();\n(()=>{chunks.push("twelve")\n})();\n'


def test_the_page_waits_for_them_and_is_changed_once(addon):
    run(addon)
    page = addon.manager.output_dir / "notebooks/index.html"
    once = page.read_text()
    assert once.count('<script defer id="chunks" src="../build/notebooks/chunks.js"></script>') == 1
    assert once.index("chunks.onload") < once.index("await import(")
    assert once.count('<link rel="modulepreload" href="../config-utils.js">') == 1
    assert once.count('<script src="../build/notebooks/ahead.js"></script>') == 1
    run(addon)
    assert page.read_text() == once


def test_a_plugin_is_switched_off_in_its_app(addon):
    run(addon)
    config = json.loads((addon.manager.output_dir / "notebooks/jupyter-lite.json").read_text())
    assert config["jupyter-config-data"] == {
        "appUrl": "/notebooks",
        "disabledExtensions": ["a:slow"],
        "settingsUrl": "../build/notebooks/schemas",
    }
    assert is_switched(addon)
    addon.without = {"notebooks": ["a:slow", "b:slower"]}
    assert not is_switched(addon)
    addon.without = {"notebooks": []}
    assert not is_switched(addon)


def test_settings_of_what_the_app_has_not_got_are_left_out(addon):
    run(addon)
    site = addon.manager.output_dir
    assert json.loads((site / "build/notebooks/schemas/all.json").read_text()) == [{"id": "a:panel"}]
    assert json.loads((site / "build/notebooks/schemas/all_federated.json").read_text()) == [{"id": "federated:plugin"}]
    ahead = (site / "build/notebooks/ahead.js").read_text()
    assert '"build/notebooks/schemas/all.json"' in ahead and '"build/schemas' not in ahead


def test_an_app_without_named_chunks_is_left_as_it_is_but_asks_ahead(addon):
    shell.CHUNKS.write_text("{}")
    run(addon)
    site = addon.manager.output_dir
    assert '"build/schemas/all.json"' in (site / "build/notebooks/ahead.js").read_text()
    assert "chunks" not in (site / "notebooks/index.html").read_text()
    assert (site / "notebooks/jupyter-lite.json").read_text() == '{"jupyter-config-data": {"appUrl": "/notebooks"}}'


def test_a_chunk_that_is_gone_ends_the_build_with_its_name(addon):
    (addon.manager.output_dir / "build/12.bb.js").unlink()
    with pytest.raises(
        ValueError, match=r"^wanted one chunk build/12\.\*\.js, got 0: `coursekit chunks` names them anew$"
    ):
        run(addon)


def test_a_page_that_loads_no_app_is_named(addon):
    (addon.manager.output_dir / "notebooks/index.html").write_text("<html><head></head></html>")
    with pytest.raises(ValueError, match=r"index\.html loads no app: wanted a script with await import\(\.\.\.\)$"):
        run(addon)


def test_the_chunks_that_are_named_are_named_once():
    (named,) = json.loads(CHUNKS.read_text()).values()
    for name, least in (("chunks", 50), ("packages", 20)):
        assert named[name] == sorted({*named[name]}) and len(named[name]) > least
