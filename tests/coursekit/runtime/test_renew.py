"""Renewing the lock: who gives which wheel, and what the browser asks of each."""

import importlib.metadata
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from coursekit.__main__ import main
from coursekit.runtime import renew as renew_module
from coursekit.runtime.lock import RuntimeLock
from coursekit.runtime.renew import CORE, KERNEL_NEEDS, KERNEL_WHEELS, _Resolver, renew_from_config
from coursekit.runtime.sources import SourceError

pytestmark = pytest.mark.native

MIRRORS = ["https://mirror.example/{file}", "pip:bundle==1#{file}"]
#: distributions as they are installed here: version and what they require
INSTALLED = {
    "ipython": ("9.1", ["traitlets>=5", "pexpect; sys_platform != 'emscripten'", "colorama; sys_platform == 'win32'"]),
    "traitlets": ("5.0", None),
    "comm": ("0.2", ["traitlets"]),
    "jedi": ("0.19", ["parso", "pytest; extra == 'test'"]),
    "parso": ("0.8", ["Typing_Extensions; python_version < '3.13'", "left-out"]),
    "numpy": ("2.0", []),
    "packaging": ("24.0", []),
}
OFFICIAL = {
    "micropip": ("0.11", "micropip-0.11-py3-none-any.whl", ["packaging"]),
    "packaging": ("25.0", "packaging-25.0-py3-none-any.whl", []),
    "numpy": ("2.4.3", "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl", []),
    "drawing": ("1.0", "drawing-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl", ["numpy", "Left.Out"]),
}


def official_entry(name):
    version, file, depends = OFFICIAL[name]
    return {
        "version": version,
        "file_name": file,
        "sha256": "f" * 64,
        "imports": [name, f"_{name}"],
        "depends": depends,
    }


