"""A Chromium is found, or installed, or one sentence says that there is none."""

import contextlib
import os
import subprocess
from types import SimpleNamespace

import pytest
from coursekit.__main__ import main
from coursekit.testing import browser

pytestmark = pytest.mark.native


@pytest.fixture(autouse=True)
def bare(tmp_path, monkeypatch):
    """A machine without any Chromium; return the commands that it was told to run."""
    ran = []
    playwright = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "playwright" / "chrome")))
    monkeypatch.setattr(browser, "sync_playwright", lambda: contextlib.nullcontext(playwright))
    monkeypatch.setattr(subprocess, "run", lambda command, **more: ran.append(command))
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("COURSEKIT_CHROMIUM", raising=False)
    return SimpleNamespace(folder=tmp_path, playwright=playwright, ran=ran)


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_none_at_all_is_an_error_of_one_sentence(bare, capsys):
    assert main(["browser"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    last = said.err.splitlines()[-1]
    assert last.startswith("coursekit: no Chromium was found, and none could be installed")
    assert "COURSEKIT_CHROMIUM" in last


def test_the_one_named_is_taken_first_then_playwrights_then_the_paths(bare, monkeypatch, capsys):
    for path in ("bin/chromium", "playwright/chrome", "mine/chrome"):
        chosen = program(bare.folder / path)
        if path.startswith("mine"):
            monkeypatch.setenv("COURSEKIT_CHROMIUM", chosen)
        assert main(["browser"]) == 0
        assert capsys.readouterr().out == f"{chosen}\n"
    assert bare.ran == [], "nothing is installed where one is found"


def test_one_that_is_named_but_not_there_is_passed_over(bare, monkeypatch):
    monkeypatch.setenv("COURSEKIT_CHROMIUM", str(bare.folder / "none"))
    chosen = program(bare.folder / "bin" / "google-chrome")
    assert browser.find(bare.playwright) == chosen


def test_playwrights_own_is_installed_if_it_can_be(bare, monkeypatch, capsys):
    def run(command, **more):
        bare.ran.append(command)
        program(bare.folder / "playwright" / "chrome")

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["browser"]) == 0
    assert capsys.readouterr().out == f"{bare.folder}/playwright/chrome\n"
    (command,) = bare.ran
    assert command[1:] == ["-m", "playwright", "install", "chromium"]


def test_debians_is_installed_when_root_and_never_else(bare, monkeypatch):
    program(bare.folder / "bin" / "apt-get")
    assert main(["browser"]) == 1
    assert [command for command in bare.ran if command[0] == "apt-get"] == []
    bare.ran.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert main(["browser"]) == 1
    assert [command[:2] for command in bare.ran if command[0] == "apt-get"] == [
        ["apt-get", "update"],
        ["apt-get", "install"],
    ]
