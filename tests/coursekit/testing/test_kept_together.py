"""What shares a page stays in one process, also where tests run in two: else half of them would find another page."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.native, pytest.mark.slow]

CONFTEST = Path(__file__).parents[2] / "site/conftest.py"
MARKED = 'pytestmark = pytest.mark.xdist_group("page")'
SHARED = """
import os
import time

import pytest

{marked}

@pytest.mark.parametrize("number", range(8))
def test_one_of_many(number):
    time.sleep(0.05)
    open("processes", "a").write(f"{{os.getpid()}}\\n")
"""


def processes(folder, marked=""):
    (folder / "test_shared.py").write_text(SHARED.format(marked=marked))
    arguments = ["-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "--rootdir", folder]
    subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=folder, check=True, capture_output=True)
    return (folder / "processes").read_text().split()


def test_what_is_of_a_group_stays_together(tmp_path):
    ran = processes(tmp_path, MARKED)
    assert len(ran) == 8
    assert len({*ran}) == 1


def test_so_does_a_file_of_the_sites_tests(tmp_path):
    shutil.copy(CONFTEST, tmp_path)
    assert len({*processes(tmp_path)}) == 1
