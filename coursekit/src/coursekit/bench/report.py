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
    "Each run: a Chromium profile on loopback, fresh (cold), there for the second time after half a "
    "minute (warm; over the line a minute), or so with the server stopped (offline), sites alternating, "
    "times from the start of the navigation, all cells run as soon as the shell has a kernel; over a line that is "
    "named, the server compresses, waits 40 ms before each answer, and sends all together at that rate. Stock: same "
    "versions and apps, JupyterLite's own addons only, nothing prefetched, source wheels on its own origin, an empty "
    "wheel for what the course's lock leaves out."
)
SITES = ("stock", "ours")


def summary(runs: list[Run]) -> dict:
    """Return every run, the medians of each site by condition, and ours / stock's cold start over the same line."""
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.condition, run.site), []).append(run)
    medians: dict[str, dict] = {}
    for (condition, site), some in groups.items():
        middle = {name: median(run.measures[name] for run in some) for name in MEASURES}
        medians.setdefault(condition, {})[site] = middle
    return {
        "conditions": CONDITIONS,
        "measures": MEASURES,
        "runs": [asdict(run) for run in runs],
        "medians": medians,
        "ratios": {condition: _ratios(condition, medians) for condition in medians},
        "off_origin": {site: sum(len(run.off_origin) for run in runs if run.site == site) for site in SITES},
    }


def _ratios(condition: str, medians: dict[str, dict]) -> dict[str, float]:
    """Ours / stock's cold start; none where that was not measured."""
    cold = condition.replace("warm", "cold").replace("offline", "cold")
    stock = medians.get(cold, {}).get("stock")
    return {name: medians[condition]["ours"][name] / stock[name] for name in MEASURES if stock}


def table(made: dict) -> str:
    """Each run, the medians, and the ratios, a line each."""
    rows = [["", *(name.replace("_", " ") for name in MEASURES)]]
    rows += [[f"{run['condition']}: {run['site']}", *_figures(run["measures"])] for run in made["runs"]]
    for condition, sites in made["medians"].items():
        rows += [[f"{condition}: median {site}", *_figures(medians)] for site, medians in sites.items()]
        ratios = [f"{ratio:.2f}" for ratio in made["ratios"][condition].values()]
        rows += [[f"{condition}: ours / stock cold", *ratios]] if ratios else []
    label, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join("  ".join([row[0].ljust(label), *map(str.rjust, row[1:], widths)]) for row in rows)


def _figures(measures: dict[str, float]) -> list[str]:
    return [f"{measures[name]:,.0f}" if name in ("requests", "bytes") else f"{measures[name]:.1f}" for name in MEASURES]
