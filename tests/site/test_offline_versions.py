"""The service worker on a site of a few files: whole builds, never two mixed, nothing unasked for."""

import functools
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursekit.addons.offline import OfflineAddon
from coursekit.bench.traffic import recording
from coursekit.testing.browser import ARGUMENTS, find
from coursekit.testing.lab import Lab
from faulty import gone, serving_faults
from jupyterlite_core.manager import LiteManager

READY = "This course is ready to be used without a network"
NEWER = "A new version of this course is here; it will be used once all tabs of the course have been closed."
STOPPED = "The course could not be kept for use without a network yet; it will be tried again."
PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><main>{0}</main></body></html>"


class Course:
    """A site of a few files, whose `version` is in its page, in its text and in the names of the files."""

    def __init__(self, folder: Path, built: Path):
        self.folder = folder
        (folder / "build").mkdir(parents=True)
        shutil.copy(built / "build" / "service-worker.js", folder / "build")
        (folder / "same.bin").write_bytes(b"same" * 250_000)

    def publish(self, version: str) -> None:
        for name in ("index.html", "other.html"):
            (self.folder / name).write_text(PAGE.format(version))
        (self.folder / "text.txt").write_text(version)
        addon = OfflineAddon(manager=LiteManager(lite_dir=self.folder.parent, output_dir=self.folder), quiet=0)
        addon.write()
        addon.check_site()

    def damage(self, name: str) -> None:
        (self.folder / name).write_bytes(b"damaged")


@pytest.fixture
def course(tmp_path, pytestconfig):
    course = Course(tmp_path / "site", Path(pytestconfig.getoption("browser_site")))
    course.publish("first")
    return course


@pytest.fixture
def served(course):
    with recording(course.folder) as (url, asked):
        yield url, asked


@pytest.fixture
def context(site):
    with site.browser.new_context() as context:
        yield context


def said(page, text, timeout=60):
    page.wait_for_function(
        "(text) => document.getElementById('offline')?.textContent.includes(text)", arg=text, timeout=timeout * 1000
    )


def visit(context, url, text=READY):
    page = context.new_page()
    page.goto(url)
    said(page, text)
    return page


def shown(page) -> tuple[str, str]:
    """The version of the page, and of the text it fetches."""
    return page.title(), page.evaluate("async () => (await fetch('text.txt')).text()")


def caches(page) -> list[str]:
    return page.evaluate("() => caches.keys()")


def test_after_one_visit_nothing_is_asked_for_again(context, served):
    url, asked = served
    page = visit(context, url)
    first = len(asked)
    page.reload()
    assert shown(page) == ("first", "first")
    page.goto(f"{url}other.html?x=1")
    assert shown(page) == ("first", "first")
    assert {one.path.partition("?")[0] for one in asked[first:]} <= {"/service-worker.js", "/build/service-worker.js"}


def test_a_new_build_is_fetched_whole_and_then_used_whole(context, served, course):
    url, asked = served
    page = visit(context, url)
    (before,) = caches(page)
    course.publish("second")
    fetched = sum(one.path == "/same.bin" for one in asked)
    page.reload()
    assert shown(page) == ("first", "first"), "the new build is used before it is whole"
    page.wait_for_function("() => document.title === 'second'", timeout=60_000)
    assert shown(page) == ("second", "second")
    (after,) = caches(page)
    assert after != before
    assert sum(one.path == "/same.bin" for one in asked) == fetched, "what did not change was fetched again"


def test_a_tab_keeps_its_version_while_it_is_open(context, served, course):
    url, _ = served
    lesson = visit(context, url)
    lesson.goto(f"{url}other.html")
    course.publish("second")
    home = visit(context, url, NEWER)
    assert shown(lesson) == shown(home) == ("first", "first")
    lesson.close()
    home.wait_for_function("() => document.title === 'second'", timeout=60_000)
    assert shown(home) == ("second", "second")


