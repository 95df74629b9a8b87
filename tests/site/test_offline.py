"""After one visit the course needs no network; where a browser keeps nothing, it still runs, and says so."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursekit.addons.offline import OfflineAddon
from coursekit.server import serving
from coursekit.testing.browser import ARGUMENTS, find
from coursekit.testing.lab import Lab
from jupyterlite_core.manager import LiteManager
from kept_course import LISTED, READY, SITE, expect_it_reads_what_stands_beside_it, expect_it_runs
from playwright.sync_api import expect

NEWER = "A new version of this course is here"
BESIDE = "Other tabs have an earlier version of this course. Close them and reload this one"
READ = "print(len(open('tables/faithfulness.json').read()) > 0)"
CACHES = "() => caches.keys()"
#: that this page was loaded past the service worker
PAST = "() => window.past"
REFUSED = "This browser lets the page keep no service worker"
#: the list of the files is kept last, after all that it names
KEPT = """async () => {
  for (const name of await caches.keys())
    if (await (await caches.open(name)).match(new URL('/offline.json', location))) return true;
  return false;
}"""
#: what is not as it was built, of all that the site lists
WRONG = """async (listed) => {
  const wrong = [];
  for (const [path, [integrity]] of Object.entries(listed))
    await fetch(encodeURI(path), { integrity }).catch(() => wrong.push(path));
  return wrong;
}"""
REFUSE = "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no', 'SecurityError'));"
ASKED = """
  window.asked = 0;
  StorageManager.prototype.persist = async () => { window.asked += 1; return true; };"""


@contextlib.contextmanager
def watched(site, context, url):
    """A page in `context`; afterwards: no error unexplained."""
    context.set_default_timeout(180_000)
    lab = Lab(context.new_page(), url)
    yield lab
    lab.page.close()
    # A browser asks for an icon at the server's root, where none is when a course stands below it.
    assert [error for error in site.unexplained(lab.errors) if "favicon.ico" not in error] == []


@pytest.fixture(scope="module")
def offline(site):
    """A browser profile that has seen the front page until all was kept, and the address that its server had."""
    with site.browser.new_context() as context:
        with serving(SITE) as url:
            page = context.new_page()
            page.goto(url)
            page.get_by_text(READY).wait_for(timeout=180_000)
            page.close()
        yield context, url


def test_every_file_of_the_course_is_there_and_nothing_else(site, offline):
    context, url = offline
    with watched(site, context, url) as lab:
        assert lab.page.goto(url).ok
        lab.page.get_by_text(READY).wait_for()
        assert f"{sum(size for _, size in LISTED.values()) / 1e6:.0f} MB" in lab.page.locator("#offline").inner_text()
        assert lab.page.evaluate(WRONG, LISTED) == []
        for path in ("instructor.html", "read/01-attention-by-hand.html"):
            assert lab.page.goto(url + path).ok, path
        assert lab.page.goto(f"{url}notebooks?path=a.ipynb").url == f"{url}notebooks/?path=a.ipynb"
        assert lab.page.evaluate("async () => (await fetch('none.html')).status") == 404
        lab.errors.clear()  # Chromium's own word about the 404.


def test_a_notebook_never_opened_before_runs_and_reads_what_stands_beside_it(site, offline, first):
    context, url = offline
    with watched(site, context, url) as lab:
        expect_it_runs(lab, f"solutions/{first}")
        expect_it_reads_what_stands_beside_it(lab)


def publish(site: Path, word: str) -> None:
    """A new version, with `word` in the front page's title and on the notebooks' page."""
    for name in ("index.html", "notebooks/index.html"):
        page = site / name
        page.write_text(re.sub("<title>.*</title>", f"<title>{word}</title>", page.read_text(encoding="utf-8")))
    settings = json.loads((SITE.parents[1] / "jupyter_lite_config.json").read_text(encoding="utf-8"))["OfflineAddon"]
    OfflineAddon(manager=LiteManager(lite_dir=SITE.parents[1], output_dir=site), **settings).write()


def copy(source: str, target: str) -> None:
    """What no new version changes takes no room."""
    if source.endswith((".html", ".json", "service-worker.js", "offline.js")):
        shutil.copy(source, target)
    else:
        os.link(source, target)


def test_a_new_version_comes_in_mid_session_and_nothing_is_lost(site, tmp_path, first):
    folder = shutil.copytree(SITE, tmp_path / "site", copy_function=copy)
    with site.browser.new_context() as context:
        context.add_init_script(ASKED)
        with serving(folder) as url:
            with watched(site, context, url) as lab:
                lab.open(first)
                assert lab.page.evaluate("window.asked") == 0
                lab.until(lambda: lab.page.evaluate(KEPT), timeout=180)
                publish(folder, "a new version")
                lab.reload()
                index = next(i for i, cell in enumerate(lab.cells()) if cell["cell_type"] == "code")
                lab.set_source(index, "print(6 * 7)")
                lab.page.get_by_text(NEWER).wait_for()
                lab.run(index)
                dirty = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
                lab.page.wait_for_function(f"() => !({dirty})()", timeout=180_000)
                assert lab.page.evaluate("window.asked") == 1, "to be kept for good"
                home = context.new_page()
                home.goto(url)
                home.get_by_text(NEWER).wait_for(timeout=180_000)
                assert home.title() != "a new version"
                assert lab.ask("import matplotlib.pyplot; print(6 * 7)").strip() == "42"
            expect(home).to_have_title("a new version", timeout=180_000)
            home.close()
        with watched(site, context, url) as lab:
            lab.open(first)
            assert "a new version" in lab.page.evaluate("async () => (await fetch('index.html')).text()")
            assert lab.cells()[index]["source"] == "print(6 * 7)"


def load_past_the_worker(lab) -> None:
    """As Shift+reload does."""
    lab.page.context.new_cdp_session(lab.page).send("Page.reload", {"ignoreCache": True})
    lab.page.wait_for_function(f"() => performance.getEntriesByType('navigation')[0].type === 'reload' && ({PAST})()")
    lab.wait(120)


@pytest.fixture(scope="module")
def edited(site, tmp_path_factory, first):
    """A notebook with an edit, in a browser that keeps the course, and the folder that is served to it."""
    folder = shutil.copytree(SITE, tmp_path_factory.mktemp("edited") / "site", copy_function=copy)
    with site.browser.new_context() as context, serving(folder) as url, watched(site, context, url) as lab:
        context.add_init_script("window.past = navigator.serviceWorker.controller === null;")
        lab.open(first)
        lab.until(lambda: lab.page.evaluate(KEPT), timeout=180)
        lab.set_source(len(lab.cells()) - 1, "'mine'")
        lab.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
        yield lab, folder


def expect_one_version(lab, word: str) -> None:
    """Whatever the page asks for is of it; and what was written is there."""
    for name in ("index.html", "notebooks/index.html"):
        assert word in lab.page.evaluate(f"async () => (await fetch('{lab.url}{name}')).text()")
    assert lab.cells()[-1]["source"] == "'mine'"


def test_a_new_version_loaded_past_the_worker_is_used_at_once(edited):
    lab, folder = edited
    (before,) = lab.page.evaluate(CACHES)
    publish(folder, "a second version")
    load_past_the_worker(lab)
    assert lab.ask(READ).strip() == "True"
    expect_one_version(lab, "a second version")
    # It is kept in place of the first one as soon as all of it is there.
    lab.until(lambda: before not in (kept := lab.page.evaluate(CACHES)) and len(kept) == 1, timeout=180)
    lab.reload()
    expect_one_version(lab, "a second version")
    assert lab.ask(READ).strip() == "True"


def test_a_new_version_loaded_past_the_worker_reads_no_file_while_a_tab_has_an_earlier_one(edited):
    lab, folder = edited
    other = lab.page.context.new_page()
    other.goto(lab.url)
    publish(folder, "a third version")
    load_past_the_worker(lab)
    assert "True" not in lab.ask(READ)
    lab.page.get_by_text(BESIDE).wait_for()
    expect_one_version(lab, "a third version")
    assert "a third version" not in other.evaluate("async () => (await fetch('index.html')).text()")
    other.close()
    lab.page.wait_for_function("() => navigator.serviceWorker.controller")
    expect_one_version(lab, "a third version")
    lab.reload()
    expect_one_version(lab, "a third version")
    assert lab.ask(READ).strip() == "True"
    lab.errors.clear()  # The browser's word about the file that was not there.


def runs_without_a_worker(page, url, first):
    page.goto(url)
    page.get_by_text(REFUSED).wait_for()
    lab = Lab(page, url)
    expect_it_runs(lab, f"solutions/{first}")
    # As the home page says, what stands beside the notebooks cannot be read.
    assert "wanted the file" in lab.ask("from lesson.shipped import find; find('checkpoints/reverse.npz')")


def test_a_lesson_runs_where_service_workers_are_refused(site, first):
    """As Firefox refuses them; what Playwright calls blocked says of itself that it was registered."""
    with site.browser.new_context() as context:
        context.add_init_script(REFUSE)
        runs_without_a_worker(context.new_page(), site.url, first)


def test_a_lesson_runs_at_an_address_without_https(site, first):
    """What is served to a classroom by http has no service workers at all, nor the browser's cryptography."""
    chromium = site.browser.browser_type
    arguments = [*ARGUMENTS, "--host-resolver-rules=MAP classroom.test 127.0.0.1"]
    browser = chromium.launch(executable_path=find(SimpleNamespace(chromium=chromium)), args=arguments)
    with browser, browser.new_context() as context:
        page = context.new_page()
        url = site.url.replace("127.0.0.1", "classroom.test")
        page.goto(url)
        assert page.evaluate("() => [isSecureContext, 'serviceWorker' in navigator, 'subtle' in crypto]") == [False] * 3
        runs_without_a_worker(page, url, first)


def test_the_archive_unpacked_below_any_web_server_runs_a_cell(site, tmp_path, first):
    archive = tmp_path / "site.tgz"
    lite = [sys.executable, "-m", "jupyterlite_core", "archive", f"--output-archive={archive}"]
    done = subprocess.run(lite, cwd=SITE.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.unpack_archive(archive, tmp_path / "school")
    (folder,) = (tmp_path / "school").iterdir()
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=folder.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = re.search(r"port (\d+)", server.stdout.readline())[1]
        with (
            site.browser.new_context() as context,
            watched(site, context, f"http://127.0.0.1:{port}/{folder.name}/") as lab,
        ):
            lab.page.goto(lab.url)
            lab.page.get_by_role("link", name="Run ").first.click()
            lab.wait(120)
            assert f"/{folder.name}/notebooks/" in lab.page.url
            lab.open(first)
            assert "load" in lab.ask(
                "from lesson.shipped import find; print(find('checkpoints/reverse.npz'), 'loaded')"
            )
    finally:
        server.terminate()
        server.wait()
