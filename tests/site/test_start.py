"""How the page starts: Python together with the shell, in the notebook page and in the workbench."""

from coursekit.testing.lab import Lab

RUNTIME = "/static/pyodide/"


def test_python_starts_while_the_page_does(lab, first):
    asked = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open(first)
    wasm = next(i for i, url in enumerate(asked) if url.endswith(f"{RUNTIME}pyodide.asm.wasm"))
    bundle = next(i for i, url in enumerate(asked) if "/build/notebooks/bundle.js" in url)
    contents = max(i for i, url in enumerate(asked) if "/api/contents/" in url)
    assert wasm < contents, "Python waited for the shell"
    assert bundle < contents
    for once in ("pyodide.asm.wasm", "/build/schemas/all.json", "/api/translations/all.json"):
        assert sum(url.endswith(once) for url in asked) == 1, f"{once} was asked for twice"


def test_nothing_is_loaded_twice_when_the_kernel_restarts(lab, first):
    lab.open(first)
    assert lab.ask("import lesson, sys; print('matplotlib' in sys.modules)").strip() == "False"
    lab.restart()
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
