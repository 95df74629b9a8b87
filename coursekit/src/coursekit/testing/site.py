"""The built site, served, and a browser to see it in: one of each for all tests of a process."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..server import serving

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from .lab import Lab

#: a reader who saves data: no Python before it is asked for, and no copy of the course, which would take the time of
#: whatever else is tested here (a service worker learns of no setting; so it is never told that it may go on)
SAVING = """
  if (window.NetworkInformation) Object.defineProperty(NetworkInformation.prototype, "saveData", { get: () => true });
  if (window.ServiceWorker) {
    const post = ServiceWorker.prototype.postMessage;
    ServiceWorker.prototype.postMessage = function (message, ...more) {
      const held = message?.kind === "go on" && !message.insist;
      post.call(this, held ? { ...message, kind: "tell" } : message, ...more);
    };
  }"""


def built_site(config: pytest.Config) -> Path:
    folder = config.getoption("browser_site")
    if not folder or not (Path(folder) / "jupyter-lite.json").exists():
        raise pytest.UsageError(f"--browser-site must name a built site; got {folder!r}")
    return Path(folder)


class Site:
    """The served site and the browser, started on first use, once for each worker."""

    def __init__(self, config: pytest.Config):
        self.config = config
        with ExitStack() as self._stack:  # what was started is stopped again if the browser does not start
            self._start(built_site(config))
            self._stack = self._stack.pop_all()

    def _start(self, folder: Path) -> None:
        from . import engines
        from .outsiders import Outsiders

        self.url = self._stack.enter_context(serving(folder))
        self.outsiders = self._stack.enter_context(Outsiders())
        engine = self.config.getoption("browser_engine")
        if engine == "chromium":
            self._start_chromium()
        else:
            self.browser = self._stack.enter_context(engines.launch(engine, self.outsiders.address))

    def _start_chromium(self) -> None:
        from playwright.sync_api import sync_playwright

        from .browser import ARGUMENTS, find

        playwright = self._stack.enter_context(sync_playwright())
        executable = find(playwright)
        if not executable:
            raise pytest.UsageError("no Chromium: `coursekit browser` installs one")
        arguments = [*ARGUMENTS, self.outsiders.argument]
        self.browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        self._stack.callback(self.browser.close)

    @contextmanager
    def context(self, **options: object) -> Iterator["BrowserContext"]:
        """A fresh browser profile of a reader who saves data; `self.browser` makes those of all others."""
        with self.browser.new_context(**options) as context:
            if self.config.getoption("browser_engine") == "chromium":
                context.add_init_script(SAVING)
            yield context

    @contextmanager
    def lab(self) -> Iterator["Lab"]:
        """A page in a fresh browser profile."""
        from .lab import Lab

        with self.context() as context:
            context.on("request", self.outsiders.watch(self.url))
            yield Lab(context.new_page(), self.url, self.config.getini("browser_app"))

    def close(self) -> None:
        self._stack.close()

    def unexplained(self, errors: list[str]) -> list[str]:
        explained = [re.compile(pattern) for pattern in self.config.getini("browser_explained")]
        return [error for error in errors if not any(pattern.search(error) for pattern in explained)]


_SITE = pytest.StashKey[Site]()


def site_of(config: pytest.Config) -> Site:
    if _SITE not in config.stash:
        config.stash[_SITE] = Site(config)
    return config.stash[_SITE]


def close_site(config: pytest.Config) -> None:
    if _SITE in config.stash:
        config.stash[_SITE].close()
