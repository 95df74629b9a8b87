"""Time several things by turns, so that a busy machine slows all of them alike."""

import os
import statistics
import sys
import time
from collections.abc import Callable


def seconds(run: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def by_turns(contestants: dict[str, Callable[[], float]], rounds: int, warm_up: int = 3) -> dict[str, list[float]]:
    """Ask each contestant for its seconds once a round; the first rounds warm up and are thrown away."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(warm_up + rounds):
        for name, measure in contestants.items():
            duration = measure()
            if number >= warm_up:
                taken[name].append(duration)
    return taken


def milliseconds(taken: list[float]) -> dict[str, float]:
    """Give median and minimum of seconds, in milliseconds."""
    return {"median_ms": round(statistics.median(taken) * 1e3, 4), "min_ms": round(min(taken) * 1e3, 4)}


def median_ratio(slower: list[float], faster: list[float]) -> float:
    """Give the median, over rounds, of how many times longer one took than the other in the same round."""
    return round(statistics.median(a / b for a, b in zip(slower, faster, strict=True)), 3)


def load() -> list[float] | None:
    """Say how busy the machine is: the load averages. In WebAssembly nobody knows, and a made-up answer is given."""
    known = hasattr(os, "getloadavg") and sys.platform != "emscripten"
    return [round(average, 2) for average in os.getloadavg()] if known else None
