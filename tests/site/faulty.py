"""A server with faults: a file that is missing, is late or breaks off, and a network that is gone from then on."""

import contextlib
import functools
import threading
from collections.abc import Callable
from pathlib import Path

from coursekit.server import SiteHandler, serving

#: from here on it is another YEAR, in a page or in a worker
CLOCK = """
  const now = Date.now, shift = Date.UTC(YEAR, 6) - now();
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [now() + shift])); }
    static now() { return now() + shift; }
  };
"""
PATIENCE = 120  # seconds that a late file waits for its test at most


class FaultyHandler(SiteHandler):
    """Serve files as the site's own server does; `faults` has by file name what is done in place of that, or before."""

    def __init__(self, *given, faults: dict[str, Callable[["FaultyHandler"], bool]], **named):
        self.faults = faults
        super().__init__(*given, **named)

    def do_GET(self) -> None:
        fault = self.faults.get(self.path.partition("?")[0].rpartition("/")[2]) or self.faults.get("*")
        if not (fault and fault(self)):
            super().do_GET()

    def do_HEAD(self) -> None:
        fault = self.faults.get("*")
        if not (fault and fault(self)):
            super().do_HEAD()


def missing(handler: FaultyHandler) -> bool:
    handler.send_error(404)
    return True


def gone(handler: FaultyHandler) -> bool:
    """No answer at all, as of a server that has died."""
    handler.close_connection = True
    return True


def cut(handler: FaultyHandler) -> bool:
    """Half of the file, then the end of the connection."""
    content = Path(handler.translate_path(handler.path)).read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Type", handler.guess_type(handler.path))
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.close_connection = True
    return True


def begun_with(script: str) -> Callable[[FaultyHandler], bool]:
    """The file, a script, does something else first."""

    def begin(handler: FaultyHandler) -> bool:
        content = script.encode() + Path(handler.translate_path(handler.path)).read_bytes()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/javascript")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        return True

    return begin


def dying(handler: FaultyHandler) -> bool:
    """Half of the file, and from then on nothing of any file."""
    handler.faults["*"] = gone
    return cut(handler)


def once(fault: Callable[[FaultyHandler], bool]) -> Callable[[FaultyHandler], bool]:
    """The fault at the first time, and never again."""
    left = [fault]
    return lambda handler: bool(left) and left.pop()(handler)


def late(until: threading.Event) -> Callable[[FaultyHandler], bool]:
    """The file comes once the test says so."""

    def wait(handler: FaultyHandler) -> bool:
        until.wait(PATIENCE)
        return False

    return wait


def without_python(context) -> None:
    """To write and to keep what was written takes no Python, which takes seconds to start."""
    context.route("**/static/pyodide/*.mjs", lambda route: route.abort())


def serving_faults(
    folder: Path, faults: dict[str, Callable[[FaultyHandler], bool]]
) -> contextlib.AbstractContextManager[str]:
    """Serve `folder` with these faults, which may change meanwhile; gives its address."""
    return serving(folder, functools.partial(FaultyHandler, faults=faults))
