import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import V, language_models, seq2seqs, spread, tokens

from lesson.models import kv_cache
from lesson.models.config import LanguageModelConfig
from lesson.models.continuation import continue_from_source, continue_text, select_rows
from lesson.models.language_model import init_language_model, language_model
from lesson.models.seq2seq import decoder_params, encode, seq2seq
from lesson.nn.masks import padding_mask

few = settings(max_examples=25, deadline=None)
CONFIG = LanguageModelConfig(V, width=8, num_heads=2, hidden_width=12)
SAMPLE = init_language_model(np.random.default_rng(0), CONFIG), CONFIG


def close(got, wanted):
    np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-12)


def read_in_pieces(params, config, ids, cuts, source=None, mask=None):
    """Read ids piece by piece with a cache; give the logits after each piece."""
    cache, read = kv_cache.start_cache(params, config, source, mask), []
    for start, end in zip([0, *cuts], [*cuts, ids.shape[1]], strict=True):
        logits, cache = kv_cache.decode(params, ids[:, start:end], cache, config)
        read.append(logits)
    return read


cut_places = st.sets(st.integers(1, 5)).map(sorted)


@few
@given(language_models(), tokens(2, 6), cut_places)
def test_a_language_model_reads_pieces_as_it_reads_the_whole(model, ids, cuts):
    params, config = model
    whole, _ = language_model(params, ids, config)
    read = read_in_pieces(params["decoder"], config, ids, cuts)
    for end, logits in zip([*cuts, 6], read, strict=True):
        close(logits, whole[:, end - 1])


@few
@given(seq2seqs(), tokens(2, 4), tokens(2, 6), cut_places, st.data())
def test_so_does_the_decoder_of_an_encoder_decoder(model, source, ids, cuts, data):
    params, config = model
    source = data.draw(spread(source))
    whole, _ = seq2seq(params, source, ids, config)
    hidden, mask = encode(params, source, config)[0], padding_mask(source, 0)
    read = read_in_pieces(decoder_params(params), config, ids, cuts, hidden, mask)
    for end, logits in zip([*cuts, 6], read, strict=True):
        close(logits, whole[:, end - 1])


@few
@given(language_models(), tokens(2, 3), tokens(2, 3), st.data())
def test_padding_in_a_piece_leaves_no_trace(model, start, end, data):
    params, config = model
    padded = data.draw(spread(start)), data.draw(spread(end))
    cuts = [padded[0].shape[1]]
    whole, _ = language_model(params, np.concatenate([start, end], axis=1), config)
    first, second = read_in_pieces(params["decoder"], config, np.concatenate(padded, axis=1), cuts)
    close(first, whole[:, 2])
    close(second, whole[:, 5])


@few
@given(language_models(), tokens(3, 3), tokens(3, 1), st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_rows_of_a_state_can_be_picked_again_and_again(model, prompt, token, rows):
    params, config = model
    for cached in (True, False):
        continuation = continue_text(params, prompt, config, cached)
        _, state = continuation.advance(continuation.state, prompt)
        all_rows, _ = continuation.advance(state, token)
        picked, _ = continuation.advance(select_rows(state, np.array(rows)), token[rows])
        close(picked, all_rows[rows])


@few
@given(language_models(), seq2seqs(), tokens(2, 4), st.data())
def test_with_and_without_a_cache_every_step_scores_alike(language, translator, ids, data):
    prompt = data.draw(spread(ids))
    pairs = [
        [continue_text(language[0], prompt, language[1], cached) for cached in (True, False)],
        [continue_from_source(translator[0], prompt, 2, translator[1], cached) for cached in (True, False)],
    ]
    for pair in pairs:
        states, token = [each.state for each in pair], pair[0].prompt
        for _ in range(5):
            both = [each.advance(state, token) for each, state in zip(pair, states, strict=True)]
            (with_cache, without_cache), states = ([part[i] for part in both] for i in (0, 1))
            close(with_cache, without_cache)
            token = 1 + np.argmax(with_cache[:, 1:], axis=-1, keepdims=True)


def test_only_what_is_new_is_worked_on(monkeypatch):
    params, config = SAMPLE
    lengths, feed_forward = [], kv_cache.feed_forward

    def counting(params, x, activation):
        lengths.append(x.shape[-2])
        return feed_forward(params, x, activation)

    monkeypatch.setattr(kv_cache, "feed_forward", counting)
    read_in_pieces(params["decoder"], config, np.full((1, 6), 3), [4, 5])
    assert lengths == [4, 4, 1, 1, 1, 1]


@pytest.mark.parametrize("prompt", [[[1, 2], [0, 0]], [1, 2], np.zeros((2, 0), int)])
def test_a_prompt_wants_a_token_in_every_row(prompt):
    params, config = SAMPLE
    with pytest.raises(ValueError, match=r"wanted prompts \(B, T\) with at least one token each, got shape"):
        continue_text(params, np.array(prompt), config)
