import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import SIZES, language_models, scrambled, seq2seqs, spread, tokens

from lesson.models.config import LanguageModelConfig
from lesson.models.continuation import Continuation, continue_from_source, continue_text
from lesson.models.generate import generate
from lesson.models.language_model import init_language_model, language_model
from lesson.models.sample import sampling, token_shares
from lesson.models.seq2seq import seq2seq

few = settings(max_examples=20, deadline=None)
STOP = 1


def written_by_hand(score, prompt, limit):
    """Greedy generation for one text, everything read anew: score(ids) -> the next token's logits."""
    ids, written = list(prompt), []
    while len(written) < limit and STOP not in written:
        written.append(1 + int(np.argmax(score(np.array([ids]))[0, -1, 1:])))
        ids.append(written[-1])
    return written + [0] * (limit - len(written))


def widened(ids, limit):
    return np.pad(ids, ((0, 0), (0, limit - ids.shape[1])))


@few
@given(language_models(), tokens(3, 3), st.booleans(), st.data())
def test_a_batch_of_padded_prompts_is_continued_as_each_would_be_alone(model, prompt, cached, data):
    params, config = model
    padded = data.draw(spread(prompt))
    written = generate(continue_text(params, padded, config, cached), limit=5, stop=STOP)
    alone = [written_by_hand(lambda ids: language_model(params, ids, config)[0], row, 5) for row in prompt]
    assert widened(written, 5).tolist() == alone


@few
@given(seq2seqs(), tokens(3, 3), st.booleans(), st.data())
def test_so_are_padded_sources(model, source, cached, data):
    params, config = model
    padded = data.draw(spread(source))
    written = generate(continue_from_source(params, padded, 2, config, cached), limit=5, stop=STOP)
    alone = [written_by_hand(lambda ids, row=row: seq2seq(params, row[None], ids, config)[0], [2], 5) for row in source]
    assert widened(written, 5).tolist() == alone


def scripted(texts):
    """A model that writes what it was given, one row of texts each, and longs to write padding."""

    def advance(state, ids):
        state = state + 1
        logits = np.eye(9)[texts[np.arange(len(texts)), state - 1]]
        logits[:, 0] = 2.0
        return logits, state

    return Continuation(np.full((len(texts), 1), 2), np.zeros(len(texts), int), advance, pad=0)


def test_a_text_ends_with_its_stop_token_and_the_batch_with_its_last_text():
    texts = np.array([[5, 1, 7, 7, 7], [6, 6, 6, 1, 7]])
    assert generate(scripted(texts), limit=5, stop=1).tolist() == [[5, 1, 0, 0], [6, 6, 6, 1]]
    assert generate(scripted(texts), limit=3, stop=1).tolist() == [[5, 1, 0], [6, 6, 6]]
    assert generate(scripted(texts), limit=5).tolist() == texts.tolist()


def test_chance_writes_every_text_with_the_product_of_its_shares():
    """A text is written exactly when each uniform number falls into the piece that its token has on [0, 1)."""
    config = LanguageModelConfig(4, positions="rotary", **SIZES)
    rng = np.random.default_rng(5)
    params = scrambled(init_language_model(rng, config), rng)
    texts = np.array([text for text in itertools.product([1, 2, 3], repeat=3) if STOP not in text[:-1]])
    prompt = np.full((len(texts), 1), 2)
    logits, _ = language_model(params, np.concatenate([prompt, texts], axis=1)[:, :-1], config)
    settings = {"temperature": 4.0, "top_p": 0.8}
    shares = token_shares(np.concatenate([np.full((*logits.shape[:-1], 1), -np.inf), logits[..., 1:]], -1), **settings)
    ends = np.cumsum(shares, axis=-1)
    share = np.take_along_axis(shares, texts[..., None], axis=-1)[..., 0]
    inside = np.take_along_axis(ends, texts[..., None], axis=-1)[..., 0] - 0.5 * share
    possible = share.all(axis=-1)
    assert 3 < possible.sum() < len(texts)

    class Script:
        def __init__(self):
            self.columns = iter(inside[possible].T)

        def random(self, shape):
            return next(self.columns).reshape(shape)

    continuation = continue_text(params, prompt[possible], config)
    written = generate(continuation, limit=3, stop=STOP, choose=sampling(**settings), rng=Script())
    assert written.tolist() == texts[possible].tolist()


@few
@given(language_models(), tokens(2, 3), st.integers(0, 9))
def test_the_same_seed_writes_the_same_text(model, prompt, seed):
    params, config = model
    config = dataclasses.replace(config, dropout=0.5)
    texts = [
        generate(continue_text(params, prompt, config, cached), 4, choose=sampling(), rng=np.random.default_rng(seed))
        for cached in (True, True, False)
    ]
    assert texts[0].tolist() == texts[1].tolist() == texts[2].tolist()
    assert texts[0].shape == (2, 4)
    assert texts[0].all()


def test_sampling_wants_a_generator_and_a_limit_of_one():
    with pytest.raises(ValueError, match="wanted a generator"):
        generate(scripted(np.array([[5]])), limit=1, choose=sampling())
    with pytest.raises(ValueError, match="wanted a limit of at least 1 token, got 0"):
        generate(scripted(np.array([[5]])), limit=0)


def test_sources_come_in_rows():
    with pytest.raises(ValueError, match=r"wanted sources of shape \(B, S\), got \(2,\)"):
        continue_from_source({}, np.array([1, 2]), 2, None)