class FakeSources:
    """Gives a wheel for whatever pip or the kernel's extension is asked, and writes down who asked."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.asked: list[str] = []

    def get(self, source: str) -> Path:
        self.asked.append(source)
        scheme, _, rest = source.partition(":")
        if source.endswith("all.json"):
            return self._write("all.json", json.dumps(kernel_index()).encode())
        if source.endswith("pyodide-lock.json"):
            official = {"info": {"python": "3.14.0"}, "packages": {name: official_entry(name) for name in OFFICIAL}}
            return self._write("pyodide-lock.json", json.dumps(official).encode())
        if scheme == "npm":
            return self._write(source.rpartition("/")[2], source.encode())
        if scheme == "labextension":
            return self._wheel(source.rpartition("/")[2])
        name, version = rest.split("==")
        return self._wheel(f"{name}-{version}-py3-none-any.whl")

    def _wheel(self, file: str) -> Path:
        name = file.split("-")[0]
        with zipfile.ZipFile(self.folder / file, "w") as wheel:
            for member in (f"{name}/__init__.py", f"{name}/deep/more.py", f"_{name}_helper.py", f"{name}/data.txt"):
                wheel.writestr(member, "")
            wheel.writestr(f"{name}-1.dist-info/METADATA", "")
            wheel.writestr(f"{name}-1.data/scripts/tool.py", "")
        return self.folder / file

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path


def kernel_index():
    def releases(name):
        file = name.replace("-", "_")
        return {
            version: [{"filename": f"{file}-{version}-py3-none-any.whl"}] for version in ("0.9.0", "0.10.0", "0.8.7")
        }

    return {name: {"releases": releases(name)} for name in KERNEL_WHEELS}


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    def version(name):
        if name not in INSTALLED:
            raise importlib.metadata.PackageNotFoundError(name)
        return INSTALLED[name][0]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: INSTALLED[name][1])


@pytest.fixture
def sources(tmp_path):
    return FakeSources(tmp_path)


@pytest.fixture
def resolve(sources):
    def run(*roots, leave_out=()):
        official = {name: official_entry(name) for name in OFFICIAL}
        found = list(_Resolver(official, sources, MIRRORS, set(leave_out)).resolve(list(roots)))
        packages = {one.name: one for one in found}
        assert len(packages) == len(found), "one wheel is locked once"
        return packages

    return run


def test_a_compiled_wheel_is_pyodides_own(resolve, sources):
    numpy = resolve("NumPy")["numpy"]
    file = OFFICIAL["numpy"][1]
    assert (numpy.version, numpy.file, numpy.sha256) == ("2.4.3", file, "f" * 64)
    assert numpy.sources == (f"https://mirror.example/{file}", f"pip:bundle==1#{file}")
    assert numpy.imports == ("_numpy", "numpy")
    assert sources.asked == [], "the official lock knows its hash: nothing needs to be fetched"


def test_a_pure_wheel_is_the_version_installed_here(resolve, sources):
    traitlets = resolve("traitlets")["traitlets"]
    assert (traitlets.version, traitlets.sources, traitlets.depends) == ("5.0", ("pip:traitlets==5.0",), ())
    assert traitlets.sha256 == sha256((sources.folder / traitlets.file).read_bytes()).hexdigest()
    assert traitlets.imports == ("_traitlets_helper", "traitlets")


def test_a_pure_wheel_that_is_official_and_installed_is_the_one_installed(resolve):
    assert resolve("packaging")["packaging"].version == "24.0"


def test_a_pure_wheel_that_is_official_only_is_the_official_one(resolve):
    packages = resolve("micropip")
    assert packages["micropip"].sources[0] == "https://mirror.example/micropip-0.11-py3-none-any.whl"
    assert set(packages) == {"micropip", "packaging"}


def test_markers_are_read_for_the_browser(resolve):
    packages = resolve("ipython", "jedi", leave_out=["left-out"])
    assert packages["ipython"].depends == ("traitlets",)
    assert packages["jedi"].depends == ("parso",)
    assert packages["parso"].depends == ()
    assert set(packages) == {"ipython", "jedi", "parso", "traitlets"}


def test_what_is_left_out_is_neither_locked_nor_asked_for(resolve):
    packages = resolve("drawing", "left-out", leave_out=["left-out"])
    assert set(packages) == {"drawing", "numpy"}
    assert packages["drawing"].depends == ("numpy",)


def test_the_kernels_wheels_are_its_own_newest_and_bring_nothing_else(resolve):
    packages = resolve("ipykernel", "pyodide-kernel")
    assert set(packages) == {"ipykernel", "pyodide-kernel"}
    kernel = packages["pyodide-kernel"]
    assert (kernel.version, kernel.depends, kernel.imports[-1]) == ("0.10.0", (), "pyodide_kernel")
    assert kernel.sources == (
        "labextension:@jupyterlite/pyodide-kernel-extension#static/pypi/pyodide_kernel-0.10.0-py3-none-any.whl",
    )


def test_what_is_neither_official_nor_installed_is_named(resolve):
    with pytest.raises(ValueError, match=r"nowhere is neither an official package of Pyodide nor installed here"):
        resolve("nowhere")


@pytest.fixture
def config(tmp_path, sources, monkeypatch):
    monkeypatch.setattr(renew_module, "Sources", lambda *folders: sources)
    path = tmp_path / "course" / "jupyter_lite_config.json"
    path.parent.mkdir()
    addon = {
        "pyodide": "9.9",
        "packages": ["drawing"],
        "without": ["Left_Out"],
        "mirrors": ["https://cdn/{pyodide}/{file}"],
    }
    path.write_text(json.dumps({"RuntimeAddon": addon}))
    return path


def test_the_config_says_what_is_locked(config):
    path = renew_from_config(config)
    lock = RuntimeLock.read(path)
    assert path == config.parent / "runtime-lock.json"
    assert (lock.pyodide, lock.info) == ("9.9", {"python": "3.14.0"})
    names = [one.name for one in lock.packages]
    assert names == sorted(names)
    assert {*KERNEL_NEEDS, "drawing"} <= set(names)
    assert {wanted for one in lock.packages for wanted in one.depends} <= set(names)
    drawing = next(one for one in lock.packages if one.name == "drawing")
    assert drawing.sources == ("https://cdn/9.9/drawing-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl",)


def test_core_files_are_hashed_from_the_trusted_package(config):
    lock = RuntimeLock.read(renew_from_config(config))
    assert tuple(one.file for one in lock.core) == CORE
    for one in lock.core:
        npm = f"npm:pyodide@9.9#package/{one.file}"
        assert one.sha256 == sha256(npm.encode()).hexdigest()
        assert npm in one.sources


def test_renewing_twice_gives_the_same_lock(config):
    first = renew_from_config(config).read_bytes()
    assert renew_from_config(config).read_bytes() == first


def test_without_a_network_the_command_says_one_sentence(config, monkeypatch, sources, capsys):
    def refuse(source):
        raise SourceError("npm failed: no network")

    monkeypatch.setattr(sources, "get", refuse)
    monkeypatch.chdir(config.parent)
    assert main(["lock"]) == 1
    assert capsys.readouterr().err == "coursekit: npm failed: no network\n"
    assert not (config.parent / "runtime-lock.json").exists()
