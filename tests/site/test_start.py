"""How the page starts: Python together with the shell, in the notebook page and in the workbench."""

import time

from coursekit.bench.chunks import CHUNK
from coursekit.testing.lab import ASK, Lab

RUNTIME = "/static/pyodide/"
#: what the shell asks for on its way to a notebook
ASKED_AHEAD = (
    "/api/contents/all.json",
    "/api/translations/all.json",
    "/api/translations/en.json",
    "/build/notebooks/schemas/all.json",
    "/notebooks/jupyter-lite.json",
)
#: when the page first showed something, in milliseconds since 1970
PAINTED = """() => performance.timeOrigin + performance.getEntriesByName("first-contentful-paint")[0].startTime"""
DRAWN = "numpy.random.default_rng(0).integers(9, size=3)"
#: what stands in no cell, but in the course's own package: it asks NumPy for polynomials
BLAME = """
import numpy
from lesson import interpret, recipes
judge = recipes.sentiment()
question = interpret.ask(judge.params, judge.config, (judge.held_out[0][:1],), numpy.array([0]))
print(interpret.integrated_gradients(question, points=2)[0][0].shape)
"""
#: nor does this: what colours the traceback
TRACEBACK = """
import sys
try:
    1 / 0
except ZeroDivisionError:
    print("ZeroDivisionError" in get_ipython().InteractiveTB.text(*sys.exc_info()))
"""
#: a pack, what waits for it, and what it answers then
WAITING = (
    ("numbers.pack", f"import ipywidgets, numpy; print({DRAWN}, ipywidgets.IntSlider(value=3).value)", "[7 5 4] 3"),
    ("pictures.pack", "import matplotlib.pyplot as plt; print(plt.plot([1])[0].get_color())", "#1f77b4"),
    ("library.pack", TRACEBACK, "True"),
    ("rest.pack", BLAME, "(1, 8)"),
)
ASK_AND_TELL = f"(code) => {{ window.answered = null; ({ASK})(code).then((text) => (window.answered = text)); }}"


def test_python_starts_while_the_page_does(lab, first):
    asked = []
    lab.page.on("request", lambda request: asked.append((1000 * time.time(), request.url)))
    lab.open(first)
    painted = lab.page.evaluate(PAINTED)
    for name in (f"{RUNTIME}pyodide.asm.wasm", "/start.snapshot", *ASKED_AHEAD, f"/files/{first}"):
        at = [at for at, url in asked if url.endswith(name)]
        assert at and max(at) < painted, f"{name} was asked for when the shell was there already, or not at all"
    assert next(at for at, url in asked if "/build/notebooks/bundle.js" in url) < painted
    for name in ("pyodide.asm.wasm", "/chunks.js", *ASKED_AHEAD):
        assert sum(url.endswith(name) for _, url in asked) == 1, f"{name} was asked for twice"
    alone = [url for _, url in asked if CHUNK.search(url)]
    assert alone == [], "`coursekit chunks` names anew what every start loads"


def test_nothing_is_loaded_twice_when_the_kernel_restarts(lab, first):
    lab.open(first)
    lab.ask("marker = 1")
    lab.restart()
    assert lab.ask("print('marker' in globals())").strip() == "False"
    assert lab.ask("import ipywidgets, numpy; print(numpy.__version__)").strip() == "2.4.3"


def test_the_workbench_runs_a_notebook_too(site, first):
    with site.lab() as page:
        lab = Lab(page.page, site.url, app="lab")
        lab.open(f"solutions/{first}")
        code = [cell for cell in lab.run_all() if cell["cell_type"] == "code"]
        assert all(cell["execution_count"] for cell in code)
        assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]
        assert site.unexplained(lab.errors) == []


def test_what_a_cell_imports_is_waited_for_or_fetched(lab, first):
    lab.open(first)
    assert lab.ask("from lesson import plots; print('there')").strip() == "there", "the background was not waited for"
    assert lab.ask("import fontTools; print(fontTools.__name__)").strip() == "fontTools"
    assert lab.ask("from importlib.metadata import version; print(version('jedi'))").startswith("0.")
    assert lab.ask("import numpy; print(numpy.dot.__doc__[:9])").strip() == "dot(a, b,"
    lab.ask("from pathlib import Path; Path('beside_it.py').write_text('SIX = 6')")
    assert lab.ask("import beside_it; print(beside_it.SIX)").strip() == "6"
    colours = "from IPython.display import Code; print(Code('x = 1', language='python')._repr_html_()[-99:])"
    assert "<span" in lab.ask(colours)
    assert "pygments.lexers.c_cpp" in lab.ask("from pygments.lexers import get_lexer_by_name; get_lexer_by_name('c')")


def test_what_comes_later_is_not_needed_before_it_is_there(site, first):
    """The packs that come later are held back: cells that do without them run, and others wait for theirs."""
    held = []
    with site.browser.new_context(service_workers="block") as context:
        page = context.new_page()
        for name in ("numbers.pack", "pictures.pack", "library.pack", "rest.pack"):
            page.route(f"**/{name}", lambda route: held.append(route))
        lab = Lab(page, site.url)
        lab.open(first)
        assert lab.ask("import os; print(sum(range(10)))").strip() == "45"
        for pack, code, answer in WAITING:
            page.evaluate(ASK_AND_TELL, code)
            page.wait_for_timeout(1000)
            assert page.evaluate("() => window.answered") is None, f"{code} did not wait for {pack}"
            assert held[-1].request.url.endswith(pack), "they do not come one after the other"
            held[-1].continue_()
            page.wait_for_function("() => window.answered", timeout=60_000)
            assert page.evaluate("() => window.answered").strip() == answer


def test_what_no_cell_shows_is_fetched_when_it_is_imported(site, first):
    """And chance, sets and the clock are not those of whoever built the site."""
    held = []
    with site.browser.new_context(service_workers="block", timezone_id="America/Lima") as context:
        page = context.new_page()
        page.route("**/numbers.pack", lambda route: held.append(route))
        lab = Lab(page, site.url)
        lab.open(first)
        assert lab.ask("print(__import__('wa' + 've').__name__)").strip() == "wave"
        assert lab.ask("import importlib, typing; print(importlib.reload(typing).__name__)").strip() == "typing"
        assert held[-1].request.url.endswith("numbers.pack"), "those that come by themselves came before"
        assert lab.ask("import time; print(time.timezone, time.localtime().tm_zone)").split() == ["18000", "UTC-0500"]
        assert abs(float(lab.ask("import time; print(time.time())")) - time.time()) < 60
        assert lab.ask("import time; time.sleep(0.01); print('slept')").strip() == "slept"
        chance = "import os, random; print(random.random(), os.urandom(8).hex())"
        first_time = lab.ask(chance)
        held.pop().abort()
    with site.browser.new_context(service_workers="block") as context:
        again = Lab(context.new_page(), site.url)
        again.open(first)
        assert not {*again.ask(chance).split()} & {*first_time.split()}
