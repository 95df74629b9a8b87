"""Threads between words: as thick as the weight, whole or dashed, and only those asked for."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.threads import thread_picture

WEIGHTS = np.array([[[0.7, 0.2, 0.1], [0.0, 0.0, 1.0]], [[0.1, 0.8, 0.1], [0.5, 0.25, 0.25]]])
MEAN = WEIGHTS.mean(axis=0)
ROWS, COLUMNS = ["<b>not</b>", "bad"], ["x", "y", "z" * 50]


def drawn(heads=(1, 2), **options):
    picked = WEIGHTS[[head - 1 for head in heads]]
    return ElementTree.fromstring(thread_picture(picked, heads, ROWS, COLUMNS, **options))


def lines(tree):
    return {line.find("{*}title").text: line.attrib for line in tree.findall("{*}line")}


def test_every_weight_of_the_mean_has_its_thread():
    found = lines(drawn())
    assert set(found) == {f"{r} to {c}: {MEAN[i, j]:.4f}" for i, r in enumerate(ROWS) for j, c in enumerate(COLUMNS)}
    wide = [float(found[f"{ROWS[0]} to {COLUMNS[j]}: {MEAN[0, j]:.4f}"]["stroke-width"]) for j in range(3)]
    assert np.argsort(wide).tolist() == np.argsort(MEAN[0]).tolist() and min(wide) > 0


def test_threads_run_from_their_row_to_their_column():
    heights = {(line["y1"], line["y2"]) for line in lines(drawn()).values()}
    assert heights == {(str(44 + 22 * i), str(44 + 22 * j)) for i in range(2) for j in range(3)}


def test_the_largest_of_each_row_is_whole_and_the_others_are_dashed():
    whole = {hint for hint, line in lines(drawn()).items() if "stroke-dasharray" not in line}
    assert whole == {"<b>not</b> to y: 0.5000", f"bad to {COLUMNS[2]}: 0.6250"}


def test_a_thread_of_no_weight_is_not_drawn():
    assert sum(hint.startswith("bad") for hint in lines(drawn(heads=(1,)))) == 1


def test_weak_threads_can_be_left_out():
    assert set(lines(drawn(least=0.45))) == {"<b>not</b> to y: 0.5000", f"bad to {COLUMNS[2]}: 0.6250"}


def test_one_word_alone_with_its_numbers_and_the_cells_of_each_head():
    tree = drawn(focus=1)
    assert all(hint.startswith("bad to ") for hint in lines(tree)) and len(lines(tree)) == 3
    texts = [text.text for text in tree.findall("{*}text")]
    assert [text for text in texts if text.startswith("0.")] == ["0.25", "0.12", "0.62"]
    hints = [cell.find("{*}title").text for cell in tree.findall("{*}rect")]
    assert hints == [f"head {h + 1}: {w:.4f}" for (h, _), w in np.ndenumerate(WEIGHTS[:, 1])]
    bold = [text.text for text in tree.findall("{*}text") if text.attrib.get("font-weight") == "bold"]
    assert bold == ["bad"]


def test_hostile_words_are_escaped_and_long_ones_cut():
    markup = thread_picture(WEIGHTS, (1, 2), ROWS, COLUMNS)
    assert "<b>" not in markup
    assert "zzzzzzzz…" in [text.text for text in ElementTree.fromstring(markup).findall("{*}text")]


def test_no_heads_and_words_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="wanted one head or more, got none"):
        thread_picture(WEIGHTS[:0], (), ROWS, COLUMNS)
    with pytest.raises(ValueError, match=r"wanted weights \(2, 2\), a cell or more, got \(2, 3\)"):
        thread_picture(WEIGHTS, (1, 2), ROWS)
