"""What a page costs in traffic: every request on record, bodies as long as a compressing server would send them."""

import contextlib
import functools
import gzip
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ..server import SiteHandler, serving
from .line import PACKED, Line


class Request(NamedTuple):
    path: str
    status: int
    at: float
    referrer: str = ""


@contextlib.contextmanager
def recording(folder: Path, line: Line | None = None) -> Iterator[tuple[str, list[Request]]]:
    """Serve `folder` in the background; yield its address and the list that every answered request joins.

    Over a `line`, the folder is a `compressed_copy`.
    """
    asked: list[Request] = []

    class Recorder(SiteHandler):
        def log_request(self, code: int | str = 0, size: object = None) -> None:
            self.status = int(code)
            asked.append(Request(self.path, self.status, time.time(), self.headers.get("Referer", "")))

    class Slow(Recorder):
        def do_GET(self) -> None:
            time.sleep(line.delay)
            super().do_GET()

        def end_headers(self) -> None:
            if self.status == 200 and file_of(folder, self.path).suffix not in PACKED:
                self.send_header("Content-Encoding", "gzip")
            super().end_headers()

        def copyfile(self, source, outputfile) -> None:
            line.send(source, outputfile)

    with serving(folder, Slow if line else Recorder) as url:
        yield url, asked


def transferred(asked: Iterable[Request], folder: Path) -> int:
    """Bytes of all bodies; an answer without a body (304: the browser has it) costs nothing, headers do not count."""
    return sum(sent(file_of(folder, one.path)) for one in asked if one.status == 200)


def file_of(folder: Path, path: str) -> Path:
    """The file that answers a request for `path`."""
    found = folder / unquote(urlsplit(path).path).lstrip("/")
    return found / "index.html" if found.is_dir() else found


@functools.cache
def sent(file: Path) -> int:
    """The bytes of `file` as a compressing server would send it."""
    data = file.read_bytes()
    return len(data) if file.suffix in PACKED else min(len(data), len(gzip.compress(data, 6)))
