"""Nothing is asked of another server: not by a page, not by what a notebook shows, not by a learner's code."""

import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from coursekit.testing.lab import Lab

SITE = Path(__file__).parents[2] / "build/site"
#: pages of apps that are not built lead to nowhere, round and round
PAGES = sorted(
    path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if path.parent.name not in ("tree", "workspaces")
)
#: what a script can try; each is a statement with `to` for an address elsewhere, and fails aloud or quietly
SCRIPTED = {
    "fetch": "fetch(to)",
    "request": "const x = new XMLHttpRequest(); x.open('GET', to); x.send()",
    "socket": "new WebSocket(to.replace('http', 'ws'))",
    "events": "new EventSource(to)",
    "module": "import(to + 'a.mjs')",
}
ON_A_PAGE = SCRIPTED | {
    "beacon": "navigator.sendBeacon(to, 'x')",
    "picture": "new Image().src = to",
    "script": "document.head.append(Object.assign(document.createElement('script'), {src: to}))",
    "markup": "document.body.insertAdjacentHTML('beforeend', `<img src='${to}'><video src='${to}'></video>"
    "<link rel=stylesheet href='${to}'><link rel=prefetch href='${to}'><object data='${to}'></object>"
    "<embed src='${to}'><iframe src='${to}'></iframe><div style='background:url(${to})'>x</div>`)",
    "frame": "const f = document.createElement('iframe'); f.srcdoc = `<img src='${to}'>`; document.body.append(f)",
    "form": "const f = document.createElement('form'); f.action = to; document.body.append(f); f.submit()",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${to}')`])))",
}
IN_A_WORKER = SCRIPTED | {
    "scripts": "importScripts(to)",
    "nested": "new Worker(URL.createObjectURL(new Blob([`fetch('${to}')`])))",
}
#: a worker or a frame of the site's own files would know no policy
UNGUARDED = """async (address) => {
  const refused = [];
  addEventListener("securitypolicyviolation", ({effectiveDirective}) => refused.push(effectiveDirective));
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
  try { new SharedWorker(address) } catch {}
  const soon = Date.now() + 500, late = soon + 20_000; // a page that is still starting hears of it late
  while (Date.now() < soon || (refused.length < 2 && Date.now() < late))
    await new Promise((resolve) => setTimeout(resolve, 50));
  return refused.sort();
}"""


@pytest.fixture
def elsewhere():
    """A server of another origin: its address, and a list of what it was asked."""
    came = []

    class Answer(BaseHTTPRequestHandler):
        def answer(self):
            came.append(f"{self.command} {self.path}")
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_GET = do_HEAD = do_OPTIONS = do_POST = answer

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", came
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site):
    """A page in a fresh profile that may complain as it likes."""
    with site.browser.new_context() as context:
        yield context.new_page()


def try_all(page, ways: dict[str, str], to: str) -> None:
    """Try each of the ways, to an address that has its name, and wait until the last has had the time it needs."""
    for name, way in ways.items():
        page.evaluate(f"to => {{ try {{ const done = (() => {{ {way} }})() }} catch {{}} }}", f"{to}{name}/")
    page.wait_for_timeout(300 if len(ways) == 1 else 1000)


def test_without_a_policy_every_way_leads_there(site, page, elsewhere):
    """Else the tests below would pass for want of trying."""
    to, came = elsewhere
    for name, way in ON_A_PAGE.items():
        page.goto(f"{site.url}jupyter-lite.json")
        came.clear()
        try_all(page, {name: way}, to)
        assert came and all(f"/{name}/" in one for one in came), name


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_server(site, page, elsewhere, path):
    to, came = elsewhere
    page.goto(f"{site.url}{path}")
    try_all(page, ON_A_PAGE, to)
    assert came == []
    assert page.evaluate(UNGUARDED, f"{site.url}config-utils.js") == ["frame-src", "worker-src"]


def test_what_a_notebook_shows_asks_no_other_server(site, page, elsewhere, first):
    to, came = elsewhere
    lab = Lab(page, site.url)
    lab.open(first)
    scripts = [f"(() => {{ const to = {to!r}; {way} }})()" for way in ON_A_PAGE.values()]
    markup = f"<img src='{to}'><iframe src='{to}'></iframe><script src='{to}'></script><script>fetch('{to}')</script>"
    markup += f"<svg><image href='{to}'/></svg><img src=x onerror=\"fetch('{to}')\"><style>@import '{to}';</style>"
    lab.set_source(1, f"from IPython.display import HTML, Image, Javascript, SVG, Markdown, display\n"
                      f"display(HTML({markup!r}), Image(url={to!r}), Markdown('![x]({to})'))\n"
                      f"for script in {scripts!r}:\n    display(Javascript(script))\n"
                      f"import ipywidgets; ipywidgets.HTML({markup!r})")  # fmt: skip
    page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:change-cell-to-code')")
    lab.run(1)
    page.wait_for_timeout(2000)
    assert page.locator("img[src^='http://127']").count(), "nothing was shown"
    assert came == []


@pytest.mark.parametrize("app", ["notebooks", "lab"])
def test_the_kernel_asks_no_other_server(site, page, elsewhere, first, app):
    to, came = elsewhere
    lab = Lab(page, site.url, app=app)
    lab.open(first)
    for name, way in IN_A_WORKER.items():
        code = f"(() => {{ const to = {to!r}; {way} }})()"
        lab.ask(f"import js\ntry:\n    print(js.eval({code!r}))\nexcept Exception as error:\n    print(error)")
        assert came == [], name
    said = lab.ask(f"import pyodide.http\nawait pyodide.http.pyfetch({to!r})")
    assert "fetch" in said, said
    said = lab.ask(f"pyodide.http.open_url({to!r})")
    assert "Error" in said, said
    said = lab.ask(f"import urllib.request; urllib.request.urlopen({to!r})")
    assert said, "a request was made"
    # A worker of the site's own address would have no policy of its own.
    address = f"{site.url}config-utils.js"
    lab.ask(f"js.eval(\"self.addEventListener('securitypolicyviolation', (e) => self.r = e.effectiveDirective)\")\n"
            f"try:\n    js.eval(\"new Worker('{address}')\")\nexcept Exception:\n    pass")  # fmt: skip
    page.wait_for_timeout(1000)
    assert lab.ask("print(js.r)").strip() == "worker-src"
    assert came == []


def test_the_server_elsewhere_counts(elsewhere):
    to, came = elsewhere
    urllib.request.urlopen(to).close()
    assert len(came) == 1
