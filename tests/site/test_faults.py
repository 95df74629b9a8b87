"""What can go wrong: each fault ends in a page that works, or in one plain sentence; never in a lost edit.

| fault | where it is tested | what the learner sees |
| --- | --- | --- |
| wasm, snapshot, pack, wheel, lock or script corrupted | test_policy_integrity | "... is not the file that ..." |
| snapshot missing | test_policy_integrity | "... could not be loaded: look whether you are online ..." |
| lock, worker or a script of the page missing | here | the same |
| connection cut in mid-load, server dead | here | the same; one that was cut once is tried again, unseen |
| slow server | here | after ten seconds "Python is still being fetched (11 of 20 MB)" |
| wrong address below a sub-path | here | a page that leads home |
| wrong address without a network | test_offline_versions | the same |
| the whole course below a sub-path | test_faults_kernel | nothing |
| IndexedDB refused | here, test_progress, test_alive_without | it runs; "... refuses to save ...", and a download |
| service worker refused | test_offline, test_alive_without | it runs; "... the course needs the network ..." |
| service worker gone past, by Shift+reload | here, test_offline_versions | nothing |
| storage full | test_work | "... has no room left", and a download |
| two tabs; a new version | test_work, test_versions | both are kept; a choice on the front page |
| a new version, by Shift+reload | test_offline | nothing; "Other tabs have an earlier version ..." |
| two versions in two tabs | test_offline, test_offline_versions | each keeps its own; "A new version ..." |
| clock wrong, in the page or in Python too | here, test_faults_kernel | nothing |
| a killed tab, an endless loop | test_work, test_stop | the last edit; "Stop" |
| Python killed, as by the browser | test_faults_kernel, test_alive | "Python has stopped answering ..."; a button |
| the same in a browser without locks | test_faults_kernel | "Python has been busy for a minute ..."; "Stop Python" |
| 20 restarts, 200 moves, no memory for an array | test_faults_long | answers as before; MemoryError |
| no memory for anything | test_faults_kernel | "Python's memory is full ..."; "Stop Python" |
"""

import re
import threading
from pathlib import Path

import pytest
from coursekit.testing.axe import violations
from coursekit.testing.lab import Lab
from faulty import CLOCK, cut, dying, late, missing, once, serving_faults, without_python

SITE = Path(__file__).parents[2] / "build/site"
#: a file, what happens to it, and what the page says
BREAKS = {
    "Python breaks off": ("pyodide.asm.wasm", cut, "because pyodide.asm.wasm could not be loaded"),
    "the server dies": ("start.snapshot", dying, "could not be loaded"),
    "the lock is missing": ("pyodide-lock.json", missing, "because pyodide-lock.json could not be loaded"),
    "the worker is missing": ("early-worker.js", missing, "because a part of it could not be loaded"),
    "a script of the worker breaks off": ("early.mjs", cut, "because a part of it could not be loaded"),
    "a script of the page breaks off": ("bundle.js", cut, "A part of this page could not be loaded"),
}

NOTEBOOK = "notebooks/index.html?path="
PANEL = "window.jupyterapp.shell.currentWidget"
CLEAN = f"() => !{PANEL}.context.model.dirty"
SHOWN = f"() => window.jupyterapp?.shell.currentWidget?.context?.isReady && {PANEL}.context.model.cells?.length"
DENIED = """
  const denied = { configurable: true, get() { throw new DOMException('no', 'SecurityError'); } };
  for (const name of ['indexedDB', 'localStorage', 'caches']) Object.defineProperty(window, name, denied);"""


@pytest.mark.parametrize("fault", BREAKS)
def test_a_start_that_breaks_off_ends_in_one_sentence(site, first, fault):
    name, happens, sentence = BREAKS[fault]
    with serving_faults(SITE, {name: happens}) as url, site.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}{NOTEBOOK}{first}", wait_until="commit")
        said = page.get_by_role("alert")
        said.wait_for(timeout=60_000)
        assert said.count() == 1
        assert f"{sentence}: look whether you are online, then reload the page." in said.inner_text()


