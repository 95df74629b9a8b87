"""The addons that lay out a site, on a site of a few files."""

import gzip
import json
import re
import zipfile
from copy import deepcopy

import nbformat
import pytest
from coursekit.addons.access import AccessAddon
from coursekit.addons.early import EarlyAddon
from coursekit.addons.home import HomeAddon
from coursekit.addons.notebooks import NotebooksAddon
from coursekit.addons.pages import integrity_of
from coursekit.addons.runtime import RuntimeAddon
from coursekit.addons.versions import VersionsAddon
from coursekit.notebooks.version import version
from coursekit.runtime.fetch import sha256_of
from jupyterlite_core.manager import LiteManager

pytestmark = pytest.mark.native

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


@pytest.fixture
def manager(tmp_path):
    site = tmp_path / "site"
    for folder in ("static/pyodide", "notebooks", "lab"):
        (site / folder).mkdir(parents=True)
    (site / "notebooks/index.html").write_text("<html><head><title>x</title></head></html>")
    (site / "lab/favicon.ico").write_bytes(b"icon")
    (site / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}')
    worker = site / "extensions/@jupyterlite/pyodide-kernel-extension/static/comlink.worker.0.js"
    worker.parent.mkdir(parents=True)
    worker.write_text("")
    return LiteManager(lite_dir=tmp_path, output_dir=site)


def run(tasks) -> None:
    for task in tasks:
        for action, arguments in task["actions"]:
            assert action(*arguments) in (None, True)


def settings(manager) -> dict:
    data = json.loads((manager.output_dir / "jupyter-lite.json").read_text())
    return data["jupyter-config-data"]["litePluginSettings"][KERNEL]


@pytest.fixture
def runtime(manager):
    """A runtime of one wheel and one core file, as a lock and in the site."""
    addon = RuntimeAddon(manager=manager)
    files = {name: manager.lite_dir / name for name in ("one.whl", "pyodide.mjs", "a.wasm", "python_stdlib.zip")}
    for name, path in files.items():
        path.write_bytes(name.encode())
    hashes = {name: sha256_of(path) for name, path in files.items()}
    wheel = {"file": "one.whl", "sha256": hashes["one.whl"], "sources": [], "name": "one", "version": "1"}
    core = [{"file": "pyodide.mjs", "sha256": hashes["pyodide.mjs"], "sources": []}]
    packages = [{**wheel, "imports": [], "depends": []}]
    lock = {"pyodide": "1", "info": {"python": "3.14.0"}, "core": core, "packages": packages}
    addon.lock_path.write_text(json.dumps(lock))
    (manager.lite_dir / "build").mkdir()
    addon.install(addon.lock, files)
    return addon


def test_a_site_as_it_was_built_passes_its_check(runtime):
    runtime.check_runtime()


@pytest.mark.parametrize("name", ["one.whl", "pyodide.mjs", "a.wasm", "python_stdlib.zip", "pyodide-lock.json"])
def test_a_flipped_byte_fails_the_check_and_is_named(runtime, name):
    path = runtime.output / name
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    with pytest.raises(ValueError, match=rf"^{name} is not"):
        runtime.check_runtime()


