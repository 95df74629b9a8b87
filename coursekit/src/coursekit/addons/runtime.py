"""The site's own Pyodide: fetched by the lock, compiled, the course's wheel beside it, nothing from elsewhere."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import doit.tools
from doit.exceptions import TaskFailed
from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon
from traitlets import Dict, List, Unicode

from ..runtime.compile import STDLIB, CompileError, Trim, archives, compile_all, compiled_path
from ..runtime.fetch import FetchError, cached_path, default_cache, fetch_all, sha256_of
from ..runtime.lock import RuntimeLock
from ..runtime.renew import KERNEL_NEEDS
from ..runtime.snapshot import SnapshotError
from ..runtime.wheel import build_wheel, built_wheels, wheel_sources
from .pages import integrity_of
from .words import Words

LOCK = "pyodide-lock.json"
#: the hash of each file that was laid out: beside the site, so that no change of the site changes it
RECORD = "build/runtime.json"


def in_one_sentence(action: Callable, *arguments: object) -> TaskFailed | None:
    """Run a task's action; what went wrong is for an author to read, not a traceback."""
    try:
        action(*arguments)
    except (FetchError, CompileError, SnapshotError, ValueError) as error:
        return TaskFailed(f"{type(error).__name__}: {error}")
    return None


class RuntimeAddon(Words, _BaseAddon):
    """Bring a complete, verified, byte-compiled Pyodide into the site."""

    __all__ = ("status", "post_init", "pre_build", "build", "post_build", "check")

    pyodide = Unicode(help="the version of Pyodide that `coursekit lock` locks").tag(config=True)
    packages = List(Unicode(), help="what `coursekit lock` locks, beside the kernel's needs").tag(config=True)
    without = List(Unicode(), help="dependencies that nothing here imports").tag(config=True)
    mirrors = List(Unicode(), help="where official wheels may come from: {pyodide}, {file}").tag(config=True)
    lock_file = Unicode("runtime-lock.json", help="the committed runtime lock").tag(config=True)
    projects = List(Unicode(), ["."], help="folders whose wheels the course brings").tag(config=True)
    prefetch = List(Unicode(), help="packages loaded before the first cell, beside the kernel's").tag(config=True)
    environment = Dict(help="environment variables of the browser's Python; {language} is the site's").tag(config=True)
    leave_out = List(Unicode(), help="patterns of files in wheels that nobody needs, ! for exceptions").tag(config=True)
    without_docstrings = List(Unicode(), help="patterns of modules whose docstrings nobody reads").tag(config=True)
    instead = Dict(help="module -> text -> what stands there instead, because the text costs time").tag(config=True)

    @property
    def cache(self) -> Path:
        return default_cache()

    @property
    def trim(self) -> Trim:
        return Trim(tuple(self.leave_out), tuple(self.without_docstrings), self.instead)

    @property
    def lock_path(self) -> Path:
        return self.manager.lite_dir / self.lock_file

    @property
    def lock(self) -> RuntimeLock:
        return RuntimeLock.read(self.lock_path)

    @property
    def wheel_dir(self) -> Path:
        return self.manager.lite_dir / "build" / "wheels"

    @property
    def output(self) -> Path:
        return self.manager.output_dir / "static" / "pyodide"

    def status(self, manager):
        lock = self.lock
        yield self.task(
            name="runtime",
            actions=[lambda: print(f"    Pyodide {lock.pyodide}, {len(lock.packages)} wheels, cache {self.cache}")],
        )

    def post_init(self, manager):
        """Fetch what the lock names, into the cache."""
        files = self.lock.files
        yield self.task(
            name="fetch",
            file_dep=[self.lock_path],
            targets=[cached_path(self.cache, one) for one in files],
            # Every time: a file that went bad in the cache must not reach the site.
            uptodate=[lambda: False],
            actions=[(in_one_sentence, [fetch_all, files, self.cache])],
        )

    def pre_build(self, manager):
        """Compile the archives; build the course's wheels."""
        lock = self.lock
        yield self.task(
            name="compile",
            file_dep=[cached_path(self.cache, one) for one in archives(lock)],
            targets=[compiled_path(self.cache, lock, one, self.trim) for one in archives(lock)],
            uptodate=[lambda: False],
            actions=[(in_one_sentence, [compile_all, lock, self.cache, self.trim])],
        )
        for project in self.projects:
            folder = (manager.lite_dir / project).resolve()
            yield self.task(
                name=f"wheel:{folder.name}",
                file_dep=wheel_sources(folder),
                targets=[self.wheel_dir / f"{folder.name}.json"],
                actions=[(in_one_sentence, [build_wheel, folder, self.wheel_dir, manager.source_date_epoch])],
            )

    def build(self, manager):
        """Lay out static/pyodide and its lock."""
        lock = self.lock
        files = {one.file: cached_path(self.cache, one) for one in lock.files}
        files |= {one.file: compiled_path(self.cache, lock, one, self.trim) for one in archives(lock)}
        wheels = built_wheels(self.wheel_dir)
        files |= {wheel.file: self.wheel_dir / wheel.file for wheel in wheels}
        lock = dataclasses.replace(lock, packages=(*lock.packages, *wheels))
        yield self.task(
            name="install",
            file_dep=[self.lock_path, *files.values()],
            targets=[*(self.output / name for name in (*files, LOCK)), manager.lite_dir / RECORD],
            actions=[(self.install, [lock, files])],
        )

    def install(self, lock: RuntimeLock, files: dict[str, Path]) -> None:
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(parents=True)
        for name, path in files.items():
            shutil.copyfile(path, self.output / name)
        hashes = {name: sha256_of(path) for name, path in files.items()}
        (self.output / LOCK).write_text(json.dumps(lock.for_pyodide(hashes), indent=1))
        self.maybe_timestamp(self.output)
        record = {name: integrity_of((self.output / name).read_bytes()) for name in sorted((*files, LOCK))}
        (self.manager.lite_dir / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")

    def post_build(self, manager):
        """Tell the kernel where its Python is, and what to load at once."""
        config = manager.output_dir / JUPYTERLITE_JSON
        lock_path = self.output / LOCK
        yield self.task(
            name="configure",
            file_dep=[config, lock_path],
            uptodate=[doit.tools.config_changed({"prefetch": self.prefetch, "environment": self.variables})],
            actions=[(self.configure, [config, lock_path])],
        )

    def configure(self, config: Path, lock_path: Path) -> None:
        digest = sha256_of(lock_path)[:16]
        settings = self.get_pyodide_settings(config)
        settings.setdefault("pyodideUrl", "./static/pyodide/pyodide.mjs")
        settings["disablePyPIFallback"] = True
        settings["loadPyodideOptions"] = {
            "lockFileURL": f"./static/pyodide/{LOCK}?{digest}",
            "packages": sorted({*KERNEL_NEEDS, *self.prefetch, *(one.name for one in built_wheels(self.wheel_dir))}),
        }
        if self.variables:
            settings["loadPyodideOptions"]["env"] = self.variables
        self.set_pyodide_settings(config, settings)

    @property
    def variables(self) -> dict[str, str]:
        return {name: value.format(language=self.language) for name, value in self.environment.items()}

    def check(self, manager):
        """Verify that the site still ships what was built; each wheel by the site's lock too, the core by ours."""
        yield self.task(name="runtime", actions=[self.check_runtime])

    def check_runtime(self) -> None:
        record = json.loads((self.manager.lite_dir / RECORD).read_text(encoding="utf-8"))
        for name, integrity in record.items():
            if integrity_of((self.output / name).read_bytes()) != integrity:
                raise ValueError(f"{name} is not the file that this site was built with")
        site_lock = json.loads((self.output / LOCK).read_text())
        for package in site_lock["packages"].values():
            got = sha256_of(self.output / package["file_name"])
            if got != package["sha256"]:
                raise ValueError(f"{package['file_name']}: expected SHA-256 {package['sha256']}, got {got}")
        for locked in self.lock.core:
            if locked.file != STDLIB and sha256_of(self.output / locked.file) != locked.sha256:
                raise ValueError(f"{locked.file} is not the file that the runtime lock names")
