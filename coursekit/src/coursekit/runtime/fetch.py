"""Fetch locked files: cache, then each source in order; the hash decides, never the source."""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .lock import LockedFile
from .sources import SourceError, Sources


class FetchError(RuntimeError):
    """A locked file could not be had, or was not what the lock says."""


def default_cache() -> Path:
    """Where verified files are kept between builds: $COURSEKIT_CACHE, else the user's cache folder."""
    chosen = os.environ.get("COURSEKIT_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coursekit"


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cached_path(cache: Path, locked: LockedFile) -> Path:
    """Files are kept under their hash, so that two locks never fight over a name."""
    return cache / "files" / locked.sha256 / locked.file


def fetch_all(files: Iterable[LockedFile], cache: Path, sources: Sources | None = None) -> None:
    """Bring every file into the cache, verified; raise FetchError with one sentence otherwise."""
    missing = [locked for locked in files if not _is_cached(cache, locked)]
    if not missing:
        return
    partial = cache / "partial"
    partial.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        sources = sources or Sources(Path(scratch), partial)
        for number, locked in enumerate(missing, start=1):
            print(f"[{number}/{len(missing)}] {locked.file}", file=sys.stderr, flush=True)
            _fetch_one(locked, cache, sources)


def _is_cached(cache: Path, locked: LockedFile) -> bool:
    path = cached_path(cache, locked)
    if not path.exists():
        return False
    if sha256_of(path) == locked.sha256:
        return True
    path.unlink()
    return False


def _fetch_one(locked: LockedFile, cache: Path, sources: Sources) -> None:
    tried = [f"the cache {cache}"]
    for source in locked.sources:
        try:
            found = sources.get(source)
        except SourceError as error:
            tried.append(f"{source} ({error})")
            continue
        got = sha256_of(found)
        if got == locked.sha256:
            keep(found, cached_path(cache, locked))
            return
        # Somebody changed the file: no other source makes that harmless.
        found.unlink()
        raise FetchError(f"{locked.file}: expected SHA-256 {locked.sha256}, got {got} from {source}")
    raise FetchError(f"{locked.file}: no source could be reached; tried {', '.join(tried)}")


def keep(found: Path, target: Path) -> None:
    """Move `found` to `target`, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target first, then one atomic rename: an interrupted build leaves no half file.
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.move(found, beside)
    os.replace(beside, target)