def test_the_kernel_is_told_where_its_python_is_and_to_ask_nobody_else(runtime, manager):
    runtime.prefetch = ["numpy"]
    run(runtime.post_build(manager))
    told = settings(manager)
    assert told["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    assert told["disablePyPIFallback"] is True
    assert {"numpy", "ipython", "pyodide-kernel"} <= set(told["loadPyodideOptions"]["packages"])
    assert told["loadPyodideOptions"]["lockFileURL"].startswith("./static/pyodide/pyodide-lock.json?")


#: where a wheel's files lie in the library
HERE = "site-packages"


@pytest.fixture
def snapshots(monkeypatch):
    """What each snapshot was asked for. No Python starts, and one module of the library is imported."""
    asked = []

    def make(pyodide, files, imports, environment):
        asked.append((sorted(files), imports, environment))
        return b"memory", ["frozen", "python_stdlib"]

    monkeypatch.setattr("coursekit.addons.early.make_snapshot", make)
    return asked


@pytest.fixture
def early(manager, snapshots):
    """An early start of a site of three wheels, of which one is named for later and one for nobody yet."""
    output = manager.output_dir / "static/pyodide"
    wheels = {"ipython": ["late"], "late": [], "drawing": ["asked", "late"], "asked": []}
    for name in (*wheels, "python_stdlib"):
        with zipfile.ZipFile(output / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}.py", f"NAME = {name!r}")
            archive.writestr(f"of_{name}/seldom.py", "")
            archive.writestr(f"of_{name}/seldom.ttf", "font")
            archive.writestr(f"of_{name}/often.py", "")
    packages = {
        name: {"depends": depends, "imports": [name], "file_name": f"{name}.zip"} for name, depends in wheels.items()
    }
    (output / "pyodide-lock.json").write_text(json.dumps({"info": {"python": "3.14.0"}, "packages": packages}))
    (manager.lite_dir / "build").mkdir(exist_ok=True)
    (manager.lite_dir / "build/runtime.json").write_text('{"drawing.zip": "sha256-x"}')
    options = {
        "packages": ["ipython"],
        "env": {"LANGUAGE": "xx"},
        "lockFileURL": "./static/pyodide/pyodide-lock.json?1",
    }
    told = {KERNEL: {"pyodideUrl": "./static/pyodide/pyodide.mjs", "loadPyodideOptions": options}}
    (manager.output_dir / "jupyter-lite.json").write_text(
        json.dumps({"jupyter-config-data": {"litePluginSettings": told}})
    )
    return EarlyAddon(
        manager=manager,
        later={"pictures": ["drawing"], "rest": ["late"]},
        seldom=["of_*/seldom.*", "of_python_stdlib/*"],
        sooner={"pictures": ["of_ipython/often.py"]},
        on_demand=["asked"],
        wait={"library": ["metadata"], "pictures": ["lesson"]},
        imports={"start": ["ipython"], "pictures": ["drawing"]},
    )


def files_in(path) -> set[str]:
    """Each file, by its path in the library."""
    content = gzip.decompress(path.read_bytes())
    index = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    return {f"{folder}/{name}".removeprefix("/lib/python3.14/") for folder in index for name, _ in index[folder]}


def test_python_wakes_up_with_what_it_starts_with(early, manager, snapshots):
    run(early.post_build(manager))
    (asked,) = snapshots
    files, imports, environment = asked
    start = {"python_stdlib.py", f"{HERE}/ipython.py", f"{HERE}/of_ipython/often.py", f"{HERE}/coursekit_early.py"}
    # Of data the name is there before.
    start |= {f"{HERE}/of_ipython/seldom.ttf", "of_python_stdlib/seldom.ttf"}
    assert {file.removeprefix("/lib/python3.14/") for file in files} == start
    assert imports == ["coursekit_early", "ipython"]
    assert environment == {"LANGUAGE": "xx", "PYTHONPATH": "/lib/python3.14"}
    assert (early.pyodide / "start.snapshot").read_bytes() == b"memory"


def test_what_was_not_imported_comes_after_what_is_named_for_later(early, manager):
    run(early.post_build(manager))
    library = {f"{HERE}/ipython.py", f"{HERE}/of_ipython/seldom.ttf", "of_python_stdlib/seldom.ttf"}
    pictures = {f"{HERE}/drawing.py", f"{HERE}/of_drawing/often.py", f"{HERE}/of_drawing/seldom.ttf"}
    rest = {f"{HERE}/late.py", f"{HERE}/of_late/often.py", "of_python_stdlib/often.py"}
    rest |= {f"{of}/seldom.{end}" for of in (f"{HERE}/of_ipython", f"{HERE}/of_drawing") for end in ("py", "ttf")}
    rest |= {f"{of}/seldom.{end}" for of in (f"{HERE}/of_late", "of_python_stdlib") for end in ("py", "ttf")}
    assert files_in(early.pyodide / "remembered.pack") == {"python_stdlib.py"}
    assert files_in(early.pyodide / "pictures.pack") == pictures | {f"{HERE}/of_ipython/often.py"}
    assert files_in(early.pyodide / "library.pack") == library
    assert files_in(early.pyodide / "rest.pack") == rest


@pytest.mark.parametrize("name", ["rest.pack", "remembered.pack", "start.snapshot"])
def test_a_flipped_byte_in_a_pack_fails_the_check(early, manager, name):
    run(early.post_build(manager))
    early.check_packs()
    content = bytearray((early.pyodide / name).read_bytes())
    content[-1] ^= 1
    (early.pyodide / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"^{name} is not the file"):
        early.check_packs()


def test_an_early_start_checks_all_that_it_loads_and_waits_for_what_is_late(early, manager):
    run(early.post_build(manager))
    assert settings(manager)["pyodideUrl"] == "./static/pyodide/early.mjs"
    script = (early.pyodide / "early.mjs").read_text()
    (options,) = re.findall(r"^const \{.*\} = (\{.*\});$", script, flags=re.MULTILINE)
    options = json.loads(options)
    assert options["packages"] == ["ipython"]
    assert [(one["pack"], one["packages"], one["imports"], one["words"]) for one in options["later"]] == [
        ("pictures.pack", ["drawing"], ["drawing"], ["drawing", "lesson", "of_drawing", "of_ipython"]),
        ("library.pack", [], [], ["metadata"]),
        ("rest.pack", ["late"], [], ["late", "of_late", "of_python_stdlib"]),
    ]
    assert options["modules"]["pictures.pack"] == ["drawing", "of_drawing.often", "of_ipython.often"]
    packs = {"remembered.pack", "pictures.pack", "library.pack", "rest.pack"}
    assert {*options["modules"]} == packs
    assert {*options["files"]} == {"drawing.zip", "start.snapshot", *packs}
    assert options["files"]["start.snapshot"] == integrity_of(b"memory")
    assert options["sizes"]["start.snapshot"] == 6
    assert "export function unpack(FS, pack)" in script
    assert "comlink.worker.0.js" in (early.pyodide / "early-worker.js").read_text()


def test_the_page_gets_its_script_once_and_a_second_build_leaves_it_alone(runtime, manager, snapshots):
    with zipfile.ZipFile(runtime.output / "python_stdlib.zip", "w"):
        pass
    run(runtime.post_build(manager))
    told = settings(manager)["loadPyodideOptions"]["packages"]
    lock = json.loads((runtime.output / "pyodide-lock.json").read_text())
    with zipfile.ZipFile(runtime.output / "one.whl", "w"):
        pass
    lock["packages"] = {name: {"depends": [], "imports": [], "file_name": "one.whl"} for name in told}
    (runtime.output / "pyodide-lock.json").write_text(json.dumps(lock))
    early = EarlyAddon(manager=manager)
    run(early.post_build(manager))
    page = manager.output_dir / "notebooks/index.html"
    once = page.read_text()
    assert once.count("../static/pyodide/early.js") == 1
    run(early.post_build(manager))
    run(runtime.post_build(manager))
    assert page.read_text() == once
    assert settings(manager)["pyodideUrl"] == "./static/pyodide/early.mjs", "a second build undid the early start"


def test_every_page_gets_its_script_once(manager):
    for _ in range(2):
        run(AccessAddon(manager=manager).post_build(manager))
    page = (manager.output_dir / "notebooks/index.html").read_text()
    assert page.count("../build/access.js") == 1 and page.startswith('<html lang="en">')
    run(AccessAddon(manager=manager, language="de").post_build(manager))
    assert (manager.output_dir / "notebooks/index.html").read_text() == page.replace('lang="en"', 'lang="de"')
    assert (manager.output_dir / "build/access.js").exists()


def test_the_front_page_is_a_page_that_the_apps_can_read_too(manager):
    (manager.lite_dir / "content").mkdir()
    (manager.lite_dir / "content/index.md").write_text("# A & B\n\n[Go](lab/index.html)\n")
    run(HomeAddon(manager=manager).post_build(manager))
    page = (manager.output_dir / "index.html").read_text()
    assert "<title>A &amp; B</title>" in page
    assert '<a href="lab/index.html">Go</a>' in page
    assert 'id="jupyter-config-data"' in page
    assert (manager.output_dir / "favicon.ico").read_bytes() == b"icon"
    assert (manager.output_dir / "build/home.js").exists() and (manager.output_dir / "build/home-carry.js").exists()
    assert "data-lesson" not in page


def test_the_front_page_reads_the_lessons_from_the_notebooks(manager):
    new_markdown, new_code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [
        new_markdown("# One & two\n\n**Why `so`?** **Time:** 5 minutes, two exercises. **You need:** $x^2$, *no* more.")
    ]
    cells += [new_code(f"checks.{name}(f)", metadata={"tags": ["check"]}) for name in ("first", "second", "first")]
    for folder in ("content", "notebooks"):
        (manager.lite_dir / folder).mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), manager.lite_dir / "notebooks/02-one.ipynb")
    nbformat.write(nbformat.v4.new_notebook(), manager.lite_dir / "notebooks/extra.ipynb")
    (manager.lite_dir / "content/index.md").write_text("# A\n\n<!-- lessons -->\n\nAfter")
    run(HomeAddon(manager=manager).post_build(manager))
    page = (manager.output_dir / "index.html").read_text()
    assert page.index("<ol") < page.index('<li value="2"') < page.index("<li data-lesson") < page.index("<p>After")
    assert 'data-lesson="02-one" data-exercises="[&quot;first&quot;, &quot;second&quot;]"' in page
    assert '<a href="read/02-one.html">One &amp; two</a>' in page
    assert '<a href="notebooks/index.html?path=02-one.ipynb" aria-label="Run One &amp; two">run</a>' in page
    assert "<p>Why <code>so</code>?</p>" in page
    assert '5 minutes · <span class="done">2 exercises</span>' in page
    assert '<p class="facts">You need: <math><msup><mi>x</mi><mn>2</mn></msup></math>, <em>no</em> more.</p>' in page
    assert "path=live/02-one.ipynb" in page and "path=solutions/02-one.ipynb" in page
    assert '<span class="done">no exercises</span>' in page and ">extra</a>" in page
    assert "$" not in page[page.index("<ol") :]


