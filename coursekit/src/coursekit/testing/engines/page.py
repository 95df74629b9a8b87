"""One page of a browser that Playwright does not drive: what `Lab` and the tests ask of Playwright's own page."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

#: WebDriver's names of keys that write nothing (WebDriver, 17.4.2)
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " "}
KEYS |= {"End": "\ue010", "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowRight": "\ue014"}
KEYS |= {"\n": "\ue007", "Shift": "\ue008", "Control": "\ue009"}
POLL = 0.1


class Driver(Protocol):
    """How an engine is spoken to; `function` is an async one that takes one JSON text and returns another."""

    def navigate(self, url: str) -> None: ...
    def call(self, function: str, argument: str) -> str: ...
    def actions(self, actions: list[dict]) -> None: ...


@dataclass(frozen=True)
class Message:
    """What a page told its console, as Playwright has it."""

    type: str
    text: str
    location: dict


class EnginePage:
    """A page that goes to an address, evaluates, waits, presses keys and types."""

    def __init__(self, driver: Driver):
        self._driver = driver
        self._heard: dict[str, list[Callable]] = defaultdict(list)
        self.keyboard = self

    def new_page(self) -> "EnginePage":
        """The only page of its context, and that is itself."""
        return self

    def on(self, event: str, listener: Callable) -> None:
        self._heard[event].append(listener)

    def tell(self, event: str, what: object) -> None:
        for listener in self._heard[event]:
            listener(what)

    def goto(self, url: str) -> None:
        self._driver.navigate(url)

    def reload(self) -> None:
        self.goto(self.evaluate("() => location.href"))

    def evaluate(self, expression: str, argument: object = None) -> object:
        """What `expression` is, or gives for `argument` where it is a function; awaited, as JSON has it."""
        return self._evaluate(expression, argument, "JSON.stringify(got) ?? 'null'")

    def _evaluate(self, expression: str, argument: object, answer: str) -> object:
        function = (
            f"async (argument) => {{ const asked = ({expression});"
            " const got = await (typeof asked === 'function' ? asked(JSON.parse(argument)) : asked);"
            f" return {answer}; }}"
        )
        return json.loads(self._driver.call(function, json.dumps(argument)))

    def wait_for_function(self, expression: str, *, arg: object = None, timeout: float = 30_000) -> None:
        """Wait until `expression` holds; `timeout` in milliseconds, as Playwright has it. Raises TimeoutError."""
        deadline = time.monotonic() + timeout / 1000
        while not self._evaluate(expression, arg, "String(Boolean(got))"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"did not come true within {timeout / 1000:g} s: {expression}")
            time.sleep(POLL)

    def press(self, key: str) -> None:
        """Press one key, or several that are held together, as in "Shift+Enter"."""
        self._act(held(key.split("+")))

    def type(self, text: str) -> None:
        self._act([action for letter in text for action in held(letter)])

    def _act(self, actions: list[dict]) -> None:
        self._driver.actions([{"type": "key", "id": "keyboard", "actions": actions}])


def held(keys: Iterable[str]) -> list[dict]:
    """One after the other the keys go down, and up again the other way round."""
    values = [KEYS.get(key, key) for key in keys]
    downs = [{"type": "keyDown", "value": value} for value in values]
    return downs + [{"type": "keyUp", "value": value} for value in reversed(values)]
