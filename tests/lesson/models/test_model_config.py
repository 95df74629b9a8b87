import dataclasses

import numpy as np
import pytest

from lesson import tree
from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, ModelConfig, Seq2SeqConfig
from lesson.models.counts import count_parts, format_counts
from lesson.models.language_model import init_language_model
from lesson.models.seq2seq import init_seq2seq


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        (ModelConfig, {"vocabulary": 0}, "vocabulary: wanted a whole number of 1 or more, got 0"),
        (ModelConfig, {"width": 32.0}, "width: wanted a whole number"),
        (ModelConfig, {"num_layers": True}, "num_layers: wanted a whole number"),
        (ModelConfig, {"num_heads": 5}, "width: wanted a multiple of num_heads 5, got 32"),
        (ModelConfig, {"num_key_heads": 3}, "num_key_heads: wanted a divisor of 4, got 3"),
        (ModelConfig, {"norm": "batch"}, "norm: wanted one of layer, rms, layer_bert, got 'batch'"),
        (ModelConfig, {"activation": "tanh"}, "activation: wanted one of relu, gelu"),
        (
            ModelConfig,
            {"positions": "alibi"},
            "positions: wanted one of none, sinusoidal, learned, rotary, got 'alibi'",
        ),
        (ModelConfig, {"width": 9, "num_heads": 3}, "width: sinusoidal positions want an even one, got 9"),
        (ModelConfig, {"width": 12, "positions": "rotary"}, "rotary positions want an even one, got 3"),
        (ModelConfig, {"dropout": 1.0}, "dropout: wanted a rate from 0 up to"),
        (ModelConfig, {"pad": 7}, "pad: wanted an id from 0 to 6, got 7"),
        (LanguageModelConfig, {"positions": "T5"}, "positions: .* rotary, alibi, got 'T5'"),
        (Seq2SeqConfig, {"num_decoder_layers": 0}, "num_decoder_layers: wanted a whole number of 1 or more, got 0"),
        (ClassifierConfig, {"num_labels": 1}, "num_labels: wanted a whole number of 2 or more, got 1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(kind, settings, words):
    with pytest.raises(ValueError, match=words):
        kind(**{"vocabulary": 7} | settings)


def test_a_config_is_frozen_and_can_be_varied():
    config = LanguageModelConfig(7, positions="alibi")
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.width = 64
    assert dataclasses.replace(config, width=64).head_width == 16
    with pytest.raises(ValueError, match="multiple"):
        dataclasses.replace(config, num_heads=3)


def layer_size(width, hidden, attentions):
    """Four square maps, three of them with a bias; two maps of the feed-forward layer; norms of weight and bias."""
    attention = 4 * width**2 + 3 * width
    return attentions * attention + 2 * width * hidden + hidden + width + (attentions + 1) * 2 * width


def test_the_parameters_of_an_encoder_decoder_are_counted_part_by_part():
    config = Seq2SeqConfig(14, num_layers=2, num_decoder_layers=1)
    parts = count_parts(init_seq2seq(rng(), config))
    encoder_layer, decoder_layer = layer_size(32, 64, 1), layer_size(32, 64, 2)
    assert parts == {
        "encoder/embedding": 14 * 32,
        "encoder/0": encoder_layer,
        "encoder/1": encoder_layer,
        "encoder/norm": 64,
        "decoder/embedding": 14 * 32,
        "decoder/0": decoder_layer,
        "decoder/norm": 64,
        "decoder/output": 14 * 32 + 14,
    }
    lines = format_counts(init_seq2seq(rng(), config)).splitlines()
    assert lines[-1].split() == ["total", f"{sum(parts.values()):,}"]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_a_table_used_twice_is_counted_once(shared, tied):
    config = Seq2SeqConfig(14, shared=shared, tied=tied)
    params = init_seq2seq(rng(), config)
    table = 14 * 32
    both = tree.count(init_seq2seq(rng(), Seq2SeqConfig(14)))
    assert tree.count(params) == both - shared * table - tied * (table + 14)
    assert ("embedding" in params) == shared
    assert ("output" in params["decoder"]) != tied


def test_paths_are_those_of_the_design():
    paths = tree.flatten(init_seq2seq(rng(), Seq2SeqConfig(7)))
    assert {"encoder/0/attention/query/weight", "decoder/1/cross_attention/value/bias"} <= paths.keys()
    assert "encoder/0/attention/key/bias" not in paths


def test_post_norm_has_no_norm_on_top_and_learned_places_have_a_table():
    config = LanguageModelConfig(7, norm_first=False, positions="learned", longest=9)
    params = init_language_model(rng(), config)["decoder"]
    assert "norm" not in params
    assert params["embedding"]["position"]["weight"].shape == (9, 32)


def test_opinions_and_their_scale_come_together():
    with pytest.raises(ValueError, match="together or neither, got scale None"):
        init_classifier(rng(), ClassifierConfig(3), opinions=np.zeros(3))
    with pytest.raises(ValueError, match=r"together or neither, got scale 0\.6"):
        init_classifier(rng(), ClassifierConfig(3, lexicon_scale=0.6))
    with pytest.raises(ValueError, match=r"wanted opinions of shape \(3,\), got \(4,\)"):
        init_classifier(rng(), ClassifierConfig(3, lexicon_scale=0.6), opinions=np.zeros(4))


def test_counts_want_a_depth():
    with pytest.raises(ValueError, match="depth of at least 1, got 0"):
        count_parts({}, 0)
