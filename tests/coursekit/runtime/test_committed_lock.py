"""The lock this repository commits is closed, well-formed, and agrees with what is installed and required."""

import importlib.metadata
import re
import subprocess
from pathlib import Path

import pytest
from coursekit.runtime.lock import RuntimeLock
from coursekit.runtime.renew import CORE, KERNEL_NEEDS
from pip._internal.models.index import PyPI

pytestmark = pytest.mark.native

ROOT = Path(__file__).parents[3]
LOCK = RuntimeLock.read(ROOT / "runtime-lock.json")
PACKAGES = {one.name: one for one in LOCK.packages}
#: put together here, so that this file does not name them either
REGISTRIES = (PyPI.netloc, PyPI.file_storage_domain, ".".join(("registry", "npmjs", "org")))


def test_the_registries_are_the_usual_ones():
    """Else the search below would look for nothing."""
    assert all(re.fullmatch(r"([a-z]+\.)+org", host) for host in REGISTRIES)


def test_no_tracked_file_names_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    tracked = [ROOT / name for name in listed.split("\0") if name]
    assert len(tracked) > 10
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked
        if path.is_file()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert found == []


def test_core_is_all_that_pyodide_starts_with():
    assert tuple(one.file for one in LOCK.core) == CORE


def test_every_dependency_is_in_the_lock():
    assert {(one.name, wanted) for one in LOCK.packages for wanted in one.depends if wanted not in PACKAGES} == set()


def test_the_kernels_needs_are_in_the_lock():
    assert set(KERNEL_NEEDS) <= PACKAGES.keys()


def test_no_name_and_no_file_twice():
    assert len(PACKAGES) == len(LOCK.packages)
    assert len({one.file for one in LOCK.files}) == len(LOCK.files)


@pytest.mark.parametrize("one", LOCK.files, ids=lambda one: one.file)
def test_an_entry_is_well_formed(one):
    assert re.fullmatch(r"[0-9a-f]{64}", one.sha256)
    assert one.sources
    for source in one.sources:
        assert re.fullmatch(r"(https://cdn\.jsdelivr\.net/|npm:|pip:|labextension:)\S+", source)
    assert Path(one.file).name == one.file


@pytest.mark.parametrize("name", ["numpy", "matplotlib", "ipywidgets"])
def test_the_browser_has_the_version_that_is_installed_and_required(name):
    version = PACKAGES[name].version
    assert importlib.metadata.version(name) == version
    for file in ("requirements.txt", "requirements.in"):
        assert re.search(rf"^{name}==(\S+)", (ROOT / file).read_text(), re.MULTILINE)[1] == version


def test_pure_wheels_are_the_versions_that_are_installed():
    """So that a notebook meets the same code natively and in the browser."""
    pure = [one for one in LOCK.packages if one.sources == (f"pip:{one.name}=={one.version}",)]
    assert len(pure) > 10
    assert {one.name: one.version for one in pure} == {one.name: importlib.metadata.version(one.name) for one in pure}
