"""A static server for a built site: loopback only, the right types, no word about it."""

import contextlib
import errno
import functools
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
TYPES = {
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
}


class SiteHandler(SimpleHTTPRequestHandler):
    """Serve files, quietly; let the browser ask again whether they changed."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Who follows a wrong link gets the site's own page for it, as from other servers of static sites."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or "text/html" not in self.headers.get("Accept", "") or not page.exists():
            return super().send_error(code, message, explain)
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


class SiteServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: object):
        self._connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close what browsers keep open too: a server that has stopped answers nothing."""
        super().server_close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of a file is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}/"


def bind(folder: Path, port: int = 0, handler: Callable[..., SiteHandler] = SiteHandler) -> SiteServer:
    """Bind to `port`, or to a free one when somebody has it; what is asked of `folder` a `handler` answers."""
    answer = functools.partial(handler, directory=str(folder))
    try:
        return SiteServer((HOST, port), answer)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return SiteServer((HOST, 0), answer)


@contextlib.contextmanager
def serving(folder: Path, handler: Callable[..., SiteHandler] = SiteHandler) -> Iterator[str]:
    """Serve `folder` in the background; yield its address."""
    server = bind(folder, handler=handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve_until_interrupted(folder: Path, port: int) -> None:
    """Serve `folder`, say where, and stop quietly on Ctrl-C. Raises ValueError when it holds no site."""
    if not (folder / "index.html").exists():
        raise ValueError(f"no site in {folder}: `jupyter lite build` makes one")
    server = bind(folder, port)
    if server.server_port != port:
        print(f"port {port} is taken", flush=True)
    print(f"The course is at {server.url}  (Ctrl-C stops it)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
    finally:
        server.server_close()
