"""What is counted: every answered request, and bodies as a compressing server would send them."""

import gzip
import random
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from coursekit.bench.traffic import Request, recording, transferred

pytestmark = pytest.mark.native

TEXT = b"the same line again and again\n" * 400
NOISE = random.Random(3).randbytes(3000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in {"a.js": TEXT, "a b.wasm": TEXT, "p.whl": TEXT, "noise.bin": NOISE, "index.html": TEXT}.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def asked(*paths: str, status: int = 200) -> list[Request]:
    return [Request(path, status, 0.0) for path in paths]


def test_text_is_counted_compressed(folder):
    packed = len(gzip.compress(TEXT, 6))
    assert packed < len(TEXT) / 10
    assert transferred(asked("/a.js?v=1"), folder) == packed
    assert transferred(asked("/a%20b.wasm"), folder) == packed
    assert transferred(asked("/"), folder) == packed


def test_what_is_packed_is_counted_as_it_is(folder):
    assert transferred(asked("/p.whl"), folder) == len(TEXT)


def test_compression_never_makes_a_body_longer(folder):
    assert transferred(asked("/noise.bin"), folder) == len(NOISE)


def test_each_request_counts_once_and_only_bodies_count(folder):
    once = transferred(asked("/p.whl"), folder)
    assert transferred(asked("/p.whl", "/p.whl"), folder) == 2 * once
    assert transferred(asked("/p.whl", status=304) + asked("/gone.js", status=404), folder) == 0


def test_every_request_is_on_record(folder):
    with recording(folder) as (url, seen):
        with urllib.request.urlopen(f"{url}a.js") as answer:
            changed = answer.headers["Last-Modified"]
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{url}gone.js")
        again = urllib.request.Request(f"{url}a.js", headers={"If-Modified-Since": changed})
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(again)
    assert [(one.path, one.status) for one in seen] == [("/a.js", 200), ("/gone.js", 404), ("/a.js", 304)]
    assert seen[0].at <= seen[-1].at
