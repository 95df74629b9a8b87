"""What a learner writes is still there: after a reload, in two tabs, on a full disk, when the tab or Python dies."""

import pytest
from coursekit.testing.lab import Lab
from faulty import without_python
from playwright.sync_api import Error

PANEL = "window.jupyterapp.shell.currentWidget"
CLEAN = f"() => !{PANEL}.context.model.dirty"
OPEN = f"() => window.jupyterapp?.shell.currentWidget?.context?.isReady && {PANEL}.context.model.cells?.length"
COPIES = "async () => Object.fromEntries(await (await import('/build/versions-store.js')).copies())"
LAST = f"() => {PANEL}.content.model.toJSON().cells.at(-1).source"


def write(lab: Lab, text: str) -> None:
    """Put `text` into the last cell, as typing does."""
    lab.set_source(len(lab.cells()) - 1, text)


def kept(page) -> dict[str, str]:
    """The last cell of each notebook that the browser keeps."""
    found = page.evaluate(COPIES)
    return {path: one["content"]["cells"][-1]["source"] for path, one in found.items() if one["type"] == "notebook"}


def test_an_edit_outlives_a_reload(lab, first):
    lab.open(first)
    index = next(i for i, cell in enumerate(lab.cells()) if cell["cell_type"] == "code")
    editor = lab.element(index).locator(".cm-content")
    editor.click()
    lab.page.keyboard.press("Control+End")
    lab.page.keyboard.type("\nmine = 'kept'  # typed by a learner")
    # Nobody presses Save: the page does it by itself.
    lab.page.wait_for_function(CLEAN, timeout=30_000)
    lab.reload()
    assert not lab.page.locator("#course-notices [data-kind=asleep]").count()
    assert "typed by a learner" in lab.cells()[index]["source"]


@pytest.fixture
def tabs(site, first):
    """Make tabs of one profile, each with the first lesson open, and no Python."""
    with site.context(service_workers="block") as context:
        without_python(context)

        def tab(room: int | None = None) -> Lab:
            lab = Lab(context.new_page(), site.url)
            if room:
                devtools = context.new_cdp_session(lab.page)
                devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.url.rstrip("/"), "quotaSize": room})
            lab.page.goto(f"{lab.url}notebooks/index.html?path={first}")
            lab.page.wait_for_function(OPEN, timeout=120_000)
            lab.page.wait_for_function("() => window.jupyterapp.serviceManager.contents.failsQuietly", timeout=30_000)
            lab.page.wait_for_function(CLEAN, timeout=30_000)
            return lab

        yield tab


def test_another_profile_sees_the_original(tabs):
    lab = tabs()
    assert not any("typed by a learner" in cell["source"] for cell in lab.cells())


def test_the_last_edit_outlives_a_page_that_is_left_before_it_was_saved(tabs, first):
    one = tabs()
    one.page.evaluate(f"() => {{ {PANEL}.content.model.cells.get(0).sharedModel.setSource('# before that'); }}")
    one.page.wait_for_function(CLEAN, timeout=30_000)
    # Saving takes a while on a busy machine; this one never ends.
    one.page.evaluate(f"() => {{ {PANEL}.context.save = () => new Promise(() => {{}}); }}")
    write(one, "'written a moment ago'")
    one.page.goto(one.url)
    one.until(lambda: kept(one.page).get(first) == "'written a moment ago'")
    assert one.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved'))") == []
    found = one.page.evaluate(COPIES)[first]["content"]["cells"]
    assert found[0]["source"] == "# before that"


def test_what_is_typed_while_the_page_saves_is_saved_after_it(tabs, first):
    """JupyterLab takes the whole notebook for saved then, and nothing else is typed that would have it saved."""
    one = tabs()
    one.page.evaluate("""() => {
      const { contents } = window.jupyterapp.serviceManager;
      const save = contents.save;
      contents.save = async (...given) => {
        contents.save = save;
        const model = await save(...given);
        await new Promise((resolve) => { window.goOn = resolve; });
        return model;
      };
    }""")
    write(one, "'before'")
    one.page.wait_for_function("() => window.goOn", timeout=30_000)
    write(one, "'while it was saved'")
    one.page.evaluate("() => window.goOn()")
    one.until(lambda: kept(one.page).get(first) == "'while it was saved'", timeout=30)


def test_an_edit_outlives_a_killed_tab(tabs, first):
    one = tabs()
    write(one, "'before the end'")
    one.page.wait_for_function(CLEAN, timeout=30_000)
    page = one.page.context.new_page()
    with pytest.raises(Error, match="crash"):  # no event tells the page
        one.page.goto("chrome://crash", timeout=30_000)
    page.goto(f"{one.url}instructor.html")
    assert kept(page)[first] == "'before the end'"


def test_a_tab_that_changed_nothing_follows_the_other(tabs):
    one, two = tabs(), tabs()
    write(one, "'by the first'")
    two.page.wait_for_function(f"() => ({LAST})() === \"'by the first'\"", timeout=30_000)
    assert len(kept(two.page)) == 1


def test_two_tabs_that_both_changed_it_keep_both(tabs, first):
    one, two = tabs(), tabs()
    write(two, "'by the second'")  # and before that is saved and told:
    write(one, "'by the first'")
    one.until(lambda: sorted(kept(one.page).values()) == ["'by the first'", "'by the second'"])
    sentences = [tab.page.locator("#course-notices").all_inner_texts() for tab in (one, two)]
    assert any("changed in another tab" in "".join(texts) for texts in sentences)
    assert not one.page.locator(".jp-Dialog").count() and not two.page.locator(".jp-Dialog").count()


def test_on_a_full_disk_the_page_says_so_and_the_edit_can_be_taken_away(tabs, tmp_path):
    one = tabs(room=2_000_000)
    write(one, "'no room for this' #" + "x" * 5_000_000)
    notice = one.page.locator("#course-notices [data-kind=full]")
    notice.wait_for(timeout=60_000)
    assert not one.page.locator(".jp-Dialog").count()
    with one.page.expect_download() as download:
        notice.get_by_role("button", name="Download this notebook").press("Enter")
    download.value.save_as(tmp_path / "mine.ipynb")
    assert "no room for this" in (tmp_path / "mine.ipynb").read_text()
    write(one, "'short enough'")
    notice.wait_for(state="detached", timeout=60_000)
    assert list(kept(one.page).values()) == ["'short enough'"]


def test_an_original_cannot_be_saved_over_and_a_copy_of_it_can(site, first):
    path = f"solutions/{first}"
    with site.context(service_workers="block") as context:
        without_python(context)
        lab = Lab(context.new_page(), site.url)
        lab.page.goto(f"{lab.url}notebooks/index.html?path={path}")
        lab.page.wait_for_function(OPEN, timeout=120_000)
        lab.page.locator("#course-notices", has_text="Save Notebook As").wait_for(timeout=60_000)
        lab.page.locator("#course-notices", has_text="sliders and buttons").wait_for(timeout=60_000)
        write(lab, "'never saved'")
        lab.page.evaluate(f"() => window.jupyterapp.serviceManager.contents.copy('{path}', '')")
        lab.page.goto(f"{lab.url}notebooks/index.html?path={first}")
        lab.page.wait_for_function(OPEN, timeout=120_000)
        lab.until(lambda: lab.page.evaluate(f"() => {PANEL}.context.canSave"))
        write(lab, "'a copy of my own'")
        lab.until(lambda: "'a copy of my own'" in kept(lab.page).values())
        assert path not in kept(lab.page)
