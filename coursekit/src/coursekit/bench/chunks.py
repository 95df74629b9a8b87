"""`coursekit chunks`: see in a browser which chunks of its code an app asks for, for a picture and for a lesson."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from ..addons.shell import CHUNKS
from ..server import serving
from ..testing.browser import ARGUMENTS, ensure
from ..testing.lab import READY
from . import page
from .measure import WATCH

CHUNK = re.compile(r"/((?:build|extensions/.+/static)/(?:\d+|jlab_core))\.[0-9a-f]+\.js$")


def name_chunks(site: Path, work: Path, timeout: float = 180) -> list[str]:
    """Write down what the notebook app of `site` loads and has plugins of; return the names of its chunks."""
    page.copy_with_page(site, work)
    asked: list[str] = []
    lesson = min(path.name for path in (site / "files").glob("*.ipynb"))
    executable = ensure()
    with serving(work) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        tab = browser.new_context(service_workers="block").new_page()
        tab.add_init_script(WATCH)
        tab.on("request", lambda request: asked.append(urlsplit(request.url).path))
        tab.route("**/chunks.js", lambda route: route.abort())
        app = f"{url}{page.APP}/index.html?path="
        tab.goto(app + page.NAME)
        tab.wait_for_function("() => window.coursekitBench?.ended === 'all'", timeout=timeout * 1000)
        tab.goto(app + lesson)
        tab.wait_for_function(READY, timeout=timeout * 1000)
        tab.wait_for_load_state("networkidle")
        plugins = tab.evaluate("() => window.jupyterapp.listPlugins()")
        browser.close()
    found = sorted({match[1] for path in asked if (match := CHUNK.search(path))})
    packages = sorted({plugin.partition(":")[0] for plugin in plugins})
    CHUNKS.write_text(
        json.dumps({page.APP: {"chunks": found, "packages": packages}}, indent=1) + "\n", encoding="utf-8"
    )
    return found
