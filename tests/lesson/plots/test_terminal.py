"""The heatmap in a terminal: straight columns whatever the words are, and shading that follows the weights."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.plots.terminal import ASCII, BLOCKS, fit, printable, text_heatmap

WORDS = st.lists(st.text(max_size=15), min_size=1, max_size=12)


def columns(text):
    """Count terminal columns in a way that is not the code's own."""
    return sum(
        2
        if unicodedata.east_asian_width(c) in ("W", "F")
        else 0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 1
        for c in text
    )


@given(WORDS, st.integers(1, 12), st.integers(0, 2**32))
def test_every_line_stays_in_its_columns(words, limit, seed):
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(words)), len(words))
    lines = text_heatmap(weights, words, limit=limit).split("\n")
    shown = min(limit, len(words))
    assert len(lines) == 1 + shown + 1 + (len(words) > limit)
    for row, line in zip(weights, lines[1 : 1 + shown], strict=False):
        assert columns(line) == 9 * (1 + shown)
        cells = [cell.lstrip(" ░▒▓█") for cell in line[-9 * shown :].split()]
        assert cells[-shown:] == [f"{weight:.4f}" for weight in row[:shown]]


def test_shading_is_relative_to_what_is_shown():
    weights = np.array([[0.10, 0.12, 0.78], [0.14, 0.16, 0.70], [0.9, 0.05, 0.05]])
    lines = text_heatmap(weights, ["a", "b", "c"], limit=2, shades="abcde").split("\n")
    assert [line[-17:] for line in lines[1:3]] == ["aa0.1000 bb0.1200", "dd0.1400 ee0.1600"]
    assert lines[3].startswith("light 0.1000, dark 0.1600")
    assert lines[4] == "cut: the first 2 of 3 queries and 2 of 3 keys"


def test_rounding_is_not_shaded():
    weights = np.full((2, 2), 0.5) + np.array([[1e-16, 0], [0, -1e-16]])
    assert text_heatmap(weights, ["a", "b"]).count("██0.5000") == 4
    assert "██1.0000" in text_heatmap(np.ones((1, 1)), ["a"])


def test_queries_and_keys_may_differ():
    lines = text_heatmap(np.array([[0.25, 0.75]]), ["love"], ["great", "bad"], shades=ASCII).split("\n")
    assert lines[0].split() == ["great", "bad"]
    assert lines[1] == "love        0.2500 ##0.7500"


@pytest.mark.parametrize("word", ["注意力机制", "שלום", "مرحبا", "🙂🙃", "e\u0301te\u0301", "transformers", ""])
def test_fit_fills_the_width_exactly(word):
    left, right = fit(word, 9), fit(word, 9, right=True)
    assert columns(left) == columns(right) == 9
    assert left.strip() == right.strip()
    if columns(word) < 9:
        assert (left.rstrip(), right.lstrip()) == (word, word)
    else:
        assert left.rstrip().endswith("..")


def test_what_a_terminal_obeys_is_escaped():
    assert printable("a\x1b[2J\nb\u202ec\u2067d\ud800") == r"a\x1b[2J\nb\u202ec\u2067d\ud800"
    assert printable("שלום 🙂 naïve 👩‍💻 注") == "שלום 🙂 naïve 👩‍💻 注"
    assert printable("naïve 🙂", "latin-1") == r"naïve \U0001f642"


@given(st.text(), st.sampled_from(["ascii", "latin-1", "utf-8", "cp1252"]))
def test_everything_can_be_written(text, encoding):
    printable(text, encoding).encode(encoding)


def test_blocks_and_ascii_have_as_many_shades():
    assert len(BLOCKS) == len(ASCII) == 5


@pytest.mark.parametrize(
    ("words", "limit", "message"),
    [(["a"], 7, r"wanted weights \(1, 1\)"), (["a", "b"], 0, "limit: wanted a whole number of at least 1, got 0")],
)
def test_bad_arguments(words, limit, message):
    with pytest.raises(ValueError, match=message):
        text_heatmap(np.full((2, 2), 0.5), words, limit=limit)
