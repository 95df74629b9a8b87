"""A slow line: what passes takes its time, whoever sends it, and is what a compressing server would send."""

import gzip
import io
import time
import urllib.request

import pytest
from coursekit.bench.line import Line, compressed_copy
from coursekit.bench.traffic import recording

pytestmark = pytest.mark.native

TEXT = b"the same line again and again\n" * 400


def test_bytes_pass_at_the_rate_of_the_line_and_an_idle_line_saves_nothing_up():
    line = Line(megabits=8, delay=0)
    assert line.due(1_000_000, now=10.0) == pytest.approx(11.0)
    assert line.due(500_000, now=10.2) == pytest.approx(11.5), "a second connection waits for the first"
    assert line.due(1_000_000, now=20.0) == pytest.approx(21.0)


def test_what_is_sent_arrives_whole():
    target = io.BytesIO()
    Line(megabits=1000, delay=0).send(io.BytesIO(TEXT * 9), target)
    assert target.getvalue() == TEXT * 9


def test_a_slow_server_compresses_what_is_not_packed_and_answers_late(tmp_path):
    (tmp_path / "site").mkdir()
    for name in ("a.js", "b.pack"):
        (tmp_path / "site" / name).write_bytes(TEXT)
    compressed_copy(tmp_path / "site", tmp_path / "copy")
    with recording(tmp_path / "copy", Line(megabits=100, delay=0.05)) as (url, asked):
        began = time.monotonic()
        with urllib.request.urlopen(f"{url}a.js") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.read()) == TEXT
        assert time.monotonic() - began >= 0.05
        with urllib.request.urlopen(f"{url}b.pack") as answer:
            assert answer.headers["Content-Encoding"] is None
            assert answer.read() == TEXT
    assert [one.status for one in asked] == [200, 200]
