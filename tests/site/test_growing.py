"""The figures in GROWING.md are those of this build, within a tenth."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursekit.bench.scribe import REFUSE, Scribe, keep, longest, read_page, run_kept, run_notebook
from coursekit.bench.traffic import file_of, recording, sent
from coursekit.testing.browser import find

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/site"
GROWING = (ROOT / "coursekit/GROWING.md").read_text(encoding="utf-8")


def said(visit):
    """Requests, MB and MB packed of the row that begins with `visit`."""
    requests, _, size, packed = re.search(rf"^\| {visit}[^|]*\|(.*)\|$", GROWING, re.MULTILINE)[1].split("|")
    return pytest.approx([float(requests), float(size), float(packed)], rel=0.1)


def cost(asked):
    asked = list(asked)
    files = [file_of(SITE, path) for path, status in asked if status == 200]
    return [len(asked), sum(file.stat().st_size for file in files) / 1e6, sum(map(sent, files)) / 1e6]


def statuses(asked):
    return {status for _, status in asked}


@pytest.fixture
def scribe(site):
    chromium = site.browser.browser_type
    with recording(SITE) as (url, asked):
        yield Scribe(chromium, find(SimpleNamespace(chromium=chromium)), url, asked)


def test_a_page_to_read_costs_what_is_said(scribe):
    with scribe.profile() as profile:
        visit = scribe.visit("reads one page", profile, lambda lab: read_page(lab, f"read/{longest(SITE)}.html"))
    assert statuses(visit.asked) == {200}
    assert cost(visit.asked) == said(visit.name)


def test_a_notebook_costs_what_is_said_at_first_and_ever_after(scribe):
    """One learner runs it, keeps the course, runs it again, and once more where that is not allowed any longer."""
    notebook = f"{longest(SITE)}.ipynb"

    def run(lab):
        run_notebook(lab, notebook)

    def run_from_what_is_kept(lab):
        run_kept(lab, notebook, scribe)

    with scribe.profile() as profile:
        visit = scribe.visit("runs one notebook", profile, run)
        assert cost(visit.asked) == said(visit.name)
        assert sum("busy" in path for path, _ in visit.asked) == 1, "the tab's icon asks with every cell"
        scribe.visit("keeps the course", profile, keep)
        visit = scribe.visit("runs one notebook, with", profile, run_from_what_is_kept, background=True)
        assert statuses(visit.asked) == {304}
        # a visit that lasts, as on a slow machine, looks twice for a new service worker: the browser, and offline.js
        assert cost(set(visit.asked)) == said(visit.name)
        assert len(visit.asked) <= 2 * len(set(visit.asked))
        scribe.visit("keeps it no longer", profile, forget)
        profile.add_init_script(REFUSE)
        visit = scribe.visit("runs it again", profile, run)
        assert statuses(visit.asked) == {304}
        assert cost(visit.asked) == said(visit.name)


def forget(lab):
    lab.page.goto(lab.url)
    lab.page.evaluate("async () => { await (await navigator.serviceWorker.ready).unregister(); }")


def test_the_whole_course_costs_what_is_said():
    listed = json.loads((SITE / "offline.json").read_text(encoding="utf-8"))
    assert cost((path, 200) for path in ("offline.json", "service-worker.js", *listed)) == said("keeps the course")


def test_the_files_are_as_many_as_is_said():
    files = [path.name for path in SITE.rglob("*") if path.is_file()]
    hashed = [name for name in files if re.search(r"\.[0-9a-f]{7,}\.(js|woff2?)$", name)]
    counts = map(float, re.search(r"^(\d+) of the (\d+) files have their hash", GROWING, re.MULTILINE).groups())
    assert [len(hashed), len(files)] == pytest.approx(list(counts), rel=0.1)
