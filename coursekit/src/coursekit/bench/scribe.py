"""What each kind of visit asks of a web server: Chromium makes it once, and the server keeps the list."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, sync_playwright

from ..testing.browser import ARGUMENTS, ensure
from ..testing.lab import Lab
from .traffic import Request, recording
from .visits import Visit

PATIENCE = 180
WORKER = "service-worker.js"
REFUSE = "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no', 'SecurityError'));"
#: the list of the files is kept last, after all that it names
KEPT = """async () => {
  for (const name of await caches.keys())
    if (await (await caches.open(name)).match(new URL('offline.json', location))) return true;
  return false;
}"""


def record(site: Path) -> list[Visit]:
    """Let Chromium read the site's longest lesson, run it, and keep the course; and come again to each.

    Raises ValueError for a site without a lesson that can be both read and run.
    """
    lesson, executable = longest(site), ensure()
    with recording(site) as (url, asked), sync_playwright() as playwright:
        return list(_visits(Scribe(playwright.chromium, executable, url, asked), lesson))


def longest(site: Path) -> str:
    """The name of the lesson whose page to read has the most bytes."""
    pages = {page.stem: page.stat().st_size for page in site.glob("read/*.html")}
    lessons = [name for name in pages if (site / "files" / f"{name}.ipynb").exists()]
    if not lessons:
        raise ValueError(f"{site} has no lesson that can be read (read/NAME.html) and run (files/NAME.ipynb)")
    return max(lessons, key=pages.__getitem__)


def _visits(scribe: "Scribe", lesson: str) -> Iterator[Visit]:
    page, notebook = f"read/{lesson}.html", f"{lesson}.ipynb"
    with scribe.profile() as profile:
        yield scribe.visit("reads one page", profile, lambda lab: read_page(lab, page))
    with scribe.profile() as profile:
        yield scribe.visit("runs one notebook", profile, lambda lab: run_notebook(lab, notebook))
    with scribe.profile(REFUSE) as profile:
        scribe.visit("", profile, lambda lab: run_notebook(lab, notebook))
        yield scribe.visit("runs it again", profile, lambda lab: run_notebook(lab, notebook))
    with scribe.profile() as profile:
        yield scribe.visit("keeps the course", profile, keep, background=True)
        yield scribe.visit("runs one, kept", profile, lambda lab: run_kept(lab, notebook, scribe), background=True)


class Scribe:
    """Makes visits in profiles of a browser, and tells what each of them asked."""

    def __init__(self, chromium: BrowserType, executable: str, url: str, asked: list[Request]):
        self.chromium = chromium
        self.executable = executable
        self.url = url
        self.asked = asked

    @contextlib.contextmanager
    def profile(self, script: str = "") -> Iterator[BrowserContext]:
        """A browser that was never here, in whose pages `script` runs first.

        On a disk, as learners have it: what is in memory only forgets large files.
        """
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            self.chromium.launch_persistent_context(folder, executable_path=self.executable, args=ARGUMENTS) as context,
        ):
            context.set_default_timeout(PATIENCE * 1000)
            if script:
                context.add_init_script(script)
            yield context

    def visit(
        self, name: str, profile: BrowserContext, make: Callable[[Lab], None], *, background: bool = False
    ) -> Visit:
        """Make a visit; what the service worker fetches of its own accord counts in the `background` only."""
        before = len(self.asked)
        tab = profile.new_page()
        make(Lab(tab, self.url))
        tab.close()
        made = [one for one in self.asked[before:] if background or WORKER not in one.referrer]
        return Visit(name, tuple((one.path, one.status) for one in made if one.status in (200, 304)))


def read_page(lab: Lab, path: str) -> None:
    lab.page.goto(lab.url + path)
    lab.page.evaluate("async () => { await navigator.serviceWorker.ready; }")


def run_notebook(lab: Lab, notebook: str) -> None:
    lab.open(notebook, timeout=PATIENCE)
    lab.run_all(timeout=PATIENCE)


def keep(lab: Lab) -> None:
    lab.page.goto(lab.url)
    lab.until(lambda: lab.page.evaluate(KEPT), timeout=PATIENCE)


def run_kept(lab: Lab, notebook: str, scribe: Scribe) -> None:
    before = len(scribe.asked)
    run_notebook(lab, notebook)
    lab.until(lambda: any(WORKER in one.path for one in scribe.asked[before:]))
