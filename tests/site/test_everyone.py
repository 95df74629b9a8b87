"""The pages for other eyes: dark, twice as large, on a small phone, in forced colours, with motion reduced."""

from pathlib import Path

import pytest
from coursekit.testing.axe import violations
from faulty import without_python

HOME, GUIDE = "index.html", "instructor.html"
LESSONS = sorted(f"read/{path.stem}.html" for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
WIDTH = "() => document.documentElement.scrollWidth"
MOVING = "() => document.getAnimations().map((a) => a.effect.target.outerHTML)"
#: what is cut off in the bar of a notebook's menus, or beside the page
CUT = """() => [...document.querySelectorAll('#menu-panel li, #menu-panel button')]
  .filter((e) => e.checkVisibility())
  .filter((e) => {
    const { right, bottom } = e.getBoundingClientRect();
    const bars = [e.closest('.lm-MenuBar'), document.getElementById('menu-panel-wrapper')].filter(Boolean);
    return bars.some((bar) => right > bar.getBoundingClientRect().right || bottom > bar.getBoundingClientRect().bottom);
  }).map((e) => e.innerText)"""
#: links and controls on which one would not see the focus, or where something else hides it
UNSEEN = """() => [...document.querySelectorAll('a[href], button, input, textarea, select, summary')]
  .filter((e) => e.checkVisibility() && !e.disabled)
  .filter((e) => {
    e.focus();
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return e !== document.activeElement || outlineStyle === 'none' || parseFloat(outlineWidth) < 2;
  }).map((e) => e.outerHTML)"""
#: what has no edge in forced colours, and lines of pictures that are too faint there
LOST = """() => [...document.querySelectorAll('.paper svg [stroke], button, input, textarea, select, .button')]
  .filter((e) => e.checkVisibility())
  .filter((e) => {
    const { strokeOpacity, opacity, borderTopStyle } = getComputedStyle(e);
    return e.closest('svg') ? strokeOpacity * opacity < 0.5 : borderTopStyle === 'none';
  }).map((e) => e.outerHTML)"""


@pytest.fixture(scope="module", params=[HOME, GUIDE, LESSONS[1]])
def page(site, request):
    """A page that was opened once, a cell of it being edited if it has one, and a word being sought."""
    with site.context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(site.url + request.param)
        if request.param in LESSONS:
            page.get_by_role("button", name="Edit, cell 1", exact=True).click()
        page.get_by_role("searchbox").fill("softmax")
        page.locator(".found a").first.wait_for()
        yield page


def test_in_forced_colours_one_sees_the_focus_the_controls_and_the_lines(page):
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.keyboard.press("Tab")  # who uses keys is shown where the focus is
    assert page.evaluate(UNSEEN) == []
    assert page.evaluate(LOST) == []
    page.emulate_media(forced_colors="none")


def test_nothing_moves_by_itself(page):
    assert page.evaluate("() => matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.evaluate(MOVING) == []


def test_axe_finds_nothing_in_what_teachers_read(lab):
    lab.page.goto(lab.url + GUIDE)
    for scheme in ("light", "dark"):
        lab.page.emulate_media(color_scheme=scheme)
        assert violations(lab.page) == [], scheme


def test_no_page_scrolls_sideways_twice_as_large_or_on_a_small_phone(site):
    too_wide = []
    with site.context(device_scale_factor=2) as context:
        page = context.new_page()
        for name in (HOME, GUIDE, *LESSONS):
            page.goto(site.url + name)
            page.get_by_role("searchbox").wait_for()
            for width in (640, 320):  # a window of 1280 at 200 %, and one of 320 on its own
                page.set_viewport_size({"width": width, "height": 400})
                if page.evaluate(WIDTH) > width:
                    too_wide.append((name, width))
    assert too_wide == []


def test_the_menus_of_a_notebook_are_whole_on_a_phone(site, first):
    with site.context(service_workers="block") as context:
        without_python(context)
        page = context.new_page()
        page.goto(f"{site.url}notebooks/index.html?path={first}")
        trust = page.get_by_role("button", name="Not Trusted")
        trust.wait_for()
        assert page.evaluate(CUT) == []
        page.set_viewport_size({"width": 390, "height": 800})
        page.wait_for_function(f"() => !({CUT})().length")
        page.get_by_role("menuitem", name="File").press("Enter")
        page.get_by_role("menuitem", name="Trust Notebook").wait_for()
