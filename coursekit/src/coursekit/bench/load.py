"""`coursekit load`: what many learners cost a plain web server, all of them on this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ..server import HOST

ABREAST = 8
MOST = 200
HEADERS = ("learners", "requests each", "MB each", "again", "server's CPU each", "slowest answer")


class Visit(NamedTuple):
    """`again` counts the bytes of a second visit, when the browser only asks whether its copies are still good."""

    requests: int
    bytes: int
    again: int
    slowest: float


class Cost(NamedTuple):
    learners: int
    visits: tuple[Visit, ...]
    server_seconds: float


def load(site: Path, counts: Iterable[int]) -> str:
    """Let so many learners fetch every file of `site` twice, a few abreast, and return a table of what it cost.

    Raises ValueError for a site that is not there or a count that is not from 1 to 200, RuntimeError for an answer
    that is not the file.
    """
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    if "index.html" not in files:
        raise ValueError(f"no site in {site}: `jupyter lite build` makes one")
    for count in (counts := list(counts)):
        if not 1 <= count <= MOST:
            raise ValueError(f"--learners must be from 1 to {MOST}; got {count}")
    return table([_cost(site, files, count) for count in counts])


def _cost(site: Path, files: list[str], learners: int) -> Cost:
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", HOST, "--directory", str(site)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = int(server.stdout.readline().decode().split(" port ")[1].split()[0])
        with ThreadPoolExecutor(ABREAST) as crowd:
            visits = tuple(crowd.map(lambda _: _visit(site, files, port), range(learners)))
    finally:
        server.terminate()
        _, _, used = os.wait4(server.pid, 0)
        server.returncode = 0
        server.stdout.close()
    return Cost(learners, visits, used.ru_utime + used.ru_stime)


def _visit(site: Path, files: list[str], port: int) -> Visit:
    first, dates, slowest = 0, {}, 0.0
    for name in files:
        begun = time.perf_counter()
        status, dates[name], body = _get(port, name, {})
        slowest = max(slowest, time.perf_counter() - begun)
        if status != 200 or len(body) != (site / name).stat().st_size:
            raise RuntimeError(f"{name}: asked for a file, got status {status} and {len(body)} bytes")
        first += len(body)
    again = sum(len(_get(port, name, {"If-Modified-Since": dates[name]})[2]) for name in files)
    return Visit(2 * len(files), first, again, slowest)


def _get(port: int, name: str, headers: dict[str, str]) -> tuple[int, str | None, bytes]:
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", f"/{quote(name)}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Last-Modified"), answer.read()
    finally:
        connection.close()


def table(costs: list[Cost]) -> str:
    """A line for each crowd: what one learner of it cost, and how long anybody waited for one file."""
    rows = [HEADERS]
    for learners, visits, seconds in costs:
        each, again = {(one.requests, one.bytes) for one in visits}, {one.again for one in visits}
        ((requests, size),) = each
        rows.append(
            (
                str(learners),
                str(requests),
                f"{size / 1e6:.1f}",
                f"{max(again) / 1e6:.1f}",
                f"{seconds / learners:.2f} s",
                f"{max(one.slowest for one in visits):.2f} s",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.rjust, row, widths)) for row in rows)
