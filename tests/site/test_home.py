"""The front page: what the course is, and a way into every lesson."""

from pathlib import Path
from urllib.parse import quote

NAMES = sorted(quote(path.name) for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def test_it_leads_to_every_lesson(lab):
    """The last is followed; that a lesson runs at each of these addresses is test_lessons' word."""
    assert lab.page.goto(lab.url).ok
    assert lab.page.title() == "Transformers by Hand"
    links = lab.page.locator("a[href*='path=']:visible")
    to = links.evaluate_all("links => links.map((link) => link.href)")
    opens = f"{lab.url}{lab.app}/index.html?path="
    assert [address for address in to if address.count("/") == opens.count("/")] == [opens + name for name in NAMES]
    links.nth(to.index(opens + NAMES[-1])).click()
    lab.wait(120)
    assert lab.cells()


def test_it_fits_a_phone(lab):
    lab.page.set_viewport_size({"width": 320, "height": 640})
    lab.page.goto(lab.url)
    assert lab.page.evaluate("() => document.documentElement.scrollWidth") <= 320