def test_a_page_loaded_past_the_worker_is_looked_after_unless_it_is_of_another_build(context, served, course):
    page = visit(context, served[0])
    page.goto(f"{served[0]}other.html")
    (before,) = caches(page)
    reload_past_the_worker = functools.partial(context.new_cdp_session(page).send, "Page.reload", {"ignoreCache": True})
    reload_past_the_worker()
    page.wait_for_function("() => navigator.serviceWorker.controller", timeout=60_000)
    course.publish("second")
    reload_past_the_worker()
    page.wait_for_function("() => document.title === 'second'", timeout=60_000)
    assert shown(page) == ("second", "second")
    # No page has the earlier build any more.
    Lab(page, served[0]).until(lambda: before not in caches(page))
    assert shown(page) == ("second", "second")


def test_a_build_with_a_damaged_file_is_not_used(context, served, course):
    url, asked = served
    page = visit(context, url)
    course.publish("second")
    course.damage("text.txt")
    refused = sum(one.path == "/text.txt" for one in asked)
    page.reload()
    # The new build is tried; of what came the browser asks once more, past its own copies.
    Lab(page, url).until(lambda: sum(one.path == "/text.txt" for one in asked) == refused + 2)
    page.reload()
    said(page, READY)
    assert shown(page) == ("first", "first")
    course.publish("second")
    page.reload()
    page.wait_for_function("() => document.title === 'second'", timeout=60_000)
    assert shown(page) == ("second", "second")


def test_a_first_visit_that_gets_a_damaged_file_promises_nothing(context, served, course):
    course.damage("same.bin")
    page = visit(context, served[0], STOPPED)
    course.publish("second")  # of the damaged file, too
    page.reload()
    said(page, READY)
    assert shown(page) == ("second", "second")
    assert len(caches(page)) == 1


def test_two_courses_at_one_address_leave_each_other_alone(context, tmp_path, course, pytestconfig):
    around = tmp_path / "around"
    for name in ("one", "two"):
        Course(around / name, Path(pytestconfig.getoption("browser_site"))).publish(name)
    with recording(around) as (url, _):
        one, two = (visit(context, f"{url}{name}/") for name in ("one", "two"))
        assert len(caches(one)) == 2
    one.reload()
    two.reload()
    assert (shown(one), shown(two)) == (("one", "one"), ("two", "two"))


def test_without_a_network_a_wrong_address_leads_home(context, tmp_path, pytestconfig):
    built = Path(pytestconfig.getoption("browser_site"))
    course = Course(tmp_path / "user/repo", built)
    for name in ("404.html", "build/guard.js"):
        shutil.copy(built / name, course.folder / name)
    course.publish("first")
    faults = {}
    with serving_faults(tmp_path, faults) as url:
        page = visit(context, f"{url}user/repo/")
        faults["*"] = gone
        for wrong in ("nothing.html", "a/b/c/nothing?x=1"):
            assert page.goto(f"{url}user/repo/{wrong}").status == 404
            page.get_by_role("link", name="front page").press("Enter")
            page.wait_for_url(f"{url}user/repo/")
            assert shown(page) == ("first", "first")


def test_without_room_nothing_is_kept(context, served):
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": served[0].rstrip("/"), "quotaSize": 500_000})
    page.goto(served[0])
    said(page, "This browser has no room")
    page.wait_for_timeout(1500)  # for another try, which there must not be
    assert caches(page) == [], "what was kept in vain takes room from the learner's work"
    assert shown(page) == ("first", "first")


def test_on_a_slow_connection_only_what_the_reader_asks_for(site, served):
    url, asked = served
    chromium = site.browser.browser_type
    executable = find(SimpleNamespace(chromium=chromium))
    browser = chromium.launch(executable_path=executable, args=[*ARGUMENTS, "--force-effective-connection-type=2G"])
    with browser, browser.new_context() as context:
        page = visit(context, url, "This connection is slow or counted")
        assert "/same.bin" not in [one.path for one in asked]
        page.get_by_role("button", name="Keep it all the same").click()
        said(page, READY)
