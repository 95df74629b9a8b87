"""A new version of a notebook never overwrites what a learner wrote, and an old one is never shown in its place."""

import copy

import nbformat
import pytest
from coursekit.notebooks.editions import KERNEL
from coursekit.notebooks.version import version
from coursekit.testing.lab import Lab
from faulty import without_python

LESSON = "01-attention-by-hand"
PATH = f"{LESSON}.ipynb"
SHOWN = """() => window.jupyterapp?.shell.currentWidget?.context?.isReady
  && window.jupyterapp.shell.currentWidget.content.model.toJSON().cells.at(-1).source"""
KEEP = "async (pairs) => { const store = await import('/build/versions-store.js'); await store.keep(...pairs); }"
ALL = "async () => Object.fromEntries(await (await import('/build/versions-store.js')).copies())"
VERSION_OF = "async (content) => (await import('/build/versions-store.js')).versionOf(content)"


def notebook(last: str, made_from: str | None = None) -> dict:
    """A notebook of two cells; made from the version named, from itself when None."""
    cells = [nbformat.v4.new_markdown_cell("# One"), nbformat.v4.new_code_cell(last)]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata = {"course": {"version": made_from or version(made)}, "kernelspec": dict(KERNEL)}
    return made


def model(content: dict, path: str = PATH) -> dict:
    common = {"format": "json", "mimetype": "application/json", "size": 1, "writable": True, "type": "notebook"}
    dates = {"created": "2026-01-01T00:00:00Z", "last_modified": "2026-01-01T00:00:00Z"}
    return {"path": path, "name": path, "content": content, **common, **dates}


OLD, NEW = notebook("'old'"), notebook("'new'")
EDITED = notebook("'mine'", version(OLD))


@pytest.fixture
def lab(site):
    """A page in a profile of its own, on a site whose first lesson is NEW."""
    with site.context(service_workers="block") as context:
        lab = Lab(context.new_page(), site.url)
        ship(lab, site, NEW)
        yield lab


def ship(lab, site, content: dict) -> None:
    """From now on the site has `content` as its first lesson."""
    lab.page.context.unroute_all()
    listed = lab.page.request.get(f"{site.url}build/versions.json").json()
    listed[PATH] = version(nbformat.from_dict(content))
    for name, body in (("build/versions.json", listed), (f"files/{PATH}", content)):
        lab.page.context.route(f"**/{name}", answering(body))


def answering(*bodies: dict):
    """Answer with one after the other, and the last of them from then on."""
    left = list(bodies)
    return lambda route: route.fulfill(json=left.pop(0) if len(left) > 1 else left[0])


def home(lab, *copies: dict):
    """The front page, in a browser that keeps these copies."""
    lab.page.goto(lab.url)
    if copies:
        lab.page.evaluate(KEEP, [[one["path"], one] for one in copies])
        lab.page.reload()
    lab.page.locator("#total:not(:empty)").wait_for()
    return lab.page


def kept(page) -> dict[str, str]:
    """The last cell of each copy that the browser keeps."""
    return {path: one["content"]["cells"][-1]["source"] for path, one in page.evaluate(ALL).items()}


def test_the_page_and_the_build_call_a_version_the_same(lab):
    nasty = notebook('"\\ \t \x0b é ∑ 🎉 \u2028 \x7f </script>\n')
    page = home(lab)
    assert page.evaluate(VERSION_OF, nasty) == version(nbformat.from_dict(nasty))
    lines = copy.deepcopy(nasty)
    lines["cells"][-1]["source"] = nasty["cells"][-1]["source"].splitlines(keepends=True)
    assert page.evaluate(VERSION_OF, lines) == version(nbformat.from_dict(nasty))


def test_every_notebook_of_the_site_says_which_version_it_is(lab, site):
    lab.page.context.unroute_all()
    listed = lab.page.request.get(f"{site.url}build/versions.json").json()
    assert {PATH, f"live/{PATH}", f"solutions/{PATH}"} <= listed.keys()
    for path in (path for path in listed if path.endswith(".ipynb")):
        shipped = lab.page.request.get(f"{site.url}files/{path}").json()
        assert shipped["metadata"]["course"]["version"] == listed[path], path


def test_of_an_old_original_that_nobody_changed_nothing_is_kept(lab):
    page = home(lab, model(OLD))
    lab.until(lambda: not kept(page))
    assert page.locator("#notebooks li").count() == 0


def test_an_edit_of_the_original_that_is_still_there_is_the_learners(lab):
    page = home(lab, model(notebook("'mine'", version(NEW))))
    line = page.locator("#notebooks li")
    line.wait_for()
    assert "changed by you" in line.inner_text()
    assert line.get_by_role("button").all_inner_texts() == ["Start afresh"]
    assert kept(page) == {PATH: "'mine'"}


def test_a_copy_that_cannot_say_what_it_was_made_from_is_nobodys_to_throw_away(lab):
    unknown = notebook("'mine'")
    del unknown["metadata"]["course"]
    page = home(lab, model(unknown))
    page.get_by_role("button", name="Keep yours").wait_for()
    assert kept(page) == {PATH: "'mine'"}


