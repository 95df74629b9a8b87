"""What a page costs in traffic: every request on record, bodies as long as a compressing server would send them."""

import contextlib
import functools
import gzip
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ..server import HOST, SiteHandler, SiteServer

#: compressed by their makers, so sent as they are
PACKED = frozenset({".gif", ".gz", ".jpg", ".pack", ".png", ".whl", ".woff", ".woff2", ".zip"})


class Request(NamedTuple):
    path: str
    status: int
    at: float


@contextlib.contextmanager
def recording(folder: Path) -> Iterator[tuple[str, list[Request]]]:
    """Serve `folder` in the background; yield its address and the list that every answered request joins."""
    asked: list[Request] = []

    class Recorder(SiteHandler):
        def log_request(self, code: int | str = 0, size: object = None) -> None:
            asked.append(Request(self.path, int(code), time.time()))

    server = SiteServer((HOST, 0), functools.partial(Recorder, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.url, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def transferred(asked: Iterable[Request], folder: Path) -> int:
    """Bytes of all bodies; an answer without a body (304: the browser has it) costs nothing, headers do not count."""
    return sum(_body(_file(folder, one.path)) for one in asked if one.status == 200)


def _file(folder: Path, path: str) -> Path:
    found = folder / unquote(urlsplit(path).path).lstrip("/")
    return found / "index.html" if found.is_dir() else found


@functools.cache
def _body(file: Path) -> int:
    data = file.read_bytes()
    return len(data) if file.suffix in PACKED else min(len(data), len(gzip.compress(data, 6)))
