"""`coursekit load`: what many learners cost a plain web server, all of them on this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from ..server import HOST
from .traffic import file_of, sent
from .visits import Visit

ABREAST = 30
MOST = 200
HEADERS = ("visit", "learners", "requests", "of them 304", "MB", "MB packed", "server's CPU", "slowest answer")


class Cost(NamedTuple):
    """What `learners` who made a visit cost a server, all together; `slowest` is the longest wait for one answer."""

    visit: Visit
    learners: int
    server_seconds: float
    slowest: float


def load(site: Path, visits: Iterable[Visit], counts: Iterable[int]) -> str:
    """Let so many learners make each visit to `site`, up to 30 at once; return a table of what one of them cost.

    Raises ValueError for a count that is not from 1 to 200, RuntimeError for an answer that is not the wanted one.
    """
    for count in (counts := list(counts)):
        if not 1 <= count <= MOST:
            raise ValueError(f"--learners must be from 1 to {MOST}; got {count}")
    costs = [_cost(site, visit, count) for visit in visits for count in counts]
    return table(_row(site, cost) for cost in costs)


def _cost(site: Path, visit: Visit, learners: int) -> Cost:
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", HOST, "--directory", str(site)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = int(server.stdout.readline().decode().split(" port ")[1].split()[0])
        with ThreadPoolExecutor(min(learners, ABREAST)) as crowd:
            slowest = max(crowd.map(lambda _: _make(site, visit, port), range(learners)))
    finally:
        server.terminate()
        _, _, used = os.wait4(server.pid, 0)
        server.returncode = 0
        server.stdout.close()
    return Cost(visit, learners, used.ru_utime + used.ru_stime, slowest)


def _make(site: Path, visit: Visit, port: int) -> float:
    """Make a visit; return the seconds until the slowest answer was whole."""
    slowest = 0.0
    for path, wanted in visit.asked:
        file = file_of(site, path)
        if not file.is_file():
            raise RuntimeError(f"{path}: this build has no such file; `coursekit load --record` has visits made anew")
        date = {"If-Modified-Since": formatdate(file.stat().st_mtime, usegmt=True)} if wanted == 304 else {}
        begun = time.perf_counter()
        status, size = _get(port, path, date)
        slowest = max(slowest, time.perf_counter() - begun)
        if (status, size) != (wanted, file.stat().st_size if wanted == 200 else 0):
            raise RuntimeError(f"{path}: wanted status {wanted}, got status {status} and {size} bytes")
    return slowest


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, int]:
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    finally:
        connection.close()


def _row(site: Path, cost: Cost) -> tuple[str, ...]:
    files = [file_of(site, path) for path, status in cost.visit.asked if status == 200]
    asked = len(cost.visit.asked)
    return (
        cost.visit.name,
        str(cost.learners),
        str(asked),
        str(asked - len(files)),
        f"{sum(file.stat().st_size for file in files) / 1e6:.2f}",
        f"{sum(map(sent, files)) / 1e6:.2f}",
        f"{cost.server_seconds / cost.learners:.2f} s",
        f"{cost.slowest:.2f} s",
    )


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Columns that line up: a head, then a line for each visit and crowd."""

    def lines() -> Iterator[str]:
        cells = [HEADERS, *rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for name, *figures in cells:
            yield "  ".join([name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])])

    return "\n".join(lines())
