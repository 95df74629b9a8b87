"""`coursekit bench`: build the stock site, start both sites by turns, report."""

import importlib.metadata
import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from ..testing.browser import ensure
from .line import compressed_copy
from .measure import LINES, STARTS, Condition, Run, measure
from .page import copy_with_page
from .report import summary, table
from .stock import build_stock

# Without a network there is no line.
CONDITIONS = [Condition(start, line) for line in ("", *LINES) for start in STARTS if not (line and start == "offline")]
VERSIONS = ("jupyterlite-core", "jupyterlite-pyodide-kernel")


def bench(config: Path, site: Path, target: Path, runs: int, timeout: float, only: str = "") -> str:
    """Measure `runs` starts of each site in each condition that begins with `only`; return what to tell."""
    conditions = [one for one in CONDITIONS if str(one).startswith(only)]
    if not conditions:
        raise ValueError(f"--only must begin one of {', '.join(map(str, CONDITIONS))}; got {only}")
    if runs < 1:
        raise ValueError(f"--runs must be at least 1; got {runs}")
    if not (site / "jupyter-lite.json").exists():
        raise ValueError(f"{site} is no built site: `jupyter lite build` makes one")
    build = config.parent / "build"
    folders = {"stock": build / "stock", "ours": build / "bench" / "ours"}
    print("building the stock site", file=sys.stderr, flush=True)
    build_stock(config, build / "bench" / "stock", folders["stock"])
    copy_with_page(site, folders["ours"])
    if any(one.line for one in conditions):
        for folder in folders.values():
            compressed_copy(folder, folder.with_name(f"{folder.name}-compressed"))
    made = summary([run for one in conditions for run in _by_turns(folders, one, runs, timeout)])
    made["versions"] = {name: importlib.metadata.version(name) for name in VERSIONS}
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    outside = ", ".join(f"{site} {count}" for site, count in made["off_origin"].items())
    return f"{table(made)}\n\n{made['conditions']}\nRefused off-origin requests: {outside}.\nAll of it is in {target}."


def _by_turns(folders: dict[str, Path], condition: Condition, runs: int, timeout: float) -> list[Run]:
    executable = ensure()
    done = []
    with sync_playwright() as playwright:
        for number in range(1, runs + 1):
            for site, folder in folders.items():
                if condition.start == "offline" and site == "stock":
                    continue  # It keeps nothing.
                print(f"[{number}/{runs}] {condition}: {site}", file=sys.stderr, flush=True)
                done.append(measure(playwright, executable, site, folder, condition, timeout))
    return done
