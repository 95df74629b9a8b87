"""Many learners cost a web server as much each as one does."""

import pytest
from coursekit.__main__ import main
from coursekit.bench.load import MOST, load
from coursekit.bench.visits import Visit, read, whole, write

pytestmark = pytest.mark.native


@pytest.fixture
def site(tmp_path):
    (tmp_path / "read").mkdir()
    (tmp_path / "index.html").write_text("<p>home</p>")
    (tmp_path / "read" / "a b.html").write_text("x" * 1_500_000)
    return tmp_path


def figures(said):
    """The figures of each row that do not depend on the machine: learners, requests, 304s, MB, MB packed."""
    return [line[20:].split()[:5] for line in said.splitlines()[1:]]


def test_each_fetches_everything_once_and_nothing_again(site):
    assert figures(load(site, whole(site), [1, 10])) == [
        ["1", "2", "0", "1.50", "0.00"],
        ["10", "2", "0", "1.50", "0.00"],
        ["1", "2", "2", "0.00", "0.00"],
        ["10", "2", "2", "0.00", "0.00"],
    ]


def test_a_visit_asks_what_was_recorded(site, tmp_path):
    visit = Visit("reads one page", (("/", 304), ("/read/a%20b.html?find=x", 200), ("/read/a%20b.html", 304)))
    write([visit], tmp_path / "visits.json")
    assert read(tmp_path / "visits.json") == [visit]
    assert figures(load(site, [visit], [3])) == [["3", "3", "2", "1.50", "0.00"]]


def test_without_a_recording_there_are_no_such_visits(tmp_path):
    assert read(tmp_path / "visits.json") == []


def test_a_visit_to_another_build_is_told(site):
    with pytest.raises(RuntimeError, match=r"/gone\.js: this build has no such file; .* --record"):
        load(site, [Visit("old", (("/gone.js", 200),))], [1])


@pytest.mark.parametrize("count", [0, -1, MOST + 1])
def test_a_crowd_is_bounded(site, count):
    with pytest.raises(ValueError, match=f"from 1 to {MOST}; got {count}"):
        load(site, whole(site), [count])


def test_an_answer_that_is_not_the_file_is_told(site, monkeypatch):
    monkeypatch.setattr("coursekit.bench.load._get", lambda *_: (404, 0))
    with pytest.raises(RuntimeError, match=r"index\.html: wanted status 200, got status 404 and 0 bytes"):
        load(site, whole(site), [1])


def test_no_site_is_told(tmp_path, capsys):
    assert main(["load", "--site", str(tmp_path)]) == 1
    assert "`jupyter lite build` makes one" in capsys.readouterr().err
