"""Firefox, over WebDriver BiDi: one web socket, no driver in between."""

import contextlib
import itertools
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import websocket

from .page import EnginePage, Message
from .process import started

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
#: for one answer: a cell that trains may keep the kernel busy, never the page
ANSWER_SECONDS = 300
#: beside those that Firefox itself sets when it is driven: the proxy, and no errands of its own
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.region.update.enabled": False,
    "browser.search.update": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "nimbus.rollouts.enabled": False,
    "security.remote_settings.crlite_filters.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A running Firefox; every context has a storage of its own."""

    def __init__(self, url: str):
        self._socket = websocket.create_connection(f"{url}/session", suppress_origin=True, timeout=ANSWER_SECONDS)
        self._ids = itertools.count()
        self._contexts: dict[str, Context] = {}
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])

    def ask(self, method: str, **params: object) -> dict:
        """Send a command and return its result; hand round whatever happened meanwhile. Raises RuntimeError."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            came = json.loads(self._socket.recv())
            if came.get("id") == number:
                break
            if came["type"] == "event":
                self._hand_round(came["method"], came["params"])
        if came["type"] == "error":
            raise RuntimeError(f"{method}: {came['message']}")
        return came["result"]

    def _hand_round(self, method: str, event: dict) -> None:
        name = event.get("context") or event.get("source", {}).get("context")
        context = self._contexts.get(name)
        if context and method == "log.entryAdded":
            context.logged(event)
        elif context:
            asked = SimpleNamespace(method=event["request"]["method"], url=event["request"]["url"])
            context.tell("request", asked)

    @contextlib.contextmanager
    def new_context(self) -> Iterator["Context"]:
        user = self.ask("browser.createUserContext")["userContext"]
        name = self.ask("browsingContext.create", type="tab", userContext=user)["context"]
        self._contexts[name] = Context(self, name)
        try:
            yield self._contexts[name]
        finally:
            del self._contexts[name]
            self.ask("browser.removeUserContext", userContext=user)


class Context(EnginePage):
    """One tab in a storage of its own: Playwright's context, and the only page in it."""

    def __init__(self, firefox: Firefox, name: str):
        super().__init__(self)
        self._firefox, self._name = firefox, name

    def navigate(self, url: str) -> None:
        self._firefox.ask("browsingContext.navigate", context=self._name, url=url, wait="complete")

    def call(self, function: str, argument: str) -> str:
        came = self._firefox.ask(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": argument}],
            target={"context": self._name},
            awaitPromise=True,
        )
        if came["type"] == "exception":
            raise RuntimeError(came["exceptionDetails"]["text"])
        return came["result"]["value"]

    def actions(self, actions: list[dict]) -> None:
        self._firefox.ask("input.performActions", context=self._name, actions=actions)

    def logged(self, entry: dict) -> None:
        frames = (entry.get("stackTrace") or {}).get("callFrames") or [{}]
        self.tell("console", Message(entry["level"], entry["text"] or "", {"url": frames[0].get("url", "")}))


@contextlib.contextmanager
def firefox(executable: str, proxy: str) -> Iterator[Firefox]:
    """Start Firefox with a fresh profile; `proxy` is host:port of what it has to ask for other servers."""
    host, port = proxy.split(":")
    settings = PREFERENCES | {f"network.proxy.{kind}": host for kind in ("http", "ssl")}
    settings |= {f"network.proxy.{kind}_port": int(port) for kind in ("http", "ssl")}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        command = [executable, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        # Root's Firefox refuses a home that is somebody else's, as it is in many a container.
        with started(command, {"HOME": profile}) as process:
            yield Firefox(process.wait_for(LISTENING))
