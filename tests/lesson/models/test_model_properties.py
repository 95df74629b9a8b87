"""What must be true of whole models whatever their weights."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import V, classifiers, language_models, seq2seqs, spread, tokens

from lesson.models.classifier import classifier
from lesson.models.encoder import encoder
from lesson.models.gates import attention_paths, attention_weights, residual_stream
from lesson.models.language_model import language_model
from lesson.models.seq2seq import seq2seq, seq2seq_backward
from lesson.nn.masks import causal_mask

few = settings(max_examples=25, deadline=None)


def close(got, wanted, tolerance=1e-12):
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance)


@few
@given(language_models(), tokens(2, 6), tokens(2, 6), st.integers(1, 5))
def test_no_future_token_moves_a_language_models_output(model, ids, others, place):
    params, config = model
    changed = np.concatenate([ids[:, :place], others[:, place:]], axis=1)
    before, after = (language_model(params, each, config)[0] for each in (ids, changed))
    close(after[:, :place], before[:, :place], tolerance=1e-13)


@few
@given(language_models(positions=("none", "sinusoidal", "learned", "rotary")), tokens(2, 6), st.integers(0, 4))
def test_a_mask_that_leaks_lets_a_language_model_see_the_next_token(model, ids, place):
    params, config = model
    leaky, causal = causal_mask(6, 6, offset=1), causal_mask(6)
    changed = ids.copy()
    changed[:, place + 1] = 1 + ids[:, place + 1] % (V - 1)
    before, after = (language_model(params, each, config, may_attend=leaky)[0] for each in (ids, changed))
    assert np.abs(after - before)[:, place].max() > 1e-9
    close(language_model(params, ids, config, may_attend=causal)[0], language_model(params, ids, config)[0])


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 6), tokens(2, 6), st.integers(1, 5))
def test_no_future_token_moves_a_decoders_output(model, source, target, others, place):
    params, config = model
    changed = np.concatenate([target[:, :place], others[:, place:]], axis=1)
    before, after = (seq2seq(params, source, each, config)[0] for each in (target, changed))
    close(after[:, :place], before[:, :place], tolerance=1e-13)


@few
@given(seq2seqs(), tokens(1, 4), tokens(1, 5), st.integers(0, 3), st.integers(0, 4))
def test_what_came_before_does_move_it(model, source, target, source_place, place):
    params, config = model
    other_source, other_target = source.copy(), target.copy()
    other_source[0, source_place] = 1 + source[0, source_place] % (V - 1)
    other_target[0, place] = 1 + target[0, place] % (V - 1)
    logits, _ = seq2seq(params, source, target, config)
    assert np.abs(seq2seq(params, other_source, target, config)[0] - logits).max() > 1e-9
    assert np.abs(seq2seq(params, source, other_target, config)[0] - logits)[0, place].max() > 1e-9


@few
@given(language_models(), tokens(2, 4), st.data())
def test_a_language_model_is_blind_to_padding(model, ids, data):
    params, config = model
    padded = data.draw(spread(ids))
    logits, _ = language_model(params, padded, config)
    close(logits[padded != 0], language_model(params, ids, config)[0].reshape(-1, V))


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 3), st.data())
def test_an_encoder_decoder_is_blind_to_padding(model, source, target, data):
    params, config = model
    wide_source, wide_target = data.draw(spread(source)), data.draw(spread(target))
    logits, _ = seq2seq(params, wide_source, wide_target, config)
    close(logits[wide_target != 0], seq2seq(params, source, target, config)[0].reshape(-1, V))


@few
@given(classifiers(), tokens(2, 4), st.data())
def test_a_classifier_is_blind_to_padding(model, ids, data):
    params, config = model
    close(classifier(params, data.draw(spread(ids)), config)[0], classifier(params, ids, config)[0])


@few
@given(classifiers(positions=["none"]), tokens(2, 5), st.permutations(range(5)))
def test_without_positions_an_encoder_turns_with_its_tokens(model, ids, order):
    params, config = model
    hidden, _ = encoder(params["encoder"], ids, config)
    turned, _ = encoder(params["encoder"], ids[:, order], config)
    close(turned, hidden[:, order])
    close(classifier(params, ids[:, order], config)[0], classifier(params, ids, config)[0])


@few
@given(classifiers(positions=["sinusoidal", "learned", "rotary"]))
def test_with_positions_it_does_not(model):
    params, config = model
    ids, order = np.array([[1, 2, 3, 4]]), [3, 2, 1, 0]
    hidden, _ = encoder(params["encoder"], ids, config)
    assert np.abs(encoder(params["encoder"], ids[:, order], config)[0] - hidden[:, order]).max() > 1e-6


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 3))
def test_any_number_of_leading_axes_gives_the_same(model, source, target):
    params, config = model
    logits, _ = seq2seq(params, source, target, config)
    close(seq2seq(params, source[0], target[0], config)[0], logits[0])
    close(seq2seq(params, source[:, np.newaxis], target[:, np.newaxis], config)[0], logits[:, np.newaxis])


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 3), st.data())
def test_a_gate_of_one_changes_nothing_and_of_zero_silences_a_head(model, source, target, data):
    params, config = model
    logits, _ = seq2seq(params, source, target, config)
    open_gates = {path: np.ones(2) for path in attention_paths(params)}
    close(seq2seq(params, source, target, config, open_gates)[0], logits)

    path, head = data.draw(st.sampled_from(attention_paths(params))), data.draw(st.integers(0, 1))
    shut = {path: 1.0 - np.eye(2)[head]}
    gated, cache = seq2seq(params, source, target, config, shut)
    assert np.abs(gated - logits).max() > 1e-9
    _, grads = seq2seq_backward(np.ones_like(gated), cache)
    part, layer, name = path.split("/")
    rows = slice(4 * head, 4 * head + 4)
    assert not grads[part][layer][name]["output"]["weight"][rows].any()
    assert not grads[part][layer][name]["query"]["weight"][:, rows].any()


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 3))
def test_weights_and_residual_stream_can_be_read_from_the_cache(model, source, target):
    params, config = model
    _, cache = seq2seq(params, source, target, config)
    weights, stream = attention_weights(cache), residual_stream(cache)
    assert sorted(weights) == sorted(attention_paths(params))
    shapes = {"encoder/1/attention": (2, 2, 4, 4), "decoder/0/attention": (2, 2, 3, 3)}
    shapes["decoder/1/cross_attention"] = (2, 2, 3, 4)
    assert {path: weights[path].shape for path in shapes} == shapes
    close(weights["decoder/1/cross_attention"].sum(axis=-1), 1)
    assert [len(states) for states in stream.values()] == [3, 3]
    assert stream["encoder"][2].shape == (2, 4, 8)


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 3))
def test_dropout_acts_with_a_generator_only(model, source, target):
    params, config = model
    dropping = dataclasses.replace(config, dropout=0.5)
    logits, _ = seq2seq(params, source, target, config)
    close(seq2seq(params, source, target, dropping)[0], logits)
    first, again, other = (
        seq2seq(params, source, target, dropping, rng=np.random.default_rng(seed))[0] for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert np.abs(first - other).max() > 1e-9


@few
@given(seq2seqs(), tokens(2, 4), st.integers(0, 2))
def test_the_residual_stream_is_what_the_layers_so_far_have_made(model, ids, depth):
    params, config = model
    _, cache = seq2seq(params, ids, ids, config)
    lower = {"embedding": params.get("embedding") or params["encoder"]["embedding"]}
    lower |= {str(layer): params["encoder"][str(layer)] for layer in range(depth)}
    close(residual_stream(cache)["encoder"][depth], encoder(lower, ids, config)[0])


@few
@given(classifiers(), tokens(2, 4))
def test_before_the_first_layer_stand_tokens_at_their_places(model, ids):
    params, config = model
    tables = params["encoder"]["embedding"]
    wanted = np.sqrt(8) * tables["token"]["weight"][ids]
    if config.positions == "learned":
        wanted += np.sqrt(8) * tables["position"]["weight"][:4]
    if config.positions == "sinusoidal":
        angle = np.arange(4)[:, np.newaxis] / 10_000 ** (np.arange(0, 8, 2) / 8)
        wanted[..., ::2] += np.sin(angle)
        wanted[..., 1::2] += np.cos(angle)
    close(residual_stream(classifier(params, ids, config)[1])["encoder"][0], wanted)
