"""Each kind of source, and what it says when it cannot give the file."""

import hashlib
import http.client
import io
import socket
import sys
import tarfile
import time
import urllib.request
import zipfile

import pytest
from coursekit.runtime import sources as sources_module
from coursekit.runtime.sources import SourceError, Sources

pytestmark = pytest.mark.native


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "scratch").mkdir()
    (tmp_path / "partial").mkdir()
    return Sources(tmp_path / "scratch", tmp_path / "partial")


@pytest.fixture
def brought(monkeypatch):
    """Replace pip and npm by a program that copies an archive; return the list of what was asked for."""
    asked = []

    def pretend(archive):
        program = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"

        def command(what, folder, any_kind=None):
            asked.append((what, any_kind))
            return [sys.executable, "-c", program, str(archive), str(folder)]

        monkeypatch.setattr(sources_module, "_pip_download", command)
        monkeypatch.setattr(sources_module, "_npm_pack", command)
        return asked

    return pretend


@pytest.fixture
def wheel(tmp_path):
    return _wheel(tmp_path / "thing-1.0-py3-none-any.whl")


def _wheel(path, tag="py3-none-any", python=">=3.8"):
    about = f"Metadata-Version: 2.1\nName: thing\nVersion: 1.0\nRequires-Python: {python}\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/a.txt", "first")
        archive.writestr("thing/b.txt", "second")
        archive.writestr("thing-1.0.dist-info/METADATA", about)
        archive.writestr("thing-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr("thing-1.0.dist-info/RECORD", "")
    return path


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "thing-1.0.tgz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("package/a.txt")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"first"))
    return path


def test_a_host_that_does_not_answer_is_asked_once_only(sources, nobody, monkeypatch):
    asked = []
    real = urllib.request.urlopen
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, **more: asked.append(1) or real(request, **more))
    for path in ("/a", "/b", "/a"):
        with pytest.raises(SourceError, match="no answer"):
            sources.get(f"{nobody}{path}")
    assert len(asked) == 1


def test_a_host_that_says_nothing_is_given_up_soon(sources, monkeypatch):
    monkeypatch.setattr(sources_module, "TIMEOUT_SECONDS", 0.2)
    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SourceError, match="timed out"):
        sources.get(f"http://127.0.0.1:{silent.getsockname()[1]}/a")
    assert time.monotonic() - started < 2


def test_the_usual_time_out_is_short():
    assert sources_module.TIMEOUT_SECONDS <= 10


def test_a_broken_http_answer_is_a_source_error(sources, monkeypatch):
    def nonsense(*args, **more):
        raise http.client.BadStatusLine("???")

    monkeypatch.setattr(urllib.request, "urlopen", nonsense)
    with pytest.raises(SourceError, match=r"no answer: \?\?\?"):
        sources.get("https://127.0.0.1/a")


def test_a_web_page_is_refused(sources, portal):
    portal.files["/a"] = b"<p>"
    with pytest.raises(SourceError, match="a web page came instead of the file"):
        sources.get(portal.url("/a"))
    assert list(sources.partial.iterdir()) == []


def test_a_missing_file_leaves_no_part(sources, web):
    with pytest.raises(SourceError, match="HTTP 404"):
        sources.get(web.url("/a"))
    assert list(sources.partial.iterdir()) == []


