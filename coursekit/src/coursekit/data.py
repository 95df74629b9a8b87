"""Bring texts and tables that a course ships but does not own: named in a list, fetched, checked by hash."""

import json
from pathlib import Path

from .runtime.fetch import cached_path, default_cache, fetch_all, keep, sha256_of
from .runtime.lock import LockedFile, tuples
from .runtime.sources import Sources


def bring(listed: Path, cache: Path | None = None, sources: Sources | None = None) -> list[Path]:
    """Put each file that a list names beside the list, and return their paths; raises FetchError, ValueError.

    The list is JSON: [{"file": ..., "sha256": ..., "sources": [...]}, ...], with sources as in `runtime.sources`.
    """
    files, cache = read_list(listed), cache or default_cache()
    targets = [listed.parent / one.file for one in files]
    wanted = [one for one, target in zip(files, targets, strict=True) if not _is_there(target, one.sha256)]
    fetch_all(wanted, cache, sources)
    for one in wanted:
        copy = cache / f"{one.file}.copy"
        copy.write_bytes(cached_path(cache, one).read_bytes())
        keep(copy, listed.parent / one.file)
    return targets


def read_list(path: Path) -> list[LockedFile]:
    """Read a list of files; raises ValueError, in one sentence, when it is none."""
    try:
        files = [LockedFile(**tuples(entry)) for entry in json.loads(path.read_text(encoding="utf-8"))]
        strangers = [one.file for one in files if Path(one.file).name != one.file or one.file == ".."]
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no list of files: {error!r}") from error
    if strangers:
        raise ValueError(f"{path}: wanted files beside the list, got {strangers[0]!r}")
    return files


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256
