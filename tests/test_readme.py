"""Every command in the README is one that works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.native
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
COMMANDS = [command for command in COMMANDS if command]


def test_the_two_commands_come_first():
    assert COMMANDS[:2] == ["make serve", "make test"]


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_knows_the_target(command):
    """What each target does is tested where it is done; here: that make finds it and whatever it needs."""
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Nothing to be done" not in done.stdout, "a target of that name is only declared"


@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.startswith("make ")])
def test_the_command_runs(command):
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/python", "the README shows commands of the project's own Python"
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_what_it_names_is_there():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    folders = re.findall(r"`((?:\w+/)+)`", README)
    missing = [path for path in (*links, *folders) if not (ROOT / path).exists()]
    assert missing in ([], ["build/site"]), missing


def test_make_help_lists_what_the_readme_promises():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    for target in re.findall(r"`make ([a-z-]+)`", README):
        assert f"make {target}" in done.stdout or target == "help", f"make help does not say what make {target} does"


def test_a_site_of_another_builder_is_built_from_nothing():
    """What it put into a page would stay there: a task whose files are as they were is not done again."""
    command = ["make", "--dry-run", "--what-if", "coursekit/src/coursekit/__init__.py", "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "rm -rf build/site" in done.stdout
