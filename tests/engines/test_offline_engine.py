"""After one visit the course needs no network, in any engine that keeps a service worker: Firefox and WebKit do."""

import socket
from urllib.parse import urlsplit

import pytest
from alive_page import AlivePage
from coursekit.server import HOST, serving
from coursekit.testing.lab import Lab
from kept_course import BESIDE, READY, SITE, expect_it_reads_what_stands_beside_it, expect_it_runs

pytestmark = pytest.mark.xdist_group("offline")  # one browser profile for all of them

LESSON = "01-attention-by-hand"
SAYS = "([words]) => document.getElementById('offline')?.innerText.startsWith(words)"
READ = f"print(sum(len(open(name, 'rb').read()) > 0 for name in {BESIDE!r}))"


@pytest.fixture(scope="module")
def offline(site):
    """A page that has seen the front page until all was kept; its server has stopped. No error unexplained."""
    with site.browser.new_context() as context:
        with serving(SITE) as url:
            lab = Lab(context.new_page(), url)
            lab.page.goto(url)
            lab.page.wait_for_function(SAYS, arg=[READY], timeout=180_000)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, urlsplit(url).port))
        yield lab
        errors = list(lab.errors)
    assert site.unexplained(errors) == []


def test_the_front_page_is_there_and_says_so(offline):
    offline.page.goto(offline.url)
    offline.page.wait_for_function(SAYS, arg=[READY])
    assert offline.page.evaluate("() => document.querySelectorAll('[data-lesson]').length") > 10
    assert offline.page.evaluate("() => [...document.images].every((image) => image.complete && image.naturalWidth)")


def test_a_reading_page_runs_in_place_and_reads_files(offline):
    alive = AlivePage(offline.page, offline.url, LESSON)
    alive.press("Run to here (3 cells)", "weights")
    alive.expect("Done: 3 cells")
    alive.write("output", READ)
    alive.run("output")
    alive.shows("output", str(len(BESIDE)))


def test_a_notebook_never_opened_before_runs_and_reads_what_stands_beside_it(offline):
    expect_it_runs(offline, f"solutions/{LESSON}.ipynb")
    expect_it_reads_what_stands_beside_it(offline)
