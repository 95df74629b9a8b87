"""The figures in GROWING.md are those of this build, within a tenth."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursekit.bench.scribe import Scribe, longest, read_page
from coursekit.bench.traffic import file_of, recording, sent
from coursekit.testing.browser import find

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/site"
GROWING = (ROOT / "coursekit/GROWING.md").read_text(encoding="utf-8")


def said(visit):
    """Requests, MB and MB packed of the row that begins with `visit`."""
    requests, _, size, packed = re.search(rf"^\| {visit}[^|]*\|(.*)\|$", GROWING, re.MULTILINE)[1].split("|")
    return [float(requests), float(size), float(packed)]


def cost(paths):
    files = [file_of(SITE, path) for path in paths]
    return [len(files), sum(file.stat().st_size for file in files) / 1e6, sum(map(sent, files)) / 1e6]


def test_a_page_to_read_costs_what_is_said(site):
    chromium = site.browser.browser_type
    with recording(SITE) as (url, asked):
        scribe = Scribe(chromium, find(SimpleNamespace(chromium=chromium)), url, asked)
        with scribe.profile() as profile:
            visit = scribe.visit("reads one page", profile, lambda lab: read_page(lab, f"read/{longest(SITE)}.html"))
    assert {status for _, status in visit.asked} == {200}
    assert cost(path for path, _ in visit.asked) == pytest.approx(said("reads one page"), rel=0.1)


def test_the_whole_course_costs_what_is_said():
    listed = json.loads((SITE / "offline.json").read_text(encoding="utf-8"))
    assert cost(["offline.json", "service-worker.js", *listed]) == pytest.approx(said("keeps the course"), rel=0.1)


def test_the_files_are_as_many_as_is_said():
    files = [path.name for path in SITE.rglob("*") if path.is_file()]
    hashed = [name for name in files if re.search(r"\.[0-9a-f]{7,}\.(js|woff2?)$", name)]
    counts = map(float, re.search(r"^(\d+) of the (\d+) files have their hash", GROWING, re.MULTILINE).groups())
    assert [len(hashed), len(files)] == pytest.approx(list(counts), rel=0.1)
