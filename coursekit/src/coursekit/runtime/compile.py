"""Byte-compile the runtime once, at build time, with the very Python that will run it."""

import concurrent.futures
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from .fetch import cached_path, keep, sha256_of
from .lock import LockedFile, LockedPackage, RuntimeLock
from .node import run_in_pyodide, said_by

COMPILE_INSIDE = Path(__file__).with_name("compile_inside.py")
STDLIB = "python_stdlib.zip"
#: No source stands beside the modules for a traceback to mark a part of its line.
ENVIRONMENT = {"PYTHONNODEBUGRANGES": "1"}


class Trim(NamedTuple):
    """What compiled archives are without: patterns of files, the last that matches counts, ! for exceptions; and what
    stands in a module's source instead of a text that costs time: module -> text -> other text."""

    leave_out: tuple[str, ...] = ()
    without_docstrings: tuple[str, ...] = ()
    instead: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class CompileError(RuntimeError):
    """Pyodide under Node did not compile the runtime."""


def archives(lock: RuntimeLock) -> list[LockedFile]:
    """The files that hold modules: the standard library and every wheel."""
    return [*(file for file in lock.core if file.file == STDLIB), *lock.packages]


def compiled_path(cache: Path, lock: RuntimeLock, locked: LockedFile, trim: Trim) -> Path:
    """Compiled archives are kept under what made them: all the sources, the compiler and what was left out.

    All, because what else a process has compiled shows in its bytecode: a name met before is written otherwise.
    """
    made_by = [lock.pyodide, COMPILE_INSIDE.read_text(), repr((ENVIRONMENT, trim))]
    made_by += [one.sha256 for one in archives(lock)]
    key = hashlib.sha256("\n".join(made_by).encode()).hexdigest()
    return cache / "compiled" / key / locked.file


def compile_all(lock: RuntimeLock, cache: Path, trim: Trim) -> None:
    """Compile every archive, two Pyodides side by side, unless the cache holds them all; same lock, same bytes."""
    if all(_is_sealed(compiled_path(cache, lock, one, trim)) for one in archives(lock)):
        return
    print(f"compiling {len(archives(lock))} archives to bytecode", file=sys.stderr, flush=True)
    largest_first = sorted(archives(lock), key=lambda one: cached_path(cache, one).stat().st_size, reverse=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        halves = (largest_first[::2], largest_first[1::2])
        list(pool.map(lambda half: _compile_some(lock, cache, half, trim), halves))


def _compile_some(lock: RuntimeLock, cache: Path, some: list[LockedFile], trim: Trim) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        host = Path(scratch)
        for name in ("source", "compiled", "pyodide"):
            (host / name).mkdir()
        for locked in lock.core:
            shutil.copyfile(cached_path(cache, locked), host / "pyodide" / locked.file)
        (host / "pyodide" / "pyodide-lock.json").write_text(json.dumps(lock.for_pyodide({})))
        for locked in some:
            shutil.copyfile(cached_path(cache, locked), host / "source" / locked.file)
        jobs = [
            {"file": one.file, "root": _root(one, lock), "trim": {**trim._asdict(), "instead": dict(trim.instead)}}
            for one in some
        ]
        (host / "jobs.json").write_text(json.dumps(jobs))
        done = run_in_pyodide(
            host / "pyodide", COMPILE_INSIDE, {"/host": host}, environment=ENVIRONMENT, capture_output=True, text=True
        )
        if done.returncode:
            said = said_by(done)
            print(*said, sep="\n", file=sys.stderr, flush=True)
            raise CompileError(f"Pyodide did not compile: {said[-1]}")
        for locked in some:
            _seal(host / "compiled" / locked.file, compiled_path(cache, lock, locked, trim))


def _seal(found: Path, target: Path) -> None:
    """Keep `found` as `target`, and beside it the hash that tells later whether it is still the same."""
    keep(found, target)
    _seal_of(target).write_text(sha256_of(target))


def _is_sealed(target: Path) -> bool:
    seal = _seal_of(target)
    return target.exists() and seal.exists() and sha256_of(target) == seal.read_text()


def _seal_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _root(locked: LockedFile, lock: RuntimeLock) -> str:
    """Where the browser will unpack the archive: tracebacks name it."""
    major, minor = lock.info["python"].split(".")[:2]
    if isinstance(locked, LockedPackage):
        return f"/lib/python{major}.{minor}/site-packages"
    return f"/lib/python{major}{minor}.zip"
