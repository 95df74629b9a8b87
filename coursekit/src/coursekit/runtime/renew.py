"""Write the lock anew: what the course needs, closed over dependencies, each file with its hash and sources.

Compiled wheels are Pyodide's own, named by the official lock; pure ones are the very versions installed here,
so that a notebook meets the same code natively and in the browser.
"""

import importlib.metadata
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from .fetch import sha256_of
from .lock import LockedFile, LockedPackage, RuntimeLock
from .sources import Sources

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
KERNEL_WHEELS = ("piplite", "ipykernel", "pyodide-kernel", "widgetsnbextension")
KERNEL_NEEDS = ("micropip", "comm", "jedi", "ipython", *KERNEL_WHEELS)
BROWSER = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.0",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}


def renew_from_config(config: Path) -> Path:
    """Renew the lock that `config` (a jupyter_lite_config.json) names, and return its path."""
    wanted = json.loads(config.read_text(encoding="utf-8"))["RuntimeAddon"]
    path = config.parent / wanted.get("lock_file", "runtime-lock.json")
    renew(wanted["pyodide"], wanted["packages"], wanted["mirrors"], wanted.get("without", [])).write(path)
    return path


def renew(pyodide: str, roots: list[str], mirrors: list[str], leave_out: list[str]) -> RuntimeLock:
    """Resolve `roots` and the kernel's own needs; `mirrors` are source patterns with {version} and {file}."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sources = Sources(folder, folder)
        official = json.loads(sources.get(f"npm:pyodide@{pyodide}#package/pyodide-lock.json").read_text())
        mirrors = [mirror.replace("{pyodide}", pyodide) for mirror in mirrors]
        resolver = _Resolver(official["packages"], sources, mirrors, {canonicalize_name(name) for name in leave_out})
        return RuntimeLock(
            pyodide=pyodide,
            info=official["info"],
            core=tuple(_core_file(name, pyodide, sources) for name in CORE),
            packages=tuple(sorted(resolver.resolve([*KERNEL_NEEDS, *roots]), key=lambda package: package.name)),
        )


def _core_file(name: str, pyodide: str, sources: Sources) -> LockedFile:
    npm = f"npm:pyodide@{pyodide}#package/{name}"
    # The network serves the npm package itself, byte for byte; its release folder may be another build.
    network = f"https://cdn.jsdelivr.net/npm/pyodide@{pyodide}/{name}"
    return LockedFile(name, sha256_of(sources.get(npm)), (network, npm))


class _Resolver:
    def __init__(self, official: dict, sources: Sources, mirrors: list[str], leave_out: set[str]):
        self.official = official
        self.sources = sources
        self.mirrors = mirrors
        self.leave_out = leave_out

    def resolve(self, roots: list[str]) -> Iterator[LockedPackage]:
        waiting, seen = [canonicalize_name(name) for name in roots], set(self.leave_out)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            package = self._one(name)
            waiting.extend(package.depends)
            yield package

    def _one(self, name: str) -> LockedPackage:
        if name in KERNEL_WHEELS:
            return self._kernel_wheel(name)
        entry = self.official.get(name)
        if entry and (not entry["file_name"].endswith("-none-any.whl") or not _is_installed(name)):
            return self._official(name, entry)
        if not _is_installed(name):
            raise ValueError(f"{name} is neither an official package of Pyodide nor installed here")
        version = importlib.metadata.version(name)
        return self._pure_wheel(name, f"pip:{name}=={version}", importlib.metadata.requires(name))

    def _official(self, name: str, entry: dict) -> LockedPackage:
        return LockedPackage(
            file=entry["file_name"],
            sha256=entry["sha256"],
            sources=tuple(mirror.replace("{file}", entry["file_name"]) for mirror in self.mirrors),
            name=name,
            version=entry["version"],
            imports=tuple(sorted(entry["imports"])),
            depends=self._kept(entry["depends"]),
        )

    def _kernel_wheel(self, name: str) -> LockedPackage:
        index = json.loads(self.sources.get(f"labextension:{KERNEL}#static/pypi/all.json").read_text())
        releases = index[name]["releases"]
        release = releases[max(releases, key=Version)][0]
        source = f"labextension:{KERNEL}#static/pypi/{release['filename']}"
        # The kernel's own needs are roots already; its metadata would bring in terminals.
        return self._pure_wheel(name, source, [])

    def _pure_wheel(self, name: str, source: str, requires: list[str] | None) -> LockedPackage:
        wheel = self.sources.get(source)
        wanted = [Requirement(text) for text in requires or []]
        depends = [one.name for one in wanted if in_browser(one)]
        return LockedPackage(
            file=wheel.name,
            sha256=sha256_of(wheel),
            sources=(source,),
            name=name,
            version=str(parse_wheel_filename(wheel.name)[1]),
            imports=_top_level(wheel),
            depends=self._kept(depends),
        )

    def _kept(self, names: list[str]) -> tuple[str, ...]:
        return tuple(sorted({canonicalize_name(name) for name in names} - self.leave_out))


def in_browser(wanted: Requirement) -> bool:
    """Whether a requirement holds where the course runs, no extras asked for."""
    return wanted.marker is None or wanted.marker.evaluate(BROWSER)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _top_level(wheel: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split("/")[0].removesuffix(".py") for name in archive.namelist() if name.endswith(".py")}
    return tuple(sorted(name for name in names if "." not in name))
