"""Run a course's tests, or a script of it, inside WebAssembly: on the built site's own Python, under Node.

What runs is what ships: the site's byte-compiled runtime and the course's wheel. Only pytest, hypothesis and their
needs come from elsewhere, in the versions that requirements.txt pins, and they stand last on the path.
"""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..runtime.fetch import default_cache
from ..runtime.lock import RuntimeLock
from ..runtime.node import run_in_pyodide
from ..runtime.renew import in_browser
from ..runtime.wheel import wheel_sources

INSIDE = Path(__file__).with_name("wasm_inside.py")
TOOLS = ("pytest", "hypothesis")
#: Plugins of this environment are not there, nor are their settings known. Hypothesis' profile "ci" knows no deadline,
#: keeps no examples, and draws the same ones each time.
PYTEST = ("-m", "pytest", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider")
PYTEST_LAST = (
    "--hypothesis-profile=ci",
    "-o",
    "strict_config=false",
    "-W",
    "ignore:Unknown config",
    "-m",
    "not native",
)
ENVIRONMENT = {
    "HYPOTHESIS_STORAGE_DIRECTORY": "/tools/.hypothesis",
    "MPLBACKEND": "agg",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


def run_pytest(course: Path, arguments: Sequence[str]) -> int:
    """Run pytest in the folder `course`, leave out tests marked `native`, and return pytest's exit status."""
    return _run(course, [*PYTEST, *arguments, *PYTEST_LAST])


def run_script(course: Path, arguments: Sequence[str]) -> int:
    """Run a script of the folder `course` with its arguments, and return its exit status."""
    if not arguments or not (course / arguments[0]).is_file():
        raise ValueError(f"a script of this folder was wanted, got {arguments[0] if arguments else 'nothing'}")
    return _run(course, arguments)


def _run(course: Path, words: Sequence[str]) -> int:
    config = json.loads((course / "jupyter_lite_config.json").read_text(encoding="utf-8"))
    runtime = config["RuntimeAddon"]
    site = course / config.get("LiteBuildConfig", {}).get("output_dir", "_output")
    pyodide = site / "static" / "pyodide"
    if not (pyodide / "pyodide-lock.json").exists():
        raise ValueError(f"no site is built in {site}: build it with `jupyter lite build`")
    lock = RuntimeLock.read(course / runtime.get("lock_file", "runtime-lock.json"))
    wheels = course_wheels(pyodide, lock)
    changed = changed_since(wheels.values(), [course / project for project in runtime.get("projects", ["."])])
    if changed:
        raise ValueError(f"{site} was built before {changed[0]} changed: build it again with `jupyter lite build`")
    mounts = {"/course": course}
    if words[0] == "-m":
        mounts["/tools"] = tools(course, lock.info, default_cache())
    packages = [*runtime["packages"], *wheels]
    return run_in_pyodide(pyodide, INSIDE, mounts, packages, words, ENVIRONMENT).returncode


def course_wheels(pyodide: Path, lock: RuntimeLock) -> dict[str, Path]:
    """The wheels by name that the site ships and the runtime lock does not name: the course's own."""
    shipped = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {package.name for package in lock.packages}
    return {name: pyodide / about["file_name"] for name, about in shipped.items() if name not in locked}


def changed_since(wheels: Iterable[Path], projects: Iterable[Path]) -> list[str]:
    """The modules of `projects` that are not, byte for byte, those of `wheels`."""
    shipped, here = {}, {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            shipped |= {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    for folder in projects:
        for path in wheel_sources(folder):
            if path != folder / "pyproject.toml":
                here[path.relative_to(folder).as_posix().removeprefix("src/")] = path.read_bytes()
    return sorted(name for name in shipped.keys() | here.keys() if shipped.get(name) != here.get(name))


def tools(course: Path, info: dict, cache: Path) -> Path:
    """The folder that holds pytest and hypothesis for the Python that `info` describes; fetched once."""
    wanted = pinned(course / "requirements.txt", with_needs(TOOLS))
    python = ".".join(info["python"].split(".")[:2])
    platform = f"pyemscripten_{info['abi_version']}_{info['arch']}"
    made_of = "\n".join([*wanted, python, platform])
    folder = cache / "tools" / hashlib.sha256(made_of.encode()).hexdigest()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            _install(wanted, Path(scratch), ["--python-version", python, "--platform", platform])
            os.replace(Path(scratch) / "tools", folder)
    return folder


def _install(requirements: list[str], scratch: Path, target: list[str]) -> None:
    print("fetching pytest and hypothesis for WebAssembly", file=sys.stderr, flush=True)
    (scratch / "requirements.txt").write_text("\n".join(requirements) + "\n")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--no-compile", *target, "--target", str(scratch / "tools")]
    done = subprocess.run([*command, "-r", str(scratch / "requirements.txt")], capture_output=True, text=True)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")] or ["pip did not say why"]
        raise RuntimeError(f"no pytest and hypothesis for WebAssembly: {said[-1].removeprefix('ERROR: ')}")


def with_needs(names: Iterable[str]) -> set[str]:
    """`names` and all that they need in the browser, as installed here."""
    waiting, seen = list(names), set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in seen:
            seen.add(name)
            needs = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [need.name for need in needs if in_browser(need)]
    return seen


def pinned(requirements: Path, names: Iterable[str]) -> list[str]:
    """A line for each name: as `requirements` has it, hashes and all, else the version installed here."""
    text = requirements.read_text(encoding="utf-8") if requirements.exists() else ""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if "==" in line]
    known = {canonicalize_name(line.partition("==")[0].strip()): " ".join(line.split()) for line in lines}
    return [known.get(name) or f"{name}=={importlib.metadata.version(name)}" for name in sorted(names)]
