"""A proxy that lets nothing through and remembers who asked: every request that leaves the site's origin.

No browser sends loopback addresses to a proxy, so what arrives here is off-origin, whoever asked:
page, worker, service worker or the browser itself.
"""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import Request

#: what a browser itself calls, whatever the page; a page that called them is caught by its own requests
OWN_ERRANDS = (
    "accounts.google.com",
    "aus5.mozilla.org",
    "clients2.google.com",
    "content-autofill.googleapis.com",
    "firefox.settings.services.mozilla.com",
    "redirector.gvt1.com",
    "update.googleapis.com",
)


class Outsiders:
    """Use as a context manager; `asked` lists what was refused, and what `watch`ed pages asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Refuse(BaseHTTPRequestHandler):
            def refuse(self) -> None:
                # A tunnel is asked for as host:port, anything else by its whole address.
                host = urlsplit(self.path if "//" in self.path else f"//{self.path}").hostname
                if host not in OWN_ERRANDS:
                    asked.append(f"{self.command} {self.path}")
                self.send_error(403, "off-origin")

            do_CONNECT = do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = refuse

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Refuse)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def watch(self, origin: str) -> Callable[[Request], None]:
        """Return a listener for a browser context's requests that notes those that leave `origin`."""

        def note(request: Request) -> None:
            if not request.url.startswith((origin, "data:", "blob:")):
                self.asked.append(f"{request.method} {request.url}")

        return note

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def argument(self) -> str:
        """Chromium's command-line argument."""
        return f"--proxy-server=http://{self.address}"

    def __enter__(self) -> "Outsiders":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
