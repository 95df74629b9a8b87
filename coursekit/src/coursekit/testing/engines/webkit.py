"""WebKit, over WebDriver's HTTP: Debian's WebKitWebDriver with GTK's MiniBrowser, on a screen that is not there."""

import contextlib
import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from .page import EnginePage, Message
from .process import START_SECONDS, Started, started

ANSWER_SECONDS = 300
#: what the page keeps, from the end of its loading on, for whoever asks next
HEAR = """async () => {
  window.heard = [];
  const real = console.error;
  console.error = (...told) => { heard.push(told.map(String).join(" ")); real(...told); };
  addEventListener("error", ({ message }) => heard.push(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => heard.push(`unhandled: ${reason}`));
}"""
#: the value of a call, or how it failed, and what was heard meanwhile
CALL = """const [argument, done] = arguments;
const tell = (came) => done({ heard: (window.heard ?? []).splice(0), ...came });
(%s)(argument).then((value) => tell({ value }), (error) => tell({ failed: String(error) }));"""


class WebKit:
    """How to start one: a driver has one browser at a time, so every context gets a driver of its own."""

    def __init__(self, driver: str, screen: str, browser: str, proxy: str):
        self._driver, self._screen, self._browser, self._proxy = driver, screen, browser, proxy

    @contextlib.contextmanager
    def new_context(self) -> Iterator["Context"]:
        port = _free_port()
        environment = {"WEBKIT_DISABLE_DMABUF_RENDERER": "1", "NO_AT_BRIDGE": "1"}
        if os.geteuid() == 0:  # its sandbox refuses to be root's
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        # The screen's number is no other's either: two that look for a free one at the same time find the same.
        command = [self._screen, f"--server-num={port % 50_000}", self._driver, f"--port={port}"]
        with started(command, environment) as process:
            _wait_until_ready(port, process)
            wanted = {"capabilities": {"alwaysMatch": self._capabilities()}}
            session = ask(port, "POST", "/session", wanted, timeout=START_SECONDS)
            address = f"/session/{session['sessionId']}"
            try:
                yield Context(port, address)
            finally:
                ask(port, "DELETE", address)

    def _capabilities(self) -> dict:
        return {
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {"binary": self._browser, "args": ["--automation"]},
            "proxy": {
                "proxyType": "manual",
                "httpProxy": self._proxy,
                "sslProxy": self._proxy,
                "noProxy": ["127.0.0.1"],
            },
            "timeouts": {"script": ANSWER_SECONDS * 1000, "pageLoad": ANSWER_SECONDS * 1000},
        }


class Context(EnginePage):
    """One window in a storage of its own: Playwright's context, and the only page in it.

    The driver tells of no requests and no errors. What leaves the site's origin is caught by the proxy; of the console
    the page itself is asked, so what it says while it loads is missed.
    """

    def __init__(self, port: int, address: str):
        super().__init__(self)
        self._port, self._address = port, address

    def navigate(self, url: str) -> None:
        self._ask("url", {"url": url})
        self.call(HEAR, "")

    def call(self, function: str, argument: str) -> str:
        came = self._ask("execute/async", {"script": CALL % function, "args": [argument]})
        for text in came["heard"]:
            self.tell("console", Message("error", text, {}))
        if "failed" in came:
            raise RuntimeError(came["failed"])
        return came["value"]

    def actions(self, actions: list[dict]) -> None:
        self._ask("actions", {"actions": actions})

    def _ask(self, command: str, body: dict) -> object:
        return ask(self._port, "POST", f"{self._address}/{command}", body)


def ask(port: int, method: str, path: str, body: dict | None = None, timeout: float = ANSWER_SECONDS) -> object:
    """Send the driver a command and return its value. Raises RuntimeError with what it said."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as to:
        to.request(method, path, None if body is None else json.dumps(body))
        value = json.loads(to.getresponse().read())["value"]
    if isinstance(value, dict) and "error" in value and "message" in value:
        raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
    return value


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait_until_ready(port: int, process: Started) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if ask(port, "GET", "/status")["ready"]:
                return
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > deadline:
                raise RuntimeError(f"WebKitWebDriver did not start: {' / '.join(process.said[-5:])}") from error
        time.sleep(0.1)


def minibrowser(driver: Path) -> str | None:
    """Debian keeps it beside the libraries, in a folder with the machine's own name."""
    return max(map(str, driver.parents[1].glob("lib/*/webkit2gtk-4.1/MiniBrowser")), default=None)
