"""Firefox and WebKit without either: found, installed or one sentence; programs that start, are heard, and end."""

import contextlib
import json
import os
import re
import sys
import time
from types import SimpleNamespace

import pytest
from coursekit.__main__ import main
from coursekit.testing import browser, engines, plugin
from coursekit.testing.engines.page import EnginePage
from coursekit.testing.engines.process import started

pytestmark = pytest.mark.native


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """A machine without any browser; the commands that it was told to run."""
    commands = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engines, "run", commands.append)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    return commands


def program(folder, name):
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("engine", engines.PROGRAMS)
def test_an_engine_that_cannot_be_had_is_an_error_of_one_sentence(ran, capsys, engine):
    assert main(["browser", engine]) == 1
    assert re.fullmatch(rf"coursekit: {engine} was not found .* brings it\n", capsys.readouterr().err)
    assert ran == []
    with pytest.raises(RuntimeError, match=f"no {engine}, for want of .*: `coursekit browser {engine}` installs it"):
        engines.launch(engine, "127.0.0.1:1")


def test_it_is_installed_when_root_and_only_if_missing(ran, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(tmp_path, "apt-get")
    assert main(["browser", "firefox"]) == 1
    assert [command[1] for command in ran] == ["update", "install"]
    assert ran[1][-1] == "firefox-esr"
    ran.clear()
    program(tmp_path, "firefox-esr")
    assert main(["browser", "firefox"]) == 0
    assert ran == []


def test_minibrowser_is_found_beside_its_library(ran, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("WebKitWebDriver", "xvfb-run"):
        program(tmp_path / "bin", name)
    assert engines.missing("webkit") == ["MiniBrowser"]
    (tmp_path / "lib" / "some-machine" / "webkit2gtk-4.1").mkdir(parents=True)
    program(tmp_path / "lib" / "some-machine" / "webkit2gtk-4.1", "MiniBrowser")
    assert engines.missing("webkit") == []


def test_an_installer_that_fails_is_no_exception(capfd):
    browser.run([sys.executable, "-c", "raise SystemExit(3)"])
    assert "SystemExit" in capfd.readouterr().err


def test_a_program_is_heard_and_ends_with_what_it_started():
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('child', child.pid, flush=True)\ntime.sleep(600)"
    )
    with started([sys.executable, "-c", code]) as process:
        child = int(process.wait_for(re.compile(r"child (\d+)")))
        os.kill(child, 0)
    deadline = time.monotonic() + 10
    while alive(child):
        assert time.monotonic() < deadline, "what it started is still there"


def alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_ends_too_soon_says_why():
    with (
        started([sys.executable, "-c", "print('no screen')"]) as process,
        pytest.raises(RuntimeError, match="did not start: no screen"),
    ):
        process.wait_for(re.compile("ready (.*)"))


class Echo:
    """A driver that remembers; it answers each call with the next of `answers`."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def call(self, function, argument):
        self.asked.append((function, argument))
        return json.dumps(self.answers.pop(0))

    def actions(self, actions):
        self.asked.append(actions)


def test_a_page_waits_until_it_holds_and_not_for_ever():
    page = EnginePage(Echo(False, True))
    page.wait_for_function("() => late")
    with pytest.raises(TimeoutError, match=r"did not come true within 0.05 s: \(\) => never"):
        EnginePage(Echo(*[False] * 9)).wait_for_function("() => never", timeout=50)


def test_a_key_goes_down_and_up():
    driver = Echo()
    EnginePage(driver).keyboard.press("ArrowRight")
    (((keys),),) = driver.asked
    assert keys["actions"] == [{"type": "keyDown", "value": "\ue014"}, {"type": "keyUp", "value": "\ue014"}]


def test_keys_are_held_together_and_a_text_is_typed_letter_by_letter():
    driver = Echo()
    keyboard = EnginePage(driver).keyboard
    keyboard.press("Shift+Enter")
    keyboard.type("+\n")
    strokes = [[(one["type"], one["value"]) for one in keys["actions"]] for (keys,) in driver.asked]
    assert strokes == [
        [("keyDown", "\ue008"), ("keyDown", "\ue007"), ("keyUp", "\ue007"), ("keyUp", "\ue008")],
        [("keyDown", "+"), ("keyUp", "+"), ("keyDown", "\ue007"), ("keyUp", "\ue007")],
    ]


def test_the_engine_that_was_asked_for_is_started_behind_the_proxy(tmp_path, monkeypatch):
    (tmp_path / "jupyter-lite.json").write_text("{}")
    monkeypatch.setattr(engines, "launch", lambda *asked: contextlib.nullcontext(asked))
    options = {"browser_site": tmp_path, "browser_engine": "webkit"}
    site = plugin.Site(SimpleNamespace(getoption=options.get))
    try:
        assert site.browser == ("webkit", site.outsiders.address)
    finally:
        site.close()
