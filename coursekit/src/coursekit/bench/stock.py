"""A stock site of the same versions: nobody's addons but JupyterLite's own, source wheels, nothing prefetched.

Where stock could be made slow or heavy, it gets the better of it: its Pyodide is on its own origin and holds all that
the official distribution holds, and what the course's lock leaves out is an empty wheel.
"""

import importlib.metadata
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..runtime.fetch import cached_path, default_cache, fetch_all
from ..runtime.lock import LockedFile, LockedPackage, RuntimeLock
from ..runtime.renew import KERNEL_WHEELS
from . import page

#: what the kernel and the page install by piplite, since the official Pyodide has not got it
INSTALLED = ("comm", "ipywidgets")
#: the page must be watched
EXPOSED = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {"exposeAppInBrowser": True}}


def build_stock(config: Path, work: Path, output: Path) -> None:
    """Build the stock counterpart of the site that `config` (a jupyter_lite_config.json) describes into `output`."""
    settings = json.loads(config.read_text(encoding="utf-8"))
    lock = RuntimeLock.read(config.parent / settings.get("RuntimeAddon", {}).get("lock_file", "runtime-lock.json"))
    fetch_all(lock.files, default_cache())
    for folder in (work, output):
        shutil.rmtree(folder, ignore_errors=True)
    _prepare(work, lock)
    _write(work / "jupyter-lite.json", EXPOSED)
    _write(work / "jupyter_lite_config.json", stock_config(settings, output))
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"the stock site could not be built: {(done.stderr or done.stdout).strip()[-2000:]}")


def _prepare(work: Path, lock: RuntimeLock) -> None:
    """Lay out what JupyterLite finds by itself: files, pypi, static/pyodide."""
    distribution = [one for one in lock.packages if one.name not in (*KERNEL_WHEELS, *INSTALLED)]
    _lay_out([*lock.core, *distribution], work / "static" / "pyodide")
    _write(work / "static" / "pyodide" / "pyodide-lock.json", distribution_lock(lock, distribution))
    _lay_out([one for one in lock.packages if one.name in INSTALLED], work / "pypi")
    for name in left_out(lock):
        empty_wheel(name, importlib.metadata.version(name), work / "pypi")
    (work / "files").mkdir()
    nbformat.write(page.notebook(install=True), work / "files" / page.NAME)


def stock_config(settings: dict, output: Path) -> dict:
    """The course's apps and build options, without its contents and without addons that are not JupyterLite's."""
    ours = settings["LiteBuildConfig"]
    options = {key: ours[key] for key in ("apps", "no_sourcemaps", "no_unused_shared_packages") if key in ours}
    addons = importlib.metadata.entry_points(group="jupyterlite.addon.v0")
    foreign = sorted(one.name for one in addons if not one.value.startswith("jupyterlite_"))
    return {"LiteBuildConfig": {**options, "disable_addons": foreign, "output_dir": str(output.resolve())}}


def distribution_lock(lock: RuntimeLock, packages: Iterable[LockedPackage]) -> dict:
    """Pyodide's own lock for `packages` as they were released, without dependencies on others."""
    made = lock.for_pyodide({one.file: one.sha256 for one in packages})
    for entry in made["packages"].values():
        entry["depends"] = [name for name in entry["depends"] if name in made["packages"]]
    return made


def left_out(lock: RuntimeLock) -> list[str]:
    """What the installed packages ask for and the lock does not hold."""
    wanted = [Requirement(text) for name in INSTALLED for text in importlib.metadata.requires(name) or []]
    names = {canonicalize_name(one.name) for one in wanted if one.marker is None}
    return sorted(names - {one.name for one in lock.packages})


def empty_wheel(name: str, version: str, folder: Path) -> Path:
    """Write a wheel that has a name and a version, and nothing else."""
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


def _lay_out(files: Iterable[LockedFile], folder: Path) -> None:
    folder.mkdir(parents=True)
    for one in files:
        shutil.copyfile(cached_path(default_cache(), one), folder / one.file)


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