def test_a_file_of_a_lab_extension(sources, tmp_path, monkeypatch):
    folder = tmp_path / "prefix" / "share" / "jupyter" / "labextensions" / "@who" / "what" / "static"
    folder.mkdir(parents=True)
    (folder / "all.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    found = sources.get("labextension:@who/what#static/all.json")
    assert found.read_text() == "{}"
    assert found.is_relative_to(sources.scratch), "the installed file itself must not be handed out"
    with pytest.raises(SourceError, match=r"no file none\.json there"):
        sources.get("labextension:@who/what#static/none.json")


def test_a_file_inside_a_wheel(sources, wheel, brought):
    asked = brought(wheel)
    assert sources.get("pip:thing==1.0#thing/a.txt").read_text() == "first"
    assert sources.get("pip:thing==1.0#thing/b.txt").read_text() == "second"
    assert asked == [("thing==1.0", True)], "one archive is fetched once"


def test_a_whole_wheel_keeps_its_name(sources, wheel, brought):
    asked = brought(wheel)
    found = sources.get("pip:thing==1.0")
    assert (found.name, found.read_bytes()) == (wheel.name, wheel.read_bytes())
    assert asked == [("thing==1.0", False)]


def test_a_file_inside_an_npm_package(sources, package, brought):
    brought(package)
    assert sources.get("npm:@who/thing@1.0#package/a.txt").read_bytes() == b"first"


def test_sources_leave_files_in_their_own_folders_only(sources, tmp_path, web, wheel, package, brought):
    web.files["/../../x"] = b"x"
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    sources.get(web.url("/../../x"))
    brought(wheel)
    sources.get("pip:thing==1.0#thing/a.txt")
    brought(package)
    sources.get("npm:thing@1.0#package/a.txt")
    with pytest.raises(SourceError):
        sources.get("npm:thing@1.0#../../../evil.txt")
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert new and all(path.is_relative_to(sources.scratch) or path.is_relative_to(sources.partial) for path in new)


@pytest.mark.parametrize("source", ["pip:thing==1.0#none", "npm:thing@1.0#none"])
def test_an_archive_without_the_file_says_so(sources, source, wheel, package, brought):
    brought(wheel if source.startswith("pip") else package)
    with pytest.raises(SourceError, match=r"thing-1\.0.* has no none"):
        sources.get(source)


@pytest.mark.parametrize("source", ["pip:thing==1.0#thing/a.txt", "npm:thing@1.0#package/a.txt"])
def test_a_damaged_archive_is_a_source_error(sources, source, tmp_path, brought):
    damaged = tmp_path / ("thing.whl" if source.startswith("pip") else "thing.tgz")
    damaged.write_bytes(b"no archive")
    brought(damaged)
    with pytest.raises(SourceError, match=f"{damaged.name} is damaged"):
        sources.get(source)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """The one folder where the real pip may look."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, value in {"CONFIG_FILE": "/dev/null", "NO_INDEX": "1", "FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return folder


def test_pip_brings_a_wheel_of_the_browsers_python(sources, shelf):
    """Natively another Python runs: what counts is what the browser has."""
    wheel = _wheel(shelf / "thing-1.0-py3-none-any.whl", python=">=3.14")
    assert sources.get("pip:thing==1.0").read_bytes() == wheel.read_bytes()


def test_pip_brings_no_compiled_wheel_as_a_whole(sources, shelf):
    _wheel(shelf / "thing-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", tag="cp311-cp311-manylinux_2_17_x86_64")
    with pytest.raises(SourceError, match=r"pip failed: .*No matching distribution found for thing==1\.0"):
        sources.get("pip:thing==1.0")


def test_pip_brings_a_wheel_of_any_python_for_what_is_inside(sources, shelf):
    _wheel(shelf / "thing-1.0-py3-none-any.whl", python="<3")
    assert sources.get("pip:thing==1.0#thing/a.txt").read_text() == "first"


BACKEND = """
import pathlib

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    pathlib.Path("{ran}").touch()
    about = pathlib.Path(folder, "thing-1.0.dist-info")
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\n")
    return about.name

def build_wheel(*args):
    raise NotImplementedError
"""


def _tar(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


@pytest.fixture
def source_archive(shelf, tmp_path):
    """A source archive whose own code leaves a file behind when pip runs it."""
    settings = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    members = {
        "pyproject.toml": settings.encode(),
        "backend.py": BACKEND.format(ran=tmp_path / "ran").encode(),
        "inner.tar.gz": _tar(tmp_path / "inner.tar.gz", {"texts/a.txt": b"first"}).read_bytes(),
    }
    return _tar(shelf / "thing-1.0.tar.gz", {f"thing-1.0/{name}": data for name, data in members.items()})


def test_pip_brings_a_source_archive_and_what_is_in_an_archive_in_it(sources, source_archive):
    digest = hashlib.sha256(source_archive.read_bytes()).hexdigest()
    member = "thing-1.0/inner.tar.gz#texts/a.txt"
    assert sources.get(f"sdist:thing==1.0@{digest}#{member}").read_text() == "first"
    with pytest.raises(SourceError, match=r"inner\.tar\.gz has no none"):
        sources.get(f"sdist:thing==1.0@{digest}#thing-1.0/inner.tar.gz#none")


def test_a_source_archive_of_another_hash_runs_nothing(sources, source_archive, tmp_path):
    with pytest.raises(SourceError, match="sdist failed"):
        sources.get(f"sdist:thing==1.0@{'0' * 64}#thing-1.0/pyproject.toml")
    assert not (tmp_path / "ran").exists()


def test_a_file_inside_a_zip(sources, tmp_path, brought, monkeypatch):
    path = tmp_path / "thing-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/a.txt", "first")
    brought(path)
    assert sources.get("pip:thing==1.0#thing/a.txt").read_text() == "first"


@pytest.mark.slow
def test_npm_packs_a_package(sources, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "package.json").write_text('{"name": "@who/thing", "version": "1.0.0"}')
    (package / "a.txt").write_text("first")
    assert sources.get(f"npm:{package}#package/a.txt").read_text() == "first"


def test_what_pip_said_last_is_the_reason(sources, monkeypatch):
    program = "import sys; print('much talk\\nno such thing', file=sys.stderr); sys.exit(1)"
    asked = []
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(sources_module, "_pip_download", lambda *args: asked.append(args) or command)
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            sources.get("pip:thing==1.0#a")
        assert str(caught.value) == "pip failed: no such thing"
    assert len(asked) == 1, "what could not be had once is not asked for again"


def test_success_without_an_archive_is_a_failure(sources, monkeypatch):
    monkeypatch.setattr(sources_module, "_npm_pack", lambda *args: [sys.executable, "-c", ""])
    with pytest.raises(SourceError, match="npm failed: nothing came"):
        sources.get("npm:thing@1.0#a")


def test_an_unknown_kind_of_source_is_named(sources):
    with pytest.raises(SourceError, match="unknown kind of source 'ftp'"):
        sources.get("ftp://thing")
