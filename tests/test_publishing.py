"""What the README tells a web server to do: it can be read, it fits the files of a site, and nginx does it."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.native
ROOT = Path(__file__).parents[1]
RECIPE = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
TEXT = b"the same line again and again\n" * 400
#: a file of each kind, what it is to be called, whether it is compressed, whether a browser may stop asking
FILES = {
    "index.html": ("text/html", True, False),
    "build/home.js": ("javascript", True, False),
    "build/1031.b91a70b.js": ("javascript", True, True),
    "extensions/@a/b/static/remoteEntry.abcac41d5ca77040.js": ("javascript", True, True),
    "build/fa-solid-900.17150c7.woff2": ("font/woff2", False, True),
    "static/pyodide/early.mjs": ("text/javascript", True, False),
    "static/pyodide/pyodide.asm.wasm": ("application/wasm", True, False),
    "static/pyodide/start.snapshot": ("application/octet-stream", False, False),
    "files/01-attention.ipynb": ("application/json", True, False),
    "api/contents/all.json": ("application/json", True, False),
    "service-worker.js": ("javascript", True, False),
}


def blocks(text):
    """Nested lists of directives: a word list each, with a list of its own block at its end if it has one."""
    tokens = re.findall(r'"[^"]*"|[{};]|[^\s{};]+(?:\{[\d,]+\}[^\s{};]*)*', text)
    stack, words = [[]], []
    for token in tokens:
        if token == "}":
            assert not words, f"no semicolon after {' '.join(words)}"
            inside = stack.pop()
            stack[-1][-1].append(inside)
        elif token in "{;":
            stack[-1].append(words)
            words = []
            if token == "{":
                stack.append([])
        else:
            words.append(token.strip('"'))
    assert len(stack) == 1 and not words, "braces that do not close, or a semicolon that is not there"
    return stack[0]


def test_the_recipe_can_be_read():
    ((name, path, course),) = blocks(RECIPE)
    assert (name, path) == ("location", "/course/")
    assert ["alias", "/srv/course/"] in course
    (long,) = [inside for inside in course if inside[:2] == ["location", "~"]]
    for file, (_, _, for_good) in FILES.items():
        assert bool(re.search(long[2], file)) == for_good, file


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a file of each kind as the recipe says; give the address."""
    if not NGINX:
        pytest.skip("no nginx here to try the recipe with")
    folder = tmp_path_factory.mktemp("nginx")
    for name in (*FILES, "404.html"):
        (folder / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "course" / name).write_bytes(b"the site's own page" if name == "404.html" else TEXT)
    (folder / "nginx.conf").write_text(configuration(folder, port := free_port()))
    command = [NGINX, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(port, running)
        yield f"http://127.0.0.1:{port}/course/"
    finally:
        running.terminate()
        running.wait()


def configuration(folder, port):
    built = subprocess.run([NGINX, "-V"], capture_output=True, text=True).stderr
    shutil.copy(Path(re.search(r"--conf-path=(\S+)", built)[1]).with_name("mime.types"), folder)
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n".join(
        [
            "user root;" if os.geteuid() == 0 else "",
            f"daemon off; pid {folder}/pid; events {{}}",
            "http { access_log off;",
            *(f"{name}_temp_path {folder}/{name};" for name in paths),
            f"server {{ listen 127.0.0.1:{port};",
            RECIPE.replace("/srv/course/", f"{folder}/course/"),
            "} }",
        ]
    )


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port, running):
    for _ in range(600):
        assert running.poll() is None, running.stderr.read()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx took no connection within 30 s")


def get(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30)
    except urllib.error.HTTPError as error:
        return error


@pytest.mark.parametrize("name", FILES)
def test_nginx_serves_a_file_as_the_recipe_wants(served, name):
    kind, compressed, for_good = FILES[name]
    with get(served + name, **{"Accept-Encoding": "gzip"}) as answer:
        body, headers = answer.read(), answer.headers
    assert headers["Content-Type"].endswith(kind)
    assert (headers["Content-Encoding"] == "gzip") == compressed
    assert (gzip.decompress(body) if compressed else body) == TEXT
    assert headers.get_all("Cache-Control") == ["max-age=31536000, immutable" if for_good else "no-cache"]
    with get(served + name, **{"If-Modified-Since": headers["Last-Modified"]}) as again:
        assert (again.status, again.read()) == (304, b"")


def test_nginx_answers_a_wrong_address_with_the_sites_own_page(served):
    with get(f"{served}gone.html") as answer:
        assert (answer.status, answer.read()) == (404, b"the site's own page")
