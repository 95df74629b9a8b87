"""What a learner has done is remembered by the browser, shown on the front page, and can be carried elsewhere."""

import contextlib
import json
import re
from pathlib import Path

import nbformat
import pytest
from coursekit.testing.lab import Lab

LESSON = "01-attention-by-hand"
SOURCE = Path(__file__).parents[2] / "notebooks" / f"{LESSON}.ipynb"
CHECKS = [cell.source for cell in nbformat.read(SOURCE, as_version=4).cells if "check" in cell.metadata.get("tags", [])]
NAMES = [re.search(r"checks\.(\w+)", source)[1] for source in CHECKS]
RIGHT = f"from lesson.checks import progress; progress.note('{LESSON}', '{NAMES[0]}', 'right')"
RIGHTS = f"""async () => {{
  const done = await (await import('/build/home-progress.js')).read();
  return [...done].filter(([key, one]) => key.startsWith('{LESSON}/') && one.right).length;
}}"""
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"


@pytest.fixture
def browse(site):
    """Make pages in profiles of their own, each looked at for errors when it closes."""
    with contextlib.ExitStack() as stack:

        def page(before: str = "", **options) -> Lab:
            context = stack.enter_context(site.context(**options))
            if before:
                context.add_init_script(before)
            lab = Lab(context.new_page(), site.url)
            if options.get("service_workers") != "block":  # JupyterLite itself complains of that
                stack.callback(lambda: _expect_no_errors(site, lab))
            return lab

        yield page


def _expect_no_errors(site, lab):
    # A notebook opened again shows, until its cells are run, widgets whose kernel is gone.
    assert [error for error in site.unexplained(lab.errors) if "widget model not found" not in error] == []


def home(lab):
    lab.page.goto(lab.url)
    lab.page.locator("#work").wait_for()
    return lab.page


def told(page) -> str:
    return page.locator(f"[data-lesson='{LESSON}'] .done").inner_text()


def expect_told(lab, text: str) -> None:
    """The worker writes when the kernel rests: soon, not at once. Leaving the page ends the worker."""
    lab.until(lambda: done(lab.page.evaluate(RIGHTS)) == text)
    assert told(home(lab)) == text


def done(count: int) -> str:
    return f"{count} of {len(NAMES)} exercises done"


def test_what_is_right_stays_right_and_is_told_on_the_front_page(browse, tmp_path):
    lab = browse()
    assert told(home(lab)) == done(0)
    committed = nbformat.read(SOURCE, as_version=4).cells
    lab.open(f"{LESSON}.ipynb")
    lab.run_all()
    expect_told(lab, done(0))

    lab.open(f"{LESSON}.ipynb")
    first = next(cell for cell in committed if "exercise" in cell.metadata.get("tags", []))
    place = [cell["id"] for cell in lab.cells()].index(first.id)
    lab.set_source(place, first.source)
    lab.run_all()
    lab.ask(f"from lesson.checks import progress; progress.note('{LESSON}', '{NAMES[0]}', 'not right')")
    lab.ask(f"progress.note('{LESSON}', '{NAMES[1]}', 'not right')")
    expect_told(lab, done(1))
    total = sum(
        len(json.loads(one))
        for one in lab.page.locator("[data-lesson]").evaluate_all(
            "lessons => lessons.map(lesson => lesson.dataset.exercises)"
        )
    )
    assert lab.page.locator("#total").inner_text() == f"1 of {total} exercises done in all."

    with lab.page.expect_download() as download:
        lab.page.get_by_role("button", name="Download all my work").press("Enter")
    download.value.save_as(tmp_path / "work.json")
    kept = json.loads((tmp_path / "work.json").read_text())
    assert kept["course"] == lab.page.title()
    assert {key: (one["right"], one["tries"]) for key, one in kept["exercises"].items()} == {
        f"{LESSON}/{NAMES[0]}": (True, 1),
        f"{LESSON}/{NAMES[1]}": (False, 1),
    }

    other = browse()
    bring(home(other), tmp_path / "work.json")
    assert "1 done exercise." in heard(other.page)
    assert told(other.page) == done(1)
    older = {"exercises": {f"{LESSON}/{NAMES[0]}": {"right": False, "tries": 99, "when": ""}}}
    (tmp_path / "older.json").write_text(json.dumps(older))
    bring(other.page, tmp_path / "older.json")
    assert "0 done exercises." in heard(other.page)
    assert told(home(other)) == done(1), "an older file took back what was done"


