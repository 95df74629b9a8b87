"""The site's own Python runs scripts and tests without a browser, and what they find is what learners find."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """A course of its own in a fresh folder, on the runtime of the built site."""
    site = pytestconfig.getoption("browser_site")
    if not site:
        raise pytest.UsageError("--browser-site must name a built site")
    config = {
        "LiteBuildConfig": {"output_dir": str(Path(site).resolve())},
        "RuntimeAddon": {"packages": ["numpy"], "lock_file": str(ROOT / "runtime-lock.json"), "projects": [str(ROOT)]},
    }
    (tmp_path / "jupyter_lite_config.json").write_text(json.dumps(config))
    (tmp_path / "requirements.txt").write_bytes((ROOT / "requirements.txt").read_bytes())
    return tmp_path


def wasm(course: Path, *words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "coursekit", "wasm", *words]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=300)


def test_a_script_finds_numpy_the_wheel_its_neighbours_and_its_folder(course):
    (course / "lesson").mkdir()
    (course / "lesson" / "__init__.py").write_text("raise ImportError('the source, not the wheel')")
    (course / "scripts").mkdir()
    (course / "scripts" / "neighbour.py").write_text("name = 'neighbour'")
    (course / "scripts" / "script.py").write_text(
        "import sys, lesson, neighbour, numpy\n"
        "open('written.txt', 'w').write(' '.join(sys.argv))\n"
        "print(sys.platform, numpy.__version__, neighbour.name, lesson.__file__)\n"
        "sys.exit(3)\n"
    )
    done = wasm(course, "run", "scripts/script.py", "--size", "two words")
    assert done.returncode == 3, done.stderr
    assert done.stdout.split()[::2] == ["emscripten", "neighbour"]
    assert done.stdout.split()[3].endswith("/site-packages/lesson/__init__.py")
    assert (course / "written.txt").read_text() == "scripts/script.py --size two words"


def test_a_script_that_fails_leaves_its_traceback_and_one(course):
    (course / "script.py").write_text("print('before')\n1 / 0\n")
    done = wasm(course, "run", "script.py")
    assert (done.returncode, done.stdout) == (1, "before\n")
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_pytest_runs_what_is_not_native_and_its_exit_status_is_passed_on(course):
    (course / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "--strict-markers --strict-config"\n'
        'markers = ["native: not here"]\nsetting_of_a_plugin_that_is_not_there = "x"\n'
    )
    (course / "test_one.py").write_text(
        "import sys, pytest\n"
        "from hypothesis import given, settings, strategies\n"
        "@given(strategies.floats())\n"
        "def test_properties(x):\n"
        "    assert x is not None and settings.default.deadline is None and settings.default.database is None\n"
        "def test_wrong(): assert sys.platform == 'elsewhere'\n"
        "@pytest.mark.native\n"
        "def test_native(): assert False\n"
    )
    done = wasm(course, "pytest", "test_one.py", "-q")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 failed, 1 passed, 1 deselected in ")
    assert "assert 'emscripten' == 'elsewhere'" in done.stdout
    assert "Unknown config" not in done.stdout
    assert wasm(course, "pytest", "test_one.py", "-k", "properties").returncode == 0
    assert {path.name for path in course.iterdir()} == {
        "jupyter_lite_config.json",
        "pyproject.toml",
        "requirements.txt",
        "test_one.py",
    }
