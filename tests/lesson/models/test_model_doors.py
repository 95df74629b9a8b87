"""What models say to what they cannot use."""

import numpy as np
import pytest

from lesson.models.config import LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model, language_model
from lesson.models.seq2seq import init_seq2seq, seq2seq

SIZES = {"width": 8, "num_heads": 2, "hidden_width": 12}
CONFIG = Seq2SeqConfig(7, **SIZES)
PARAMS = init_seq2seq(np.random.default_rng(0), CONFIG)


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ([[1, 7]], [[1]], "wanted ids from 0 to 6, got 1 to 7"),
        ([[1, 2]], [[-1]], "wanted ids from 0 to 6, got -1 to -1"),
        ([[1.0]], [[1]], "wanted integer ids"),
        ([[1], [2]], [[1]], r"wanted as many targets as sources, got source \(2, 1\) and target \(1, 1\)"),
    ],
)
def test_wrong_ids(source, target, words):
    with pytest.raises(ValueError, match=words):
        seq2seq(PARAMS, np.array(source), np.array(target), CONFIG)


@pytest.mark.parametrize("path", ["encoder/0/atention", "encoder/2/attention", "encoder/0/cross_attention"])
def test_a_gate_that_would_shut_nothing(path):
    ids = np.array([[1, 2]])
    with pytest.raises(ValueError, match=f"gates: wanted paths among encoder/0/attention, .*, got '{path}'"):
        seq2seq(PARAMS, ids, ids, CONFIG, {path: np.ones(2)})


def test_a_gate_for_another_number_of_heads():
    ids = np.array([[1, 2]])
    with pytest.raises(ValueError, match="one factor a head"):
        seq2seq(PARAMS, ids, ids, CONFIG, {"encoder/0/attention": np.ones(3)})


def test_a_text_longer_than_its_learned_places():
    config = LanguageModelConfig(7, positions="learned", longest=3, **SIZES)
    params = init_language_model(np.random.default_rng(0), config)
    language_model(params, np.array([[1, 2, 3]]), config)
    with pytest.raises(ValueError, match="wanted positions below 3, the places that were learned, got 3"):
        language_model(params, np.array([[1, 2, 3, 4]]), config)


def test_nothing_at_all_gives_nothing():
    logits, _ = seq2seq(PARAMS, np.zeros((0, 3), int), np.zeros((0, 2), int), CONFIG)
    assert logits.shape == (0, 2, 7)
