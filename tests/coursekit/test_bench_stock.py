"""The stock build: JupyterLite's own addons, released wheels, and nothing that asks the network."""

import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from coursekit.bench.stock import distribution_lock, empty_wheel, left_out, stock_config
from coursekit.runtime.lock import LockedFile, LockedPackage, RuntimeLock

pytestmark = pytest.mark.native


def package(name: str, *depends: str) -> LockedPackage:
    return LockedPackage(f"{name}-1-py3-none-any.whl", f"hash of {name}", (), name, "1", (name,), depends)


def lock(*packages: LockedPackage) -> RuntimeLock:
    return RuntimeLock("1", {"python": "3.14.0"}, (LockedFile("pyodide.mjs", "0", ()),), packages)


def test_the_same_apps_without_the_course_and_its_addons(tmp_path):
    ours = {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "no_sourcemaps": True,
            "contents": ["content"],
            "output_dir": "build/site",
        },
        "RuntimeAddon": {"prefetch": ["numpy"]},
    }
    made = stock_config(ours, tmp_path / "stock")
    assert set(made) == {"LiteBuildConfig"}
    options = made["LiteBuildConfig"]
    assert (options["apps"], options["no_sourcemaps"]) == (["lab"], True)
    assert "contents" not in options and "no_unused_shared_packages" not in options
    assert Path(options["output_dir"]) == tmp_path / "stock"


def test_only_addons_of_jupyterlite_stay(tmp_path):
    disabled = stock_config({"LiteBuildConfig": {}}, tmp_path)["LiteBuildConfig"]["disable_addons"]
    assert {"course-runtime", "course-notebooks"} <= set(disabled)
    assert not {"contents", "settings", "jupyterlite-pyodide-kernel-pyodide"} & set(disabled)


def test_the_distribution_holds_released_wheels_and_no_dangling_dependency():
    some = [package("numpy"), package("matplotlib", "numpy", "ipywidgets")]
    made = distribution_lock(lock(*some, package("ipywidgets")), some)
    assert set(made["packages"]) == {"numpy", "matplotlib"}
    assert made["packages"]["matplotlib"]["depends"] == ["numpy"]
    assert made["packages"]["numpy"]["sha256"] == "hash of numpy"


def test_what_the_lock_left_out_is_known_by_name():
    assert "jupyterlab-widgets" in left_out(lock(package("comm"), package("ipython")))
    assert "jupyterlab-widgets" not in left_out(lock(package("jupyterlab-widgets")))
    assert not {"comm", "jsonschema", "pytest"} & set(left_out(lock(package("comm"))))


def test_an_empty_wheel_has_a_name_and_a_version(tmp_path):
    path = empty_wheel("two-words", "3.0.1", tmp_path)
    assert path.name == "two_words-3.0.1-py3-none-any.whl"
    with zipfile.ZipFile(path) as wheel:
        about = Parser().parsestr(wheel.read("two_words-3.0.1.dist-info/METADATA").decode())
        assert not [name for name in wheel.namelist() if name.endswith(".py")]
    assert (about["Name"], about["Version"]) == ("two-words", "3.0.1")
