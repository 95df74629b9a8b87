"""Many learners cost a web server as much each as one does."""

import pytest
from coursekit.__main__ import main
from coursekit.bench.load import MOST, load

pytestmark = pytest.mark.native


@pytest.fixture
def site(tmp_path):
    (tmp_path / "read").mkdir()
    (tmp_path / "index.html").write_text("<p>home</p>")
    (tmp_path / "read" / "a b.html").write_text("x" * 1_500_000)
    return tmp_path


def test_each_fetches_everything_once_and_nothing_again(site):
    heads, one, ten = [line.split() for line in load(site, [1, 10]).splitlines()]
    assert heads[0] == "learners"
    assert one[:4] == ["1", "4", "1.5", "0.0"]
    assert ten[:4] == ["10", "4", "1.5", "0.0"]


@pytest.mark.parametrize("count", [0, -1, MOST + 1])
def test_a_crowd_is_bounded(site, count):
    with pytest.raises(ValueError, match=f"from 1 to {MOST}; got {count}"):
        load(site, [count])


def test_an_answer_that_is_not_the_file_is_told(site, monkeypatch):
    monkeypatch.setattr("coursekit.bench.load._get", lambda *_: (404, None, b""))
    with pytest.raises(RuntimeError, match=r"index\.html: asked for a file, got status 404 and 0 bytes"):
        load(site, [1])


def test_no_site_is_told(tmp_path, capsys):
    assert main(["load", "--site", str(tmp_path)]) == 1
    assert "`jupyter lite build` makes one" in capsys.readouterr().err