def test_a_slow_server_is_waited_for_and_the_page_says_how_far_it_is(site, first):
    """A connection that breaks off once is tried again, and nobody is told."""
    come = threading.Event()
    faults = {"pyodide.asm.wasm": late(come), "start.snapshot": once(cut)}
    with serving_faults(SITE, faults) as url, site.browser.new_context() as context:
        context.clock.install()
        lab = Lab(context.new_page(), url)
        lab.page.goto(f"{url}{NOTEBOOK}{first}")
        lab.page.wait_for_function(SHOWN, timeout=60_000)
        assert lab.page.locator("#patience").count() == 0, "said before anybody wonders"
        context.clock.fast_forward(11_000)
        said = lab.page.locator("#patience[role=status]").filter(
            has_text=re.compile(r"still being fetched .\d+ of \d+ MB")
        )
        said.wait_for(timeout=30_000)
        come.set()
        lab.wait(120)
        assert lab.ask("print(6 * 7)").strip() == "42"
        assert lab.page.locator("#patience").count() == 0
        assert lab.page.get_by_role("alert").count() == 0


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A server's folder in which the site stands at /user/repo/; its 404.html answers, as at GitHub, for the rest."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "user").mkdir()
    (folder / "user/repo").symlink_to(SITE)
    (folder / "404.html").symlink_to(SITE / "404.html")
    return folder


def test_below_a_path_a_wrong_address_leads_home(site, repository):
    with serving_faults(repository, {}) as url, site.browser.new_context() as context:
        page = context.new_page()
        assert page.goto(f"{url}user/repo").ok and page.url == f"{url}user/repo/"
        for wrong in ("nothing.html", "read/nothing.html", "notebooks/a/b/nothing", "files/01-attention.ipynb?x=1#y"):
            assert page.goto(f"{url}user/repo/{wrong}").status == 404
            assert violations(page) == []
            assert page.locator("[src], link").count() == 0, "what it asks for is not there either"
            page.get_by_role("link", name="front page").press("Enter")
            page.wait_for_url(f"{url}user/repo/")
            page.locator("#total:not(:empty)").wait_for()


def test_a_notebook_loaded_past_the_service_worker_reads_files(site, first):
    """Shift+reload goes past it, though the kernel reads the files beside the notebook through it."""
    with site.browser.new_context() as context:
        context.add_init_script("window.past = navigator.serviceWorker.controller === null;")
        lab = Lab(context.new_page(), site.url)
        lab.page.goto(site.url)
        lab.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        lab.page.goto(f"{site.url}{NOTEBOOK}{first}", wait_until="commit")
        context.new_cdp_session(lab.page).send("Page.reload", {"ignoreCache": True})
        lab.wait(120)
        assert lab.page.evaluate("window.past"), "the page had its service worker from the start"
        assert lab.ask("print(len(open('tables/faithfulness.json').read()) > 0)").strip() == "True"


def test_a_page_that_may_keep_nothing_runs_and_says_so(site, first):
    with site.browser.new_context() as context:
        context.add_init_script(DENIED)
        lab = Lab(context.new_page(), site.url)
        lab.open(first)
        assert lab.ask("print(6 * 7)").strip() == "42"
        lab.set_source(len(lab.cells()) - 1, "'mine'")
        notice = lab.page.locator("#course-notices p").filter(has_text="refuses to save")
        notice.wait_for(timeout=60_000)
        with lab.page.expect_download() as download:
            notice.get_by_role("button", name="Download this notebook").press("Enter")
        assert "'mine'" in download.value.path().read_text()


def test_a_clock_that_is_wrong_loses_no_edit(site, first):
    """It may go back by half a century between two tabs. Python is not needed for that, nor started."""
    years = (2050, 1999)
    with site.browser.new_context(service_workers="block") as context:
        without_python(context)
        for year in years:
            lab = Lab(context.new_page(), site.url)
            lab.page.add_init_script(f"const YEAR = {year};{CLOCK}")
            lab.page.goto(f"{site.url}{NOTEBOOK}{first}")
            lab.page.wait_for_function(SHOWN, timeout=60_000)
            assert lab.page.evaluate("() => new Date().getFullYear()") == year
            last = len(lab.cells()) - 1
            lab.set_source(last, f"{lab.cells()[last]['source']}# {year}")
            lab.page.wait_for_function(f"() => {PANEL}.context.model.dirty", timeout=30_000)
            lab.page.wait_for_function(CLEAN, timeout=30_000)
            source = lab.cells()[last]["source"]
            assert lab.page.locator(".jp-Dialog").count() == 0
            lab.page.close()
        assert source.endswith("".join(f"# {year}" for year in years))