def test_each_notebook_is_built_three_times_and_twice_without_answers(manager):
    notebook = nbformat.v4.new_notebook()
    source = "def f():\n    # solution begins\n    return 42\n    # solution ends\n"
    notebook.cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["exercise"]})]
    (manager.lite_dir / "notebooks").mkdir()
    nbformat.write(notebook, manager.lite_dir / "notebooks/one.ipynb")
    run(NotebooksAddon(manager=manager).pre_build(manager))
    made = manager.lite_dir / "build/contents"
    assert "return 42" not in (made / "one.ipynb").read_text()
    assert "return 42" not in (made / "live/one.ipynb").read_text()
    assert "return 42" in (made / "solutions/one.ipynb").read_text()
    assert "...  # your code here" in (made / "one.ipynb").read_text()
    run(NotebooksAddon(manager=manager, language="de").pre_build(manager))
    assert "...  # hier dein Code" in (made / "one.ipynb").read_text()


def test_the_site_lists_each_notebooks_version_which_stands_in_the_notebook_too(manager):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    (manager.lite_dir / "notebooks").mkdir()
    nbformat.write(notebook, manager.lite_dir / "notebooks/one.ipynb")
    addon = NotebooksAddon(manager=manager, target="site/files")
    run(addon.pre_build(manager))
    versions = VersionsAddon(manager=manager, pages=["notebooks/index.html"])
    run(versions.post_build(manager))
    listed = json.loads((manager.output_dir / "build/versions.json").read_text())
    assert listed.keys() == {"one.ipynb", "live/one.ipynb", "solutions/one.ipynb"}
    shipped = nbformat.read(manager.output_dir / "files/one.ipynb", as_version=4)
    assert shipped.metadata.course.version == listed["one.ipynb"]
    assert "build/versions.js" in (manager.output_dir / "notebooks/index.html").read_text()


