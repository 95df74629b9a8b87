"""From runs to medians and ratios, as data and as a table."""

from dataclasses import asdict
from statistics import median

from .measure import Run

MEASURES = {
    "shell": "seconds until the shell has the notebook and a kernel for it",
    "first_output": "seconds until the first ordinary cell's output is in the document (stock: after its %pip cell)",
    "first_widget": "seconds until a widget's view is in the document",
    "first_plot": "seconds until a matplotlib picture is in the document",
    "requests": "requests that reached the server, workers' included, until all of that was there",
    "bytes": "their bodies, gzip level 6 except what is packed already (wheels, zip, png, woff); 304 counts 0",
}
CONDITIONS = (
    "Each run: a fresh Chromium profile on loopback, sites alternating, times from the start of the navigation, all "
    "cells run as soon as the shell has a kernel. Stock: same versions and apps, JupyterLite's own addons only, "
    "nothing prefetched, source wheels on its own origin, an empty wheel for what the course's lock leaves out."
)
SITES = ("stock", "ours")


def summary(runs: list[Run]) -> dict:
    """Return what was measured, every run, the medians of each site, and ours / stock."""
    measured = {site: [run for run in runs if run.site == site] for site in SITES}
    medians = {
        site: {name: median(run.measures[name] for run in some) for name in MEASURES} for site, some in measured.items()
    }
    return {
        "conditions": CONDITIONS,
        "measures": MEASURES,
        "runs": [asdict(run) for run in runs],
        "medians": medians,
        "ratios": {name: medians["ours"][name] / medians["stock"][name] for name in MEASURES},
        "off_origin": {site: sum(len(run.off_origin) for run in some) for site, some in measured.items()},
    }


def table(made: dict) -> str:
    """Each run, the medians, and the ratios, a line each."""
    rows = [["", *(name.replace("_", " ") for name in MEASURES)]]
    rows += [[run["site"], *_figures(run["measures"])] for run in made["runs"]]
    rows += [[f"median {site}", *_figures(medians)] for site, medians in made["medians"].items()]
    rows += [["ours / stock", *(f"{made['ratios'][name]:.2f}" for name in MEASURES)]]
    label, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join("  ".join([row[0].ljust(label), *map(str.rjust, row[1:], widths)]) for row in rows)


def _figures(measures: dict[str, float]) -> list[str]:
    return [f"{measures[name]:,.0f}" if name in ("requests", "bytes") else f"{measures[name]:.1f}" for name in MEASURES]
