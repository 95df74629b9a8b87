"""The server: on this machine only, with the right types, and never an old copy."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from importlib.metadata import entry_points
from urllib.parse import urlsplit

import pytest
from coursekit.server import bind, serve_until_interrupted, serving

pytestmark = pytest.mark.native


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    around = tmp_path_factory.mktemp("around")
    folder = around / "site"
    folder.mkdir()
    for name in ("index.html", "a.wasm", "a.mjs", "a.js", "a.json", "a.ipynb", "a.whl", "a.svg", "a.css"):
        (folder / name).write_text(name)
    (around / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def ask(site):
    """Ask the served site for a path just as it is written."""
    with serving(site) as url:

        def get(path):
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            return answer, body

        yield get


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.wasm", "application/wasm"),
        ("a.mjs", "text/javascript"),
        ("a.js", "text/javascript"),
        ("a.json", "application/json"),
        ("a.ipynb", "application/json"),
        ("a.whl", "application/zip"),
        ("a.svg", "image/svg+xml"),
        ("a.css", "text/css"),
        ("", "text/html"),
    ],
)
def test_a_file_comes_with_its_type_and_is_asked_for_again_next_time(ask, name, kind):
    answer, body = ask(f"/{name}")
    assert (answer.status, body.decode()) == (200, name or "index.html")
    assert answer.headers.get_content_type() == kind
    assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_not_there_is_not_found(ask):
    answer, _ = ask("/none.js?x=1")
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-cache"


def test_who_follows_a_wrong_link_gets_the_sites_own_page_for_it(tmp_path):
    (tmp_path / "404.html").write_text("no such page")
    with serving(tmp_path) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        for method, accept, expected in (("GET", "text/html,*/*", b"no such page"), ("HEAD", "text/html", b"")):
            connection.request(method, "/a/b/none", headers={"Accept": accept})
            answer = connection.getresponse()
            assert (answer.status, answer.read(), answer.headers["Content-Length"]) == (404, expected, "12")
        connection.request("GET", "/none.json", headers={"Accept": "*/*"})
        answer = connection.getresponse()
        assert answer.status == 404 and b"no such page" not in answer.read()
        connection.close()


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/x/../../secret.txt", "//secret.txt"])
def test_nothing_outside_the_site_is_served(ask, path):
    answer, body = ask(path)
    assert answer.status == 404 and b"secret" not in body.replace(b"secret.txt", b"")


def test_only_this_machine_is_served(site, taken):
    for port in (0, taken):
        server = bind(site, port)
        listens = server.socket.getsockname()
        server.server_close()
        assert listens == ("127.0.0.1", server.server_port)
        assert server.url == f"http://127.0.0.1:{server.server_port}/"


def test_after_serving_nobody_listens(site):
    with serving(site) as url:
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=5)


def test_a_connection_that_was_kept_open_is_closed_with_the_server(site):
    with serving(site) as url:
        kept = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        kept.request("GET", "/index.html")
        assert kept.getresponse().read()
        kept.auto_open = 0
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        kept.request("GET", "/index.html")
        kept.getresponse()


def test_the_wanted_port_is_taken_if_it_is_free(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    server = bind(site, port)
    server.server_close()
    assert server.server_port == port


def test_another_port_is_taken_if_somebody_has_the_wanted_one(site, taken):
    server = bind(site, taken)
    server.server_close()
    assert server.server_port != taken


def test_a_browser_that_goes_away_is_no_news_and_any_other_error_is(site, capsys):
    server = bind(site)
    for error in (BrokenPipeError, ConnectionResetError, ZeroDivisionError):
        try:
            raise error
        except error:
            server.handle_error(None, ("127.0.0.1", 1))
        said = capsys.readouterr().err
        assert (error.__name__ in said) == (error is ZeroDivisionError)
    server.server_close()


def interrupted(command, folder):
    """Run `command` until it says an address, ask there for a file, press Ctrl-C; return all that it did."""
    running = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore Ctrl-C, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = threading.Timer(60, running.kill)
    deadline.start()
    try:
        said = []
        while "The course is at " not in (line := running.stdout.readline()):
            assert line, running.stderr.read()
            said.append(line)
        url = line.split()[4]
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", "/a.mjs")
        body = connection.getresponse().read()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    finally:
        deadline.cancel()
        running.kill()
    return urlsplit(url), body, running.returncode, "".join([*said, line, out]), err


def test_the_command_says_the_address_and_stops_on_ctrl_c(site, taken):
    command = [sys.executable, "-m", "coursekit", "serve", str(site), "--port", str(taken)]
    url, body, status, out, err = interrupted(command, site.parent)
    assert (url.hostname, body, status, err) == ("127.0.0.1", b"a.mjs", 0, "")
    assert url.port != taken
    assert out.splitlines() == [
        f"port {taken} is taken",
        f"The course is at {url.geturl()}  (Ctrl-C stops it)",
        "",
        "stopped",
    ]


@pytest.mark.slow
def test_jupyter_lite_serve_does_the_same(site):
    (site / "jupyter-lite.json").write_text("{}")
    others = [one.name for one in entry_points(group="jupyterlite.addon.v0") if one.name != "course-serve"]
    options = ["--output-dir", str(site), "--port", "0", *(f"--disable-addons={name}" for name in others)]
    command = [sys.executable, "-m", "jupyterlite_core", "serve", *options]
    url, body, status, out, err = interrupted(command, site.parent)
    assert (url.hostname, body, status) == ("127.0.0.1", b"a.mjs", 0), err
    assert "Traceback" not in err
    assert out.rstrip().endswith("stopped")


def test_a_folder_without_a_site_is_not_served(tmp_path):
    with pytest.raises(ValueError, match="no site in"):
        serve_until_interrupted(tmp_path, 0)
