"""What a page that runs its cells in place knows of the site."""

import json

import pytest
from coursekit.addons.alive import AliveAddon
from coursekit.addons.packs import REMEMBERED, START
from coursekit.addons.runtime import LOCK, RECORD
from coursekit.runtime.compile import STDLIB
from jupyterlite_core.manager import LiteManager

pytestmark = pytest.mark.native


def wheel(name: str, *depends: str) -> dict:
    return {"file_name": f"{name}.whl", "depends": list(depends)}


@pytest.fixture
def addon(tmp_path):
    site = tmp_path / "site"
    texts = {
        tmp_path / RECORD: json.dumps(dict.fromkeys(["core.wasm", STDLIB, "a.whl", "b.whl", LOCK], "sha256-")),
        site / "static/pyodide" / LOCK: json.dumps({"packages": {"a": wheel("a", "b"), "b": wheel("b", "a")}}),
        site / "files/one.ipynb": "{}",
        site / "files/texts/films.txt": "great",
        site / "jupyter-lite.json": json.dumps(
            {
                "jupyter-config-data": {
                    "litePluginSettings": {
                        "@jupyterlite/pyodide-kernel-extension:kernel": {
                            "pyodideUrl": "./static/pyodide/early.mjs",
                            "loadPyodideOptions": {"packages": ["a"]},
                        }
                    }
                }
            }
        ),
    } | {
        site / "static/pyodide" / name: name for name in ("core.wasm", START, REMEMBERED, "pictures.pack", "rest.pack")
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return AliveAddon(manager=LiteManager(lite_dir=tmp_path, output_dir=site))


def test_the_manifest_names_what_is_loaded_and_what_a_notebook_may_open(addon):
    addon.write()
    assert json.loads(addon.manifest.read_text()) == {
        "python": "./static/pyodide/early.mjs",
        "packages": ["a"],
        "runtime": {f"static/pyodide/{name}": len(name) for name in ("core.wasm", START)},
        "later": ["static/pyodide/pictures.pack", "static/pyodide/rest.pack"],
        "course": {"texts/films.txt": 5},
    }


def test_a_file_of_another_size_asks_for_another_build(addon):
    addon.write()
    addon.check_manifest()
    (addon.manager.output_dir / "files/texts/films.txt").write_text("greater")
    assert not addon.is_current()
    with pytest.raises(ValueError, match="jupyter lite build"):
        addon.check_manifest()


def test_every_script_reaches_the_site(addon):
    for task in list(addon.post_build(addon.manager))[:-1]:
        for action, arguments in task["actions"]:
            assert action(*arguments) in (None, True)
    texts = {path.name: path.read_text() for path in addon.output.glob("*.js")}
    wanted = {line.split('"')[1][2:] for text in texts.values() for line in text.splitlines() if 'from "./' in line}
    assert {"alive.js", "alive-worker.js", "alive-widgets.js"} | wanted <= set(texts)
