"""`python -m lesson`, called in process: what it prints, and how it says no."""

import io
import subprocess
import sys

import pytest

from lesson.__main__ import DEMO_TEXTS, MOST_TOKENS, main


def test_three_demonstrations(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    headings = [line for line in out.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert len(headings) == 3
    assert "encoder_hidden (4, 8)   decoder_hidden (3, 8)   cross_attention (2, 3, 4)   cross_weights (2, 3, 4)" in out
    for line in ("phase 1: frozen embeddings+encoder[:2], learning rate 2e-06", "phase 3: adapter LoRA rank=4"):
        assert line in out
    for text in DEMO_TEXTS:
        assert f'"{text}" is ' in out
    assert '"great product and amazing support" is positive (negative 0.0295, positive 0.9705)' in out
    assert "great     ▓▓0.2016 ▒▒0.1987 ▒▒0.2000" in out
    assert max(len(line) for line in out.splitlines()) <= 110


def test_own_texts_are_scored_and_nothing_else(capsys):
    assert main(["--text", "not bad", "--text", ""]) == 0
    out = capsys.readouterr().out
    assert out.startswith('"not bad" is negative (negative 0.7882, positive 0.2118)\n')
    assert '"" is positive (negative 0.4111, positive 0.5889)\n' in out
    assert "<pad>     ██1.0000" in out
    assert "playbook" not in out


@pytest.mark.parametrize("text", ["🙂 great", "שלום עולם", "مرحبا", "注意", "\udcff\x1b[2J", "great " * 300])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_any_text_on_any_terminal(monkeypatch, text, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["--text", text]) == 0
    out = stream.buffer.getvalue().decode(encoding)
    assert "\x1b" not in out
    assert ("██" in out) == (encoding == "utf-8")
    assert ("##" in out) == (encoding != "utf-8")
    assert ("cut: the first 7 of 300 queries" in out) == (len(text) > 1000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--txet", "great"], "unrecognized arguments: --txet great"),
        (["--tex", "great"], "unrecognized arguments: --tex great"),
        (["great"], "unrecognized arguments: great"),
        (["--text"], "argument --text: expected one argument"),
        (["--text", "ok", "--text", "a " * (MOST_TOKENS + 1)], "text 2: wanted at most 10,000 words, got 10,001"),
    ],
)
def test_bad_use_is_one_sentence_and_status_2(capsys, arguments, message):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"python -m lesson: {message}; try --help\n")


def test_help(capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == 0
    assert "--text" in capsys.readouterr().out


@pytest.mark.native
def test_a_reader_who_leaves_early_sees_no_traceback():
    command = subprocess.Popen([sys.executable, "-m", "lesson"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait() == 0
