"""A web server of our own, whose manners each test chooses."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from coursekit.runtime.lock import LockedFile


class Web:
    """Serves `files` by path; `asked` lists each request as (path, its Range header)."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: int | None = None
        self.knows_ranges = True
        self.content_type = "application/octet-stream"
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        body = self.files.get(request.path)
        if body is None:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.knows_ranges else 0
        if start and start >= len(body):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        request.send_header("Content-Type", self.content_type)
        request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        end = len(body) if self.break_after is None else start + self.break_after
        request.wfile.write(body[start:end])


@contextmanager
def _serving() -> Iterator[Web]:
    one = Web()
    thread = threading.Thread(target=one.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    with _serving() as one:
        yield one


@pytest.fixture
def portal() -> Iterator[Web]:
    """Another host, which answers every question with its own web page."""
    with _serving() as one:
        one.content_type = "text/html; charset=utf-8"
        yield one


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def locked():
    """Make a locked file of these contents and sources."""

    def make(body: bytes, *sources: str, file: str = "thing.bin") -> LockedFile:
        return LockedFile(file, sha256(body).hexdigest(), sources)

    return make
