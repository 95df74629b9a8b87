"""What the views take: any model's weights, cut to what a screen holds, refused in a sentence when they are none."""

import re

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.models.config import Seq2SeqConfig
from lesson.models.gates import attention_weights
from lesson.models.seq2seq import init_seq2seq, seq2seq
from lesson.widgets import follow_the_lines, look_at_all_heads, look_at_weights
from lesson.widgets.weights import take

HALF = np.full((2, 3, 2, 2), 0.5)


@pytest.fixture(scope="module")
def read():
    """The weights of an encoder-decoder that read 'a b c d' and wrote '<bos> e f', by what they are of."""
    config = Seq2SeqConfig(9, width=8, num_heads=2, hidden_width=12, longest=8)
    rng = np.random.default_rng(0)
    inputs = np.array([[5, 2, 7, 3]]), np.array([[1, 4, 6]])
    weights = attention_weights(seq2seq(init_seq2seq(rng, config), *inputs, config)[1])
    kinds = {"encoder": "/attention", "decoder": "/attention", "cross": "/cross_attention"}
    return {
        kind: {
            path: heads[0] for path, heads in weights.items() if path.endswith(end) and (kind in path or "cross" in end)
        }
        for kind, end in kinds.items()
    }


@pytest.mark.parametrize("make", [look_at_weights, follow_the_lines, look_at_all_heads])
@pytest.mark.parametrize(
    ("kind", "rows", "columns"), [("encoder", "abcd", None), ("decoder", "^ef", None), ("cross", "^ef", "abcd")]
)
def test_a_models_weights_are_taken_as_they_come(read, make, kind, rows, columns):
    widget = make(read[kind], rows, columns)
    names = [label for label, _ in widget.controls["layer"].options]
    assert names == list(read[kind]) and len(names) > 1
    assert names[0] in widget.summary and "<svg" in widget.picture.value
    if kind == "decoder" and make is look_at_weights:
        assert "'^' attends most to '^' (1.0000)." in widget.summary


def test_layers_may_be_named_or_counted():
    words = ["a", "b"]
    assert take(HALF, words).layers == take(list(HALF), words).layers == ["layer 1", "layer 2"]
    named = take({"encoder/0/attention": HALF[0], "encoder/1/attention": HALF[1]}, words)
    assert named.layers == ["encoder/0/attention", "encoder/1/attention"]
    np.testing.assert_array_equal(named.weights, HALF)


def test_rows_and_columns_may_differ_as_in_cross_attention():
    views = take(np.full((1, 1, 2, 3), 1 / 3), ["a", "b"], ["x", "y", "x"])
    assert (views.rows, views.columns) == (["a", "b"], ["x", "y", "x"])
    assert views.told == (["a", "b"], ["x (1)", "y", "x (3)"])


def test_what_no_screen_holds_is_cut_and_said_to_be():
    views = take(np.full((13, 14, 25, 26), 0.01), list(range(25)), list(range(26)))
    assert views.weights.shape == (12, 12, 24, 24) and len(views.rows) == len(views.columns) == 24
    said = (
        "Drawn and measured here: the first 12 of 13 layers, the first 12 of 14 heads, the first 24 of 25 rows, "
        "the first 24 of 26 columns."
    )
    assert views.notes == [said]
    for make in (look_at_weights, look_at_all_heads):
        assert said in make(np.full((13, 14, 25, 26), 0.01), list(range(25)), list(range(26))).summary
    assert take(np.full((12, 12, 24, 24), 0.01), list(range(24))).notes == []


def test_control_characters_and_reordering_are_written_out():
    assert take(HALF, ["a\n\x1b", "\u202eb"]).rows == ["a\\n\\x1b", "\\u202eb"]


@pytest.mark.parametrize(
    ("weights", "words", "said"),
    [
        (HALF, ["a"], "wanted weights (1, 1), a cell or more, got (2, 2)"),
        (HALF[0], ["a", "b"], "wanted weights (H, T, S), one shape for all attentions, got [(2, 2)]"),
        (HALF[None], ["a", "b"], "wanted weights (H, T, S), one shape for all attentions, got [(2, 3, 2, 2)]"),
        ([HALF[0], HALF[0, :2]], ["a", "b"], "one shape for all attentions, got [(2, 2, 2), (3, 2, 2)]"),
        ([], ["a"], "wanted weights (H, T, S), one shape for all attentions, got []"),
        (HALF[:, :0], ["a", "b"], "wanted weights (H, T, S) of a head or more, a cell or more, got (0, 2, 2)"),
        (HALF * 4, ["a", "b"], "wanted weights from 0 to 1, got 2 to 2"),
        (-HALF, ["a", "b"], "wanted weights from 0 to 1, got -0.5 to -0.5"),
        (HALF * np.nan, ["a", "b"], "wanted weights from 0 to 1, got nan to nan"),
    ],
)
def test_what_is_no_weights_is_refused(weights, words, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        take(weights, words)