def choose(page, button: str) -> dict[str, str]:
    page.get_by_role("button", name=button).press("Enter")
    page.locator("#said:not(:empty)").wait_for()
    assert page.evaluate("document.activeElement.id") == "said"
    return kept(page)


def test_a_changed_copy_of_an_old_original_is_a_choice_and_yours_may_stay(lab, site):
    page = home(lab, model(EDITED))
    page.get_by_role("button", name="Keep yours").wait_for()
    assert "there is a newer version" in page.locator("#notebooks li").inner_text()
    assert choose(page, "Keep yours") == {PATH: "'mine'"}
    assert page.get_by_role("button", name="Keep yours").count() == 0, "asked again for the same version"
    ship(lab, site, notebook("'newer still'"))
    page.reload()
    page.get_by_role("button", name="Keep yours").wait_for()


def test_the_new_version_is_taken_and_yours_is_set_aside(lab):
    found = choose(home(lab, model(EDITED)), "Take the new version")
    (name,) = found
    assert name.startswith(f"{LESSON} (yours, ") and name.endswith(").ipynb") and found[name] == "'mine'"
    assert name.removesuffix(".ipynb") in lab.page.locator("#said").inner_text()


def test_both_are_kept_the_new_one_beside_yours(lab):
    found = choose(home(lab, model(EDITED)), "Have both")
    other = next(name for name in found if name != PATH)
    assert found == {PATH: "'mine'", other: "'new'"}
    assert other.startswith(f"{LESSON} (new version, ")


def test_starting_afresh_twice_in_a_minute_loses_neither(lab):
    mine = notebook("'mine'", version(NEW))
    page = home(lab, model(mine))
    choose(page, "Start afresh")
    home(lab, model(notebook("'mine too'", version(NEW))))
    choose(page, "Start afresh")
    assert sorted(kept(page).values()) == ["'mine too'", "'mine'"]


def opened(lab) -> str:
    without_python(lab.page.context)
    lab.page.goto(f"{lab.url}notebooks/index.html?path={PATH}")
    return lab.page.wait_for_function(SHOWN, timeout=120_000).json_value()


def test_the_app_shows_the_new_original_in_place_of_an_untouched_old_one(lab):
    lab.page.goto(f"{lab.url}instructor.html")  # where no script settles anything before the app does
    lab.page.evaluate(KEEP, [[PATH, model(OLD)]])
    assert opened(lab) == "'new'"
    assert lab.page.locator("#course-notices p").count() == 0


def test_the_app_shows_a_changed_copy_and_says_that_there_is_a_newer_original(lab):
    home(lab, model(EDITED))
    assert opened(lab) == "'mine'"
    notice = lab.page.locator("#course-notices p")
    notice.wait_for(timeout=60_000)
    assert "newer version of this notebook" in notice.inner_text()
    notice.get_by_role("link").press("Enter")
    lab.page.get_by_role("button", name="Take the new version").wait_for()
    assert kept(lab.page)[PATH] == "'mine'"


def test_an_old_original_out_of_the_browsers_cache_makes_room_too(lab):
    """The list is new, the file that the app reads first is not: then it is asked for again."""
    lab.page.context.route(f"**/files/{PATH}", answering(OLD, NEW))
    opened(lab)
    lab.page.wait_for_function(f"() => ({SHOWN})() === \"'new'\"", timeout=60_000)


def test_from_inside_the_notebook_one_starts_afresh_and_loses_nothing(lab):
    page = home(lab, model(notebook("'mine'", version(NEW))))
    page.goto(f"{lab.url}notebooks/index.html?path={PATH}")
    page.wait_for_function(f"() => ({SHOWN})() === \"'mine'\"", timeout=120_000)
    lab.until(lambda: page.evaluate("() => window.jupyterapp.commands.hasCommand('course:start-afresh')"))
    page.get_by_role("menuitem", name="File", exact=True).click()
    lab.set_source(1, "'mine, a moment ago'")
    page.get_by_role("menuitem", name="Start Afresh").click()
    notice = page.locator("#course-notices [data-kind=afresh]").filter(has_text="is the course's again")
    notice.wait_for(timeout=60_000)
    assert page.evaluate(SHOWN) == "'new'"
    other = f"{notice.get_by_role('link').inner_text()}.ipynb"
    assert {PATH: "'new'"} | kept(page) == {PATH: "'new'", other: "'mine, a moment ago'"}
    page.evaluate("() => window.jupyterapp.commands.execute('course:start-afresh')")
    page.locator("#course-notices", has_text="this notebook is as the course has it").wait_for(timeout=60_000)
    assert kept(page).keys() <= {PATH, other}
    page.goto(f"{lab.url}notebooks/index.html?path={other}")
    page.wait_for_function(f"() => ({SHOWN})() === \"'mine, a moment ago'\"", timeout=120_000)
