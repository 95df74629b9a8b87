"""A slow line to a fast server: so many bits a second for all connections together, and each answer late."""

import gzip
import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

#: compressed by their makers, so sent as they are
PACKED = frozenset({".gif", ".gz", ".jpg", ".pack", ".png", ".snapshot", ".whl", ".woff", ".woff2", ".zip"})
CHUNK = 16_384


@dataclass
class Line:
    """`megabits` a second, `delay` in seconds before each answer; what is sent on one connection delays the others."""

    megabits: float
    delay: float
    _free: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def due(self, size: int, now: float) -> float:
        """The time at which `size` more bytes have passed, if they are handed over `now`."""
        with self._lock:
            self._free = max(self._free, now) + size * 8 / (self.megabits * 1e6)
            return self._free

    def send(self, source: BinaryIO, target: BinaryIO) -> None:
        while chunk := source.read(CHUNK):
            wait = self.due(len(chunk), time.monotonic()) - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            target.write(chunk)


def compressed_copy(site: Path, target: Path) -> None:
    """Copy `site` with every file as a compressing server would send it."""

    def copy(source: str, copied: str) -> None:
        if Path(source).suffix in PACKED:
            os.link(source, copied)
        else:
            Path(copied).write_bytes(gzip.compress(Path(source).read_bytes(), 6, mtime=0))

    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target, copy_function=copy)
