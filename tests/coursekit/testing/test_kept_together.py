"""What shares a page stays in one process, also where tests run in two: else half of them would find another page."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.native

SHARED = """
import os
import time

import pytest

pytestmark = pytest.mark.xdist_group("page")

@pytest.mark.parametrize("number", range(8))
def test_one_of_many(number):
    time.sleep(0.05)
    open("processes", "a").write(f"{os.getpid()}\\n")
"""


def test_what_is_of_a_group_stays_together(tmp_path):
    (tmp_path / "test_shared.py").write_text(SHARED)
    arguments = ["-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "--rootdir", tmp_path]
    subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=tmp_path, check=True, capture_output=True)
    processes = (tmp_path / "processes").read_text().split()
    assert len(processes) == 8
    assert len({*processes}) == 1
