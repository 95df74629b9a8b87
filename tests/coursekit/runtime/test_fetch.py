"""A locked file arrives whole and right, or not at all, and one sentence says why."""

import hashlib
import re
import tempfile
from pathlib import Path

import pytest
from coursekit.runtime.fetch import FetchError, cached_path, default_cache, fetch_all

pytestmark = pytest.mark.native

BODY = bytes(range(256)) * 1000


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """Temporary files go where a test can see what stayed behind."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files_in(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_good_file_is_kept_under_its_hash_and_nothing_else_stays(web, cache, scratch, locked):
    web.files["/thing"] = BODY
    one = locked(BODY, web.url("/thing"))
    fetch_all([one], cache)
    assert cached_path(cache, one).read_bytes() == BODY
    assert files_in(cache, scratch) == [cached_path(cache, one)]


def test_a_second_time_asks_nobody(web, cache, locked):
    web.files["/thing"] = BODY
    one = locked(BODY, web.url("/thing"))
    fetch_all([one], cache)

    class NoSource:
        def get(self, source):
            raise AssertionError(f"asked {source}")

    fetch_all([one], cache, NoSource())
    assert len(web.asked) == 1


def test_a_wrong_hash_stops_and_leaves_no_byte_behind(web, cache, scratch, locked):
    web.files["/thing"], web.files["/other"] = b"something else", BODY
    one = locked(BODY, web.url("/thing"), web.url("/other"))
    got = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(FetchError) as caught:
        fetch_all([one], cache)
    assert str(caught.value) == f"thing.bin: expected SHA-256 {one.sha256}, got {got} from {web.url('/thing')}"
    assert web.asked == [("/thing", None)]
    assert files_in(cache, scratch) == []


def test_after_a_wrong_hash_the_mended_file_is_fetched_anew(web, cache, locked):
    web.files["/thing"] = b"something else"
    one = locked(BODY, web.url("/thing"))
    with pytest.raises(FetchError):
        fetch_all([one], cache)
    web.files["/thing"] = BODY
    fetch_all([one], cache)
    assert cached_path(cache, one).read_bytes() == BODY


def test_a_broken_download_is_never_taken_for_the_file(web, cache, locked):
    web.files["/thing"], web.break_after = BODY, 1000
    one = locked(BODY, web.url("/thing"))
    with pytest.raises(FetchError, match="the connection broke after 1000 bytes"):
        fetch_all([one], cache)
    assert not cached_path(cache, one).exists()


def test_a_broken_download_goes_on_where_it_stopped(web, cache, locked):
    web.files["/thing"], web.break_after = BODY, 1000
    one = locked(BODY, web.url("/thing"))
    for _ in range(2):
        with pytest.raises(FetchError):
            fetch_all([one], cache)
    web.break_after = None
    fetch_all([one], cache)
    assert [wanted for _, wanted in web.asked] == [None, "bytes=1000-", "bytes=2000-"]
    assert files_in(cache) == [cached_path(cache, one)]
    assert cached_path(cache, one).read_bytes() == BODY


def test_a_broken_download_starts_anew_where_ranges_are_unknown(web, cache, locked):
    web.files["/thing"], web.break_after, web.knows_ranges = BODY, 1000, False
    one = locked(BODY, web.url("/thing"))
    with pytest.raises(FetchError):
        fetch_all([one], cache)
    web.break_after = None
    fetch_all([one], cache)
    assert cached_path(cache, one).read_bytes() == BODY


def test_a_part_that_was_whole_already_is_the_file(web, cache, locked):
    web.files["/thing"], web.break_after = BODY, len(BODY) - 1
    one = locked(BODY, web.url("/thing"))
    with pytest.raises(FetchError):
        fetch_all([one], cache)
    # A server that has nothing more to give answers 416.
    (part,) = files_in(cache)
    part.write_bytes(BODY)
    fetch_all([one], cache)
    assert cached_path(cache, one).read_bytes() == BODY


def test_a_missing_file_is_looked_for_in_the_next_source(web, cache, locked):
    web.files["/here"] = BODY
    one = locked(BODY, web.url("/nowhere"), web.url("/here"))
    fetch_all([one], cache)
    assert [path for path, _ in web.asked] == ["/nowhere", "/here"]
    assert cached_path(cache, one).read_bytes() == BODY


def test_a_host_whose_file_is_missing_is_still_asked_for_others(web, cache, locked):
    web.files |= {"/a": BODY, "/b": b"b"}
    files = [locked(BODY, web.url("/nowhere"), web.url("/a")), locked(b"b", web.url("/b"), file="b.bin")]
    fetch_all(files, cache)
    assert all(cached_path(cache, one).exists() for one in files)


def test_a_web_page_is_not_the_file(web, portal, cache, locked):
    portal.files["/thing"], web.files["/thing"] = b"<p>Please log in.</p>", BODY
    one = locked(BODY, portal.url("/thing"), web.url("/thing"))
    fetch_all([one], cache)
    assert len(portal.asked) == 1
    assert cached_path(cache, one).read_bytes() == BODY


def test_no_source_at_all_gives_one_sentence_that_lists_what_was_tried(web, nobody, cache, locked):
    one = locked(BODY, web.url("/nowhere"), f"{nobody}/thing", "labextension:no-such#file.bin", "ftp:what")
    with pytest.raises(FetchError) as caught:
        fetch_all([one], cache)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(f"thing.bin: no source could be reached; tried the cache {cache}, ")
    for source, why in zip(
        one.sources, ("HTTP 404", "no answer", "no file file.bin", "unknown kind of source"), strict=True
    ):
        assert re.search(rf"{re.escape(source)} \([^()]*{why}", said), (source, said)


def test_a_damaged_cached_file_is_thrown_away_and_fetched_again(web, cache, locked):
    web.files["/thing"] = BODY
    one = locked(BODY, web.url("/thing"))
    fetch_all([one], cache)
    cached_path(cache, one).write_bytes(BODY[:-1])
    fetch_all([one], cache)
    assert cached_path(cache, one).read_bytes() == BODY
    assert len(web.asked) == 2


def test_a_damaged_cached_file_does_not_survive_a_failing_fetch(cache, locked):
    one = locked(BODY, "labextension:no-such#file.bin")
    cached_path(cache, one).parent.mkdir(parents=True)
    cached_path(cache, one).write_bytes(b"rot")
    with pytest.raises(FetchError):
        fetch_all([one], cache)
    assert not cached_path(cache, one).exists()


def test_what_came_before_a_failure_is_kept(web, cache, locked):
    web.files["/good"] = BODY
    good, bad = locked(BODY, web.url("/good")), locked(b"b", web.url("/nowhere"), file="b.bin")
    with pytest.raises(FetchError, match=r"^b\.bin"):
        fetch_all([good, bad], cache)
    assert cached_path(cache, good).read_bytes() == BODY


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"COURSEKIT_CACHE": "/mine", "XDG_CACHE_HOME": "/xdg"}, "/mine"),
        ({"COURSEKIT_CACHE": "", "XDG_CACHE_HOME": "/xdg"}, "/xdg/coursekit"),
        ({"COURSEKIT_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/home/me"}, "/home/me/.cache/coursekit"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, environment, expected):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_cache() == Path(expected)
