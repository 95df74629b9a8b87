"""The site in the hands of a learner with another browser: `make engines` runs this in Firefox and in WebKit.

Only what every engine's page can do is asked of it: go to an address, evaluate, wait, and press keys.
"""

import time

import pytest

pytestmark = pytest.mark.xdist_group("engine")  # one page for all of them, one after the other

FOCUS_SLIDER = """() => {
  const handle = document.querySelector('.widget-vbox [role=slider]');
  handle?.scrollIntoView({ block: 'center' });
  handle?.focus();
  return document.activeElement === handle && handle !== null;
}"""
SLIDER = "() => document.querySelector('.widget-vbox [role=slider]').getAttribute('aria-valuenow')"
WORDS = "() => document.querySelector('.widget-vbox:has([role=slider]) [role=status]').innerText"
DONE = "([lesson]) => document.querySelector(`[data-lesson='${lesson}'] .done`)?.innerText.startsWith('1 of')"
ELSEWHERE = "http://elsewhere.invalid/"
#: what the kernel's own code could try
WAYS = (
    f"fetch('{ELSEWHERE}').catch(() => null)",
    f"import('{ELSEWHERE}a.mjs').catch(() => null)",
    f"{{ const x = new XMLHttpRequest(); x.open('GET', '{ELSEWHERE}', false); x.send(); }}",
    f"new Worker(URL.createObjectURL(new Blob([`fetch('{ELSEWHERE}').catch(() => null)`])))",
)
CLOSE = """() => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  kernel.requestExecute({ code: 'import js; js.close()' });
}"""
WRONG = "def my_scores(query, key):\n    return key\n"
RIGHT = "def my_scores(query, key):\n    return query @ key.T\n"


@pytest.fixture(scope="module")
def first() -> str:
    return "01-attention-by-hand.ipynb"


@pytest.fixture(scope="module")
def lab(site, first):
    """The learner's edition of the first lesson, opened once; nothing asked for elsewhere, no error unexplained."""
    asked_before = len(site.outsiders.asked)
    with site.lab() as one:
        one.open(first)
        yield one
        errors = list(one.errors)
    assert site.outsiders.asked[asked_before:] == []
    assert site.unexplained(errors) == []


def index_of(lab, name: str) -> int:
    return next(index for index, cell in enumerate(lab.cells()) if cell["id"] == name)


def run(lab, *names: str) -> None:
    for name in names:
        lab.run(index_of(lab, name))


def verdict(lab) -> str:
    (output,) = lab.cells()[index_of(lab, "scores-check")]["outputs"]
    return "".join(output["data"]["text/plain"])


def test_it_is_the_engine_that_was_asked_for(lab, pytestconfig):
    wanted = {"firefox": "Firefox/", "webkit": "AppleWebKit/", "chromium": "Chrome/"}
    engine = pytestconfig.getoption("browser_engine")
    agent = lab.page.evaluate("() => navigator.userAgent")
    assert wanted[engine] in agent
    assert engine == "chromium" or "Chrome/" not in agent


def test_what_goes_wrong_is_heard(site):
    """Else the silence in all other tests would say nothing: an error on the page, and a request elsewhere."""
    asked_before = len(site.outsiders.asked)
    with site.lab() as lab:
        lab.page.goto(f"{site.url}build/guard.js")  # a text knows no policy
        lab.page.evaluate(f"() => {{ console.error('on purpose'); new Image().src = '{ELSEWHERE}'; }}")
        for condition in (lambda: lab.errors, lambda: site.outsiders.asked[asked_before:]):
            deadline = time.monotonic() + 30
            while not condition():
                assert time.monotonic() < deadline
                lab.page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 100))")
    assert [error for error in lab.errors if "on purpose" in error]
    assert [asked for asked in site.outsiders.asked[asked_before:] if ELSEWHERE in asked]
    del site.outsiders.asked[asked_before:]


def test_the_kernel_asks_no_other_server(site, lab):
    asked_before = len(site.outsiders.asked)
    for way in WAYS:
        lab.ask(f"import js\ntry:\n    js.eval({way!r})\nexcept Exception as error:\n    print(error)")
    lab.ask("import asyncio; await asyncio.sleep(2)")
    assert site.outsiders.asked[asked_before:] == []
    lab.errors[:] = [error for error in lab.errors if ELSEWHERE not in error]  # refused aloud, as it should be


def test_an_answer_is_wrong_then_right(lab):
    lab.run_all()
    assert verdict(lab).startswith("not yet")
    for answer, begins in ((WRONG, "not right"), (RIGHT, "right")):
        lab.set_source(index_of(lab, "scores-exercise"), answer)
        run(lab, "scores-exercise", "scores-check")
        assert verdict(lab).startswith(begins)


def test_a_slider_moves_by_keyboard(lab):
    lab.show(index_of(lab, "query-widget"))
    lab.page.wait_for_function(FOCUS_SLIDER)
    value, words = lab.page.evaluate(SLIDER), lab.page.evaluate(WORDS)
    lab.page.keyboard.press("ArrowRight")
    lab.page.wait_for_function(f"(before) => ({SLIDER})() !== before", arg=value)
    lab.page.wait_for_function(f"(before) => ({WORDS})() !== before", arg=words)


def test_the_kernel_restarts(lab):
    lab.ask("marker = 1")
    lab.restart()
    assert lab.ask("import lesson; print('marker' in globals())").strip() == "False"
    lab.run_all()
    assert verdict(lab).startswith("right")


def test_a_python_that_has_ended_is_said_and_begins_anew(lab):
    lab.page.evaluate(CLOSE)
    lab.page.wait_for_function("() => document.querySelector('#course-notices [data-kind=ended]')")
    lab.page.evaluate("() => document.querySelector('#course-notices [data-kind=ended] button').click()")
    lab.page.wait_for_function("() => document.querySelector('#course-notices [data-kind=stopped]')")
    assert lab.ask("print(6 * 7)").strip() == "42"


def test_a_lesson_can_be_read(lab, first):
    page = lab.page
    page.goto(f"{lab.url}read/{first.removesuffix('.ipynb')}.html")
    assert page.evaluate("() => document.querySelector('h1').textContent").startswith("Attention by hand")
    assert page.evaluate("() => document.querySelector('math').getBoundingClientRect().width") > 0
    assert page.evaluate("() => [...document.images].every((image) => image.complete && image.naturalWidth)")


def test_the_front_page_knows_what_was_answered(lab, first):
    page = lab.page
    page.goto(lab.url)
    page.wait_for_function("([link]) => document.querySelector(link)", arg=[f"a[href$='path={first}']"])
    page.wait_for_function(DONE, arg=[first.removesuffix(".ipynb")])