def bring(page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Restore").press("Enter")
    page.evaluate("document.getElementById('said').textContent = ''")
    chooser.value.set_files(path)


def heard(page) -> str:
    said = page.locator("#said[role=status]:not(:empty)")
    said.wait_for()
    return said.inner_text()


def test_running_the_solutions_is_no_progress(browse):
    lab = browse()
    lab.open(f"solutions/{LESSON}.ipynb")
    assert lab.ask("import os; print(os.getcwd())").strip().endswith("/solutions")
    lab.ask(RIGHT)
    lab.page.wait_for_timeout(1000)
    assert told(home(lab)) == done(0)


def test_progress_needs_no_service_worker_and_a_refused_database_does_a_check_no_harm(browse):
    lab = browse(service_workers="block")
    lab.open(f"{LESSON}.ipynb")
    lab.ask("import js; kept = js.IDBFactory.prototype.open; js.IDBFactory.prototype.open = None")
    assert lab.ask(RIGHT) == ""
    lab.ask("js.eval(\"IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }\")")
    assert lab.ask(RIGHT) == ""
    assert lab.page.evaluate(RIGHTS) == 0, "it was not refused"
    lab.ask("js.IDBFactory.prototype.open = kept")
    lab.ask(RIGHT)
    expect_told(lab, done(1))


def test_the_workbench_notes_progress_too(browse):
    lab = browse()
    lab.app = "lab"
    lab.open(f"{LESSON}.ipynb")
    lab.ask(RIGHT)
    expect_told(lab, done(1))


def test_a_refused_database_is_said_in_plain_words(browse):
    lab = browse(REFUSED)
    page = home(lab)
    assert "refuses to keep anything" in page.locator("#total").inner_text()
    assert "private window" in page.locator("#kept").inner_text()
    assert not page.get_by_role("button").count()
    assert told(page) == f"{len(NAMES)} exercises"


def test_a_file_of_another_kind_changes_nothing(browse, tmp_path):
    page = home(browse())
    for text in ("", "[]", "{}", '{"exercises": null}', "<b>", "\x00"):
        (tmp_path / "other.json").write_text(text)
        bring(page, tmp_path / "other.json")
        assert heard(page) == "other.json is no file of your work: nothing was changed.", text
    assert sources(page) == {} and told(page) == done(0)


def test_of_a_strangers_file_only_what_has_the_right_form_is_taken(browse, tmp_path):
    fine = {"right": True, "tries": 1, "when": "2026-01-01"}
    strange = {"right": "<img src=x onerror=alert(1)>", "tries": 1}
    keys = {f"{LESSON}/{NAMES[0]}": fine, f"{LESSON}/{NAMES[1]}": strange, f"{LESSON}/{NAMES[2]}": None}
    (tmp_path / "file.json").write_text(json.dumps({"exercises": {**keys, "<b>": fine, "a/b/c": fine}}))
    page = home(browse())
    bring(page, tmp_path / "file.json")
    assert "1 done exercise." in heard(page)
    assert told(page) == done(1)


KEEP = "async (pairs) => { const store = await import('/build/versions-store.js'); await store.keep(...pairs); }"
FILES = "async () => Object.fromEntries(await (await import('/build/versions-store.js')).copies())"
EDIT = f"edits of / {LESSON} scores"


def a_notebook(source: str) -> dict:
    cell = {
        "cell_type": "code",
        "source": source,
        "metadata": {"trusted": True},
        "outputs": [],
        "execution_count": None,
    }
    return {
        "type": "notebook",
        "format": "json",
        "content": {"cells": [cell], "metadata": {"course": {"version": "0"}}},
    }


def a_text(content: str) -> dict:
    return {"type": "file", "format": "text", "content": content}


def sources(page) -> dict[str, str]:
    found = page.evaluate(FILES)
    return {
        path: one["content"]["cells"][0]["source"] if one["type"] == "notebook" else one["content"]
        for path, one in found.items()
    }


def test_all_work_goes_into_one_file_and_comes_back_beside_what_differs(browse, tmp_path):
    page = home(browse())
    mine = {f"{LESSON}.ipynb": a_notebook("mine"), "own/notes.txt": a_text("noted")}
    page.evaluate(KEEP, list(mine.items()))
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [EDIT, "edited"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all my work").press("Enter")
    download.value.save_as(tmp_path / "work.json")

    other = home(browse())
    bring(other, tmp_path / "work.json")
    assert heard(other).startswith("Brought back: 3 files, 0 done exercises.")
    assert sources(other) == {f"{LESSON}.ipynb": "mine", "own/notes.txt": "noted"}
    assert other.evaluate("key => localStorage.getItem(key)", EDIT) == "edited"
    assert "trusted" not in json.dumps(other.evaluate(FILES)), "a file may not say that it is to be trusted"
    bring(other, tmp_path / "work.json")
    assert heard(other).startswith("Brought back: 0 files"), "what is there already was brought once more"

    other.evaluate(KEEP, [[f"{LESSON}.ipynb", a_notebook("another")]])
    other.evaluate("([key, text]) => localStorage.setItem(key, text)", [EDIT, "another"])
    bring(other, tmp_path / "work.json")
    assert "both are kept" in heard(other)
    found = sources(other)
    assert found[f"{LESSON}.ipynb"] == "another"
    assert "mine" in found.values(), "the notebook that differed"
    assert any("edited" in text for path, text in found.items() if path.startswith("cells brought back")), found
    assert other.evaluate("key => localStorage.getItem(key)", EDIT) == "another"


def test_a_hostile_file_puts_nothing_where_it_does_not_belong(browse, tmp_path):
    fine = a_notebook("fine")
    names = ["../up.txt", "/root.txt", "a//b.txt", "drive:x.txt", "x" * 300, "a/./b", "c\\d", "\0"]
    broken = [None, 7, {}, {"type": "notebook", "content": {}}, {"type": "notebook", "content": {"cells": [7]}}]
    broken += [{"type": "directory", "format": "json", "content": []}, {"type": "file", "format": "text", "content": 7}]
    files = dict.fromkeys(names, a_text("bad")) | {f"broken {i}": one for i, one in enumerate(broken)}
    files |= {"fine.ipynb": fine, "tables/fine-tuning.json": a_text("[]")}
    (tmp_path / "file.json").write_text(json.dumps({"files": files, "edits": {"a": 7, "b": {"c": 1}}}))
    page = home(browse())
    bring(page, tmp_path / "file.json")
    heard(page)
    found = sources(page)
    assert found.pop("fine.ipynb") == "fine"
    (beside,) = found
    assert beside.startswith("tables/fine-tuning (brought back, "), "it would hide a file of the course"
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('edits'))") == []


def test_a_huge_file_is_refused_unread(browse, tmp_path):
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(65_000_000)
    page = home(browse())
    bring(page, tmp_path / "huge.json")
    assert heard(page) == "huge.json is larger than 64 MB, which no work of this course is: nothing was changed."


def test_two_courses_of_one_address_keep_theirs_apart(browse, tmp_path):
    (tmp_path / "file.json").write_text(
        json.dumps({"exercises": {f"{LESSON}/{NAMES[0]}": {"right": True, "tries": 1, "when": ""}}})
    )
    lab = browse(service_workers="block")  # One would ask the server for the other course, past the routes below.
    page = home(lab)
    body = page.content()
    lab.page.route("**/other/", lambda route: route.fulfill(body=body, content_type="text/html"))
    lab.page.route(
        "**/other/*/*.js*",
        lambda route, asked: route.fulfill(response=lab.page.request.get(asked.url.replace("/other/", "/"))),
    )
    bring(page, tmp_path / "file.json")
    heard(page)
    lab.page.route("**/other/favicon.ico", lambda route: route.fulfill(status=204))
    lab.page.goto(f"{lab.url}other/")
    lab.page.locator("#total", has_text="exercises done").wait_for()
    assert told(lab.page) == done(0)
    assert told(home(lab)) == done(1)
