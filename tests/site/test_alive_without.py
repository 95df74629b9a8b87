"""A reading page where something is missing: it says so in one sentence, and all that still works does."""

import pytest

LESSON = "01-attention-by-hand"
WAIT = 120_000
HIDDEN = "Object.defineProperty(Navigator.prototype, '{name}', {{ get: () => {value} }});"
SENTENCES = {
    "no WebAssembly": ("delete window.WebAssembly;", "it has no WebAssembly", False),
    "no module workers": (
        "window.Worker = class { constructor() {} terminate() {} addEventListener() {} };",
        "it has no module workers",
        False,
    ),
    "no memory": (
        "WebAssembly.Memory = class { constructor() { throw new RangeError('no'); } };",
        "not enough memory left for Python",
        False,
    ),
    "little memory": (HIDDEN.format(name="deviceMemory", value=1), "has little memory", True),
    "no storage": (
        "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); };",
        "keeps nothing for this page",
        True,
    ),
    "no service worker": (HIDDEN.format(name="serviceWorker", value="undefined"), "keeps no copy of the course", True),
}


@pytest.mark.parametrize("missing", SENTENCES)
def test_what_a_browser_cannot_do_is_said_in_one_sentence(site, missing):
    script, words, runs = SENTENCES[missing]
    with site.browser.new_context() as context:
        context.add_init_script(script)
        page = context.new_page()
        page.goto(f"{site.url}read/{LESSON}.html")
        notes = page.locator(".note p")
        notes.first.wait_for()
        assert notes.count() == 1 and words in notes.inner_text()
        assert (page.locator(".bar button:visible").count() > 0) is runs
        assert page.locator(".cell pre").count() > 20, "there is everything to read"
        if missing == "no storage":
            page.get_by_role("button", name="Edit, cell 1", exact=True).click()
            page.locator("textarea").press("x")
            page.get_by_text("refuses to keep what you write").wait_for()


def test_a_whole_browser_is_told_nothing_and_bytes_that_cost_are_left_alone(site):
    with site.browser.new_context() as context:
        context.add_init_script(HIDDEN.format(name="connection", value="({ saveData: true })"))
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.url}read/{LESSON}.html")
        page.locator(".bar button").first.wait_for()
        assert page.locator(".note").count() == 0
        page.locator(".cell").first.hover()
        page.wait_for_timeout(4500)  # longer than a page is left alone
        assert not [url for url in asked if "pyodide" in url]


def test_python_is_fetched_while_one_reads(site):
    with site.browser.new_context() as context:
        page = context.new_page()
        with page.expect_request("**/pyodide.asm.wasm", timeout=WAIT):
            page.goto(f"{site.url}read/{LESSON}.html")


def test_a_server_that_is_gone_is_said_and_run_may_be_pressed_again(site):
    # A service worker would ask for the file where no route is heard.
    with site.browser.new_context(service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{site.url}read/{LESSON}.html")
        page.locator(".bar button").first.wait_for()
        page.route("**/early-worker.js", lambda route: route.abort())
        page.get_by_role("button", name="Run, cell 1", exact=True).click()
        page.locator(".status").filter(has_text="a part of it could not be loaded").wait_for(timeout=WAIT)
        page.unroute("**/early-worker.js")
        page.get_by_role("button", name="Run, cell 1", exact=True).click()
        page.locator(".status").filter(has_text="Done").wait_for(timeout=WAIT)
