"""Whatever leaves the site's origin is refused and remembered."""

import http.client
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from coursekit.testing.outsiders import OWN_ERRANDS, Outsiders

pytestmark = pytest.mark.native


@pytest.fixture(scope="module")
def proxy():
    with Outsiders() as one:
        yield one


@pytest.fixture
def outsiders(proxy):
    proxy.asked.clear()
    return proxy


@pytest.fixture
def through(outsiders):
    """Send a request through the proxy as a browser would; return the status."""
    flag, _, proxy = outsiders.argument.partition("=")
    assert flag == "--proxy-server"

    def send(method, target):
        connection = http.client.HTTPConnection(urlsplit(proxy).netloc, timeout=10)
        connection.putrequest(method, target, skip_host=True)
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        return status

    return send


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_request_is_refused_and_counted(outsiders, through, method):
    assert through(method, "http://elsewhere.example/a?b=c") == 403
    assert outsiders.asked == [f"{method} http://elsewhere.example/a?b=c"]


def test_a_tunnel_is_refused_and_counted(outsiders, through):
    assert through("CONNECT", "elsewhere.example:443") == 403
    assert outsiders.asked == ["CONNECT elsewhere.example:443"]


def test_the_browsers_own_errands_are_refused_and_not_counted(outsiders, through):
    for host in OWN_ERRANDS:
        assert through("CONNECT", f"{host}:443") == 403
        assert through("GET", f"http://{host}/a") == 403
    assert outsiders.asked == []


@pytest.mark.parametrize(
    "target",
    [f"http://elsewhere.example/?for={OWN_ERRANDS[0]}", f"http://{OWN_ERRANDS[0]}.elsewhere.example/"],
)
def test_naming_the_browsers_own_errands_is_no_excuse(outsiders, through, target):
    assert through("GET", target) == 403
    assert outsiders.asked == [f"GET {target}"]


def test_what_a_watched_page_asks_for_elsewhere_is_noted(outsiders):
    note = outsiders.watch("http://127.0.0.1:8000/")
    for url in (
        "http://127.0.0.1:8000/lab/index.html",
        "data:text/plain,a",
        "blob:http://127.0.0.1:8000/1",
        "http://127.0.0.1:80000/",
        "https://elsewhere.example/a",
    ):
        note(SimpleNamespace(method="GET", url=url))
    assert outsiders.asked == ["GET http://127.0.0.1:80000/", "GET https://elsewhere.example/a"]