def test_originals_are_read_only_in_the_index_and_nothing_else_is(manager):
    folder = manager.output_dir / "api/contents/solutions"
    folder.mkdir(parents=True)
    files = [{"path": path, "writable": True} for path in ("one.ipynb", "solutions", "solutions/one.ipynb")]
    (folder / "all.json").write_text(json.dumps({"content": files, "writable": True}))
    addon = VersionsAddon(manager=manager, originals=["solutions/*"])
    addon.protect()
    index = json.loads((folder / "all.json").read_text())
    assert [one["writable"] for one in index["content"]] == [True, True, False]
    assert index["writable"] and not list(addon.still_writable())


def test_a_version_is_what_stands_in_the_cells_and_nothing_else():
    cells = [nbformat.v4.new_markdown_cell("é"), nbformat.v4.new_code_cell("1 + 1")]
    one = nbformat.v4.new_notebook(cells=cells)
    ran = deepcopy(one)
    ran.cells[1].outputs = [nbformat.v4.new_output("stream", text="2")]
    ran.cells[1].id, ran.cells[1].execution_count, ran.metadata.x = "other", 7, 1
    assert version(ran) == version(one) == "0dc9486ef84a7110"
    for change in ({"source": "1 + 2"}, {"cell_type": "raw"}):
        other = deepcopy(one)
        other.cells[1].update(change)
        assert version(other) != version(one)
