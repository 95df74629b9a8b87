"""The course's own wheel, built from its folder and described for Pyodide's lock. It stays readable source."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .fetch import sha256_of
from .lock import LockedPackage, tuples
from .renew import in_browser

#: a fixed date, so that the same sources give the same wheel
EPOCH = "315532800"


def wheel_sources(folder: Path) -> list[Path]:
    """The files a wheel is made of, as far as a build needs to watch them."""
    packages = [path.parent for path in folder.glob("*/__init__.py")] + [
        path.parent for path in folder.glob("src/*/__init__.py")
    ]
    modules = [path for package in packages for path in package.rglob("*") if path.suffix != ".pyc" and path.is_file()]
    return sorted([folder / "pyproject.toml", *modules])


def build_wheel(folder: Path, target: Path, source_date_epoch: int | None = None) -> None:
    """Build the wheel of `folder` into `target`, with a JSON beside it that says what it is."""
    target.mkdir(parents=True, exist_ok=True)
    about = target / f"{folder.name}.json"
    if about.exists():
        (target / json.loads(about.read_text())["file"]).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-index", "--no-build-isolation", "--wheel-dir", scratch, str(folder)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source_date_epoch or EPOCH)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise ValueError(f"the wheel of {folder} could not be built: {_reason(done.stderr)}")
        (wheel,) = Path(scratch).glob("*.whl")
        (target / wheel.name).write_bytes(wheel.read_bytes())
        about.write_text(json.dumps(_read(wheel), indent=1))


def built_wheels(target: Path) -> list[LockedPackage]:
    """The wheels built into `target`, as packages of a lock."""
    return [LockedPackage(**tuples(json.loads(path.read_text()))) for path in sorted(target.glob("*.json"))]


def _reason(said: str) -> str:
    """What the build itself said last; what pip says after it is no reason."""
    lines = said.partition("[end of output]")[0].split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "pip said nothing")


def _read(wheel: Path) -> dict:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata_name,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
    wanted = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    return {
        "file": wheel.name,
        "sha256": sha256_of(wheel),
        "sources": [],
        "name": canonicalize_name(metadata["Name"]),
        "version": metadata["Version"],
        "imports": sorted({name.split("/")[0] for name in names if name.endswith("/__init__.py")}),
        "depends": sorted(canonicalize_name(one.name) for one in wanted if in_browser(one)),
    }
