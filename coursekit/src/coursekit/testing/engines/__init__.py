"""Firefox and WebKit beside Chromium: Debian's builds, spoken to in WebDriver's own words, with nothing in between."""

import contextlib
import os
import shutil
from pathlib import Path

from ..browser import run
from .firefox import Firefox, firefox
from .webkit import WebKit, minibrowser

#: what an engine needs: programs by their names, and Debian's packages that bring them
PROGRAMS = {"firefox": ("firefox-esr",), "webkit": ("WebKitWebDriver", "xvfb-run", "MiniBrowser")}
PACKAGES = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb", "xauth")}


def find(program: str) -> str | None:
    """The path of `program`; MiniBrowser is no command, and lies beside the library that comes with its driver."""
    if program != "MiniBrowser":
        return shutil.which(program)
    driver = shutil.which("WebKitWebDriver")
    return driver and minibrowser(Path(driver))


def missing(engine: str) -> list[str]:
    return [program for program in PROGRAMS[engine] if not find(program)]


def ensure(engine: str) -> None:
    """Install what `engine` needs and this machine has not got; raise RuntimeError if it cannot be had."""
    if missing(engine) and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        run(["apt-get", "update"])
        run(["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES[engine]])
    if lost := missing(engine):
        raise RuntimeError(
            f"{engine} was not found ({', '.join(lost)} is missing), and could not be installed: "
            f"as root on Debian, `apt-get install {' '.join(PACKAGES[engine])}` brings it"
        )


def launch(engine: str, proxy: str) -> contextlib.AbstractContextManager[Firefox | WebKit]:
    """Start `engine`; `proxy` is host:port of what it has to ask for other servers. Raises RuntimeError."""
    if lost := missing(engine):
        raise RuntimeError(f"no {engine}, for want of {', '.join(lost)}: `coursekit browser {engine}` installs it")
    paths = [find(program) for program in PROGRAMS[engine]]
    return firefox(*paths, proxy) if engine == "firefox" else contextlib.nullcontext(WebKit(*paths, proxy))
