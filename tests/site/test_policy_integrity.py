"""One flipped byte in the browser's Python, and no code runs: the page says why, in one sentence."""

import json
import os
import shutil
from pathlib import Path

import pytest
from coursekit.server import serving
from coursekit.testing.lab import Lab

SITE = Path(__file__).parents[2] / "build/site"
RUNTIME = Path("static/pyodide")
LOCK = json.loads((SITE / RUNTIME / "pyodide-lock.json").read_text())["packages"]
FILES = [
    "pyodide.asm.wasm",
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide-lock.json",
    "start.snapshot",
    "pictures.pack",
    "rest.pack",
]


@pytest.fixture
def copy(tmp_path):
    """The built site once more; what is not changed takes no room."""
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder, copy_function=os.link)
    return folder


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()  # It is a link to the real one.
    path.write_bytes(content)


def trouble(site, folder: Path, path: str) -> tuple[str, bool]:
    """What the page says, and whether its kernel ever ran a cell."""
    with serving(folder) as url, site.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}{path}")
        said = page.locator("#trouble").inner_text(timeout=60_000)
        page.wait_for_timeout(1000)
        ran = page.locator(".jp-InputPrompt").all_inner_texts()
        return said, any(text.strip("[]: ").isdigit() for text in ran)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_ends_in_one_sentence_and_no_code_runs(site, copy, first, name):
    flip(copy / RUNTIME / name)
    said, ran = trouble(site, copy, f"notebooks/index.html?path={first}")
    assert said.startswith(f"Python was not started, because {name} is not the file that this site was built with")
    assert not ran


def test_a_wheel_that_came_in_no_pack_is_checked_too(site, copy, first):
    name = LOCK["fonttools"]["file_name"]
    flip(copy / RUNTIME / name)
    with serving(copy) as url, site.lab() as page:
        lab = Lab(page.page, url)
        lab.open(first)
        assert "No module named 'fontTools'" in lab.ask("import fontTools")
        assert name in lab.page.locator("#trouble").inner_text()


def test_a_missing_snapshot_ends_in_one_sentence_in_the_workbench_too(site, copy, first):
    name = "start.snapshot"
    (copy / RUNTIME / name).unlink()
    said, ran = trouble(site, copy, f"lab/index.html?path={first}")
    assert said.startswith(f"Python was not started, because {name} could not be loaded")
    assert not ran
