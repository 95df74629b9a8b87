"""A pack: the files of many archives as one, which a browser unpacks by itself, before its Python has started.

    gzip of: length of the index (4 bytes, little-endian), index (JSON: folder -> [[name, size], ...]), all contents

One request and one hash in place of one for each wheel; no file is inflated or written by Python, and what similar
files have in common is packed together.
"""

import fnmatch
import gzip
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

#: what Pyodide writes beside a wheel that it has unpacked itself
UNPACKED = {"INSTALLER": b"pyodide.loadPackage", "PYODIDE_SOURCE": b"pyodide"}
#: hashes of files as they were before they were compiled, and data for folders that a browser has not got
UNWANTED = ("*.dist-info/RECORD", "*.data/*")


def closure(packages: Mapping[str, dict], roots: Iterable[str]) -> list[str]:
    """`roots` and all that they depend on, by name, among the `packages` of a lock of Pyodide's own form."""
    waiting, seen = list(roots), set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += packages[name]["depends"]
    return sorted(seen)


def files_of(archives: Iterable[tuple[Path, str]]) -> dict[str, bytes]:
    """The files of `archives`, each with the folder to unpack it into, by their paths there."""
    return {f"{root}/{name}": content for archive, root in archives for name, content in _wanted(archive)}


def pack(files: Mapping[str, bytes], compressed: bool = True) -> bytes:
    """Pack `files`; the same files give the same bytes."""
    index: dict[str, list] = {}
    # The order of the index: the contents follow in it.
    ordered = sorted(files, key=lambda path: (path.rpartition("/")[0], path))
    for path in ordered:
        folder, _, name = path.rpartition("/")
        index.setdefault(folder, []).append([name, len(files[path])])
    head = json.dumps(index, separators=(",", ":")).encode()
    content = b"".join([len(head).to_bytes(4, "little"), head, *map(files.get, ordered)])
    return gzip.compress(content, 9, mtime=0) if compressed else content


def _wanted(archive: Path) -> Iterable[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.endswith("/") or any(fnmatch.fnmatch(name, pattern) for pattern in UNWANTED):
                continue
            yield name, opened.read(name)
            if name.endswith(".dist-info/METADATA"):
                yield from ((name.replace("METADATA", told), text) for told, text in UNPACKED.items())
