"""Find a Chromium, or install one: Playwright's own, else Debian's when root, else say so in one sentence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: a browser that minds its own business: no sandbox (root), no screen, no calls home
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
]


def candidates(playwright: Playwright) -> Iterator[str]:
    """Paths where a browser may be, best first."""
    yield os.environ.get("COURSEKIT_CHROMIUM", "")
    yield playwright.chromium.executable_path
    for name in NAMES:
        yield shutil.which(name) or ""


def find(playwright: Playwright) -> str | None:
    return next((path for path in candidates(playwright) if path and Path(path).exists()), None)


def ensure() -> str:
    """Return the path of a Chromium, installing one if need be; raise RuntimeError if none can be had."""
    with sync_playwright() as playwright:
        found = find(playwright) or _install(playwright)
    if not found:
        raise RuntimeError(
            "no Chromium was found, and none could be installed: neither Playwright's download nor (as root) "
            "Debian's package `chromium` came; install Chromium by hand and name it in COURSEKIT_CHROMIUM"
        )
    return found


def _install(playwright: Playwright) -> str | None:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    run([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"])
    if not find(playwright) and root and shutil.which("apt-get"):
        run(["apt-get", "update"])
        run(["apt-get", "install", "--yes", "chromium"])
    return find(playwright)


def run(command: list[str]) -> None:
    """Run an installer, and show its words as those of an error; whether it helped is seen afterwards."""
    print(" ".join(command), file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdout=sys.stderr, env=environment, stdin=subprocess.DEVNULL)
