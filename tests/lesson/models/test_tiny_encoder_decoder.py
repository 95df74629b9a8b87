"""The encoder-decoder pass: the ancestor's numbers, and the same pass written head by head from its description."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson import EncoderDecoderStates, TransformerConfig, build_encoder_decoder_stack

ANCESTOR = json.loads((Path(__file__).parents[1] / "data" / "ancestor_values.json").read_text(encoding="utf-8"))


def attend_by_formula(x, y, matrices, num_heads):
    width = x.shape[1] // num_heads
    mixed, weights = [], []
    for start in range(0, x.shape[1], width):
        q, k, v = (z @ w[:, start : start + width] for z, w in zip((x, y, y), matrices, strict=True))
        shares = np.exp(q @ k.T / np.sqrt(width))
        weights.append(shares / shares.sum(axis=1, keepdims=True))
        mixed.append(weights[-1] @ v)
    return np.array(mixed), np.array(weights)


def test_the_ancestors_values():
    wanted = ANCESTOR["encoder_decoder"]
    config = TransformerConfig(**wanted["cfg"])
    states = build_encoder_decoder_stack(wanted["src"], wanted["tgt"], config, wanted["seed"])
    np.testing.assert_allclose(states.encoder_hidden, wanted["enc"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(states.decoder_hidden, wanted["dec"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(states.cross_attention, wanted["cross"], rtol=0, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 20), st.integers(0, 2**32), st.data())
def test_any_size_and_seed_follows_the_description(num_heads, head_width, vocab_size, seed, data):
    width = num_heads * head_width
    tokens = st.lists(st.integers(0, vocab_size - 1), min_size=1, max_size=6)
    source, target = data.draw(tokens), data.draw(tokens)
    states = build_encoder_decoder_stack(source, target, TransformerConfig(vocab_size, width, num_heads), seed)

    rng = np.random.default_rng(seed)
    source_embedding, target_embedding = (rng.normal(0, 0.4, (vocab_size, width)) for _ in range(2))
    own = [rng.normal(0, 0.3, (width, width)) for _ in range(3)]
    cross = [rng.normal(0, 0.3, (width, width)) for _ in range(3)]
    x, y = source_embedding[source], target_embedding[target]
    encoder = np.concatenate(attend_by_formula(x, x, own, num_heads)[0], axis=1)
    queries = np.concatenate(attend_by_formula(y, y, own, num_heads)[0], axis=1)
    mixed, weights = attend_by_formula(queries, encoder, cross, num_heads)
    wanted = EncoderDecoderStates(encoder, np.concatenate(mixed, axis=1), mixed, weights)
    for name, value in vars(wanted).items():
        np.testing.assert_allclose(getattr(states, name), value, rtol=0, atol=1e-12, err_msg=name)


def test_the_real_weights_are_a_further_field():
    assert EncoderDecoderStates(np.zeros(1), np.zeros(1), np.zeros(1)).cross_weights is None
    states = build_encoder_decoder_stack([2, 3, 4, 5], [6, 7, 8])
    assert states.cross_attention.shape == (2, 3, 4)
    assert states.cross_weights.shape == (2, 3, 4)
    np.testing.assert_allclose(states.cross_weights.sum(axis=-1), 1)


@pytest.mark.parametrize("side", ["source_tokens", "target_tokens"])
@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([], "at least one token id, got none"),
        ([1, 16], "token ids from 0 to 15, got 16"),
        ([-1], "token ids from 0 to 15, got -1"),
        ([0.5], "whole numbers as token ids, got float64"),
        ([[1]], r"token ids in an array T, got shape \(1, 1\)"),
        ("great", r"token ids in an array T, got shape \(\)"),
    ],
)
def test_bad_ids(side, ids, message):
    with pytest.raises(ValueError, match=f"{side}: wanted {message}"):
        build_encoder_decoder_stack(**{"source_tokens": [1], "target_tokens": [1], side: ids})


@pytest.mark.parametrize(("vocab_size", "message"), [(3, "from 0 to 2, got 5"), (5, "from 0 to 4, got 5")])
def test_the_vocabulary_is_the_configurations(vocab_size, message):
    with pytest.raises(ValueError, match=message):
        build_encoder_decoder_stack([1, 5], [1], TransformerConfig(vocab_size=vocab_size))


def test_bad_configuration_and_seed():
    with pytest.raises(ValueError, match="config: wanted a TransformerConfig, got 8"):
        build_encoder_decoder_stack([1], [1], 8)
    with pytest.raises(ValueError, match=r"random_state: wanted .*got 1\.5"):
        build_encoder_decoder_stack([1], [1], random_state=1.5)
