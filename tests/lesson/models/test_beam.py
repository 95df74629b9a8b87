import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import SIZES, language_models, scrambled, seq2seqs, spread, tokens

from lesson.models.beam import beam_search, beam_steps
from lesson.models.config import LanguageModelConfig, Seq2SeqConfig
from lesson.models.continuation import Continuation, continue_from_source, continue_text
from lesson.models.generate import generate
from lesson.models.language_model import init_language_model, language_model
from lesson.models.seq2seq import init_seq2seq, seq2seq

few = settings(max_examples=20, deadline=None)
STOP, LIMIT = 1, 4


def all_texts():
    """Every text of tokens 1 to 3 that ends with the stop token, or at the limit without one; padded."""
    texts = set()
    for text in itertools.product([1, 2, 3], repeat=LIMIT):
        length = text.index(STOP) + 1 if STOP in text else LIMIT
        texts.add(text[:length] + (0,) * (LIMIT - length))
    return np.array(sorted(texts))


def log_probability(logits, texts):
    """Add up, over each text's tokens, the log share of the next token; padding is no choice."""
    logits = logits[:, -LIMIT:, 1:]
    log_shares = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_shares, np.maximum(texts - 1, 0)[..., None], axis=-1)[..., 0]
    return np.sum(picked * (texts != 0), axis=-1)


def ranked(score, prompt, penalty):
    """Enumerate all texts: (texts, log probabilities, scores), best first."""
    texts = all_texts()
    read = np.concatenate([np.tile(prompt, (len(texts), 1)), texts], axis=1)[:, :-1]
    total = log_probability(score(read), texts)
    scores = total / ((5 + (texts != 0).sum(axis=-1)) / 6) ** penalty
    order = np.argsort(-scores)
    return texts[order], total[order], scores[order]


def assert_finds_everything(beams, row, texts, total, scores):
    assert beams.ids[row].tolist() == texts.tolist()
    np.testing.assert_allclose(beams.log_probability[row], total, atol=1e-12)
    np.testing.assert_allclose(beams.score[row], scores, atol=1e-12)


@few
@given(st.integers(0, 99), st.sampled_from([0.0, 0.6, 1.0, 3.0]))
def test_a_beam_wide_enough_is_an_exhaustive_search(seed, penalty):
    config, rng = LanguageModelConfig(4, positions="learned", **SIZES), np.random.default_rng(seed)
    params = scrambled(init_language_model(rng, config), rng)
    prompts = [[2, 3], [3]]
    padded = np.array([[2, 3, 0], [0, 0, 3]])
    beams = beam_search(continue_text(params, padded, config), LIMIT, width=3**LIMIT, stop=STOP, penalty=penalty)
    for row, prompt in enumerate(prompts):
        wanted = ranked(lambda ids: language_model(params, ids, config)[0], prompt, penalty)
        assert_finds_everything(beams, row, *wanted)


@few
@given(st.integers(0, 99), st.sampled_from([0.0, 1.0]))
def test_so_it_is_for_an_encoder_decoder(seed, penalty):
    config, rng = Seq2SeqConfig(4, **SIZES), np.random.default_rng(seed)
    params, source = scrambled(init_seq2seq(rng, config), rng), np.array([[3, 2, 0], [0, 3, 3]])
    beams = beam_search(continue_from_source(params, source, 2, config), LIMIT, 3**LIMIT, STOP, penalty)
    for row in (0, 1):
        read = source[row : row + 1]

        def score(ids, read=read):
            return seq2seq(params, np.tile(read, (len(ids), 1)), ids, config)[0]

        assert_finds_everything(beams, row, *ranked(score, [2], penalty))


@few
@given(language_models(), seq2seqs(), tokens(3, 3), st.data())
def test_a_beam_of_one_is_greedy(language, translator, prompt, data):
    prompt = data.draw(spread(prompt))
    for continuation in (
        continue_text(language[0], prompt, language[1]),
        continue_from_source(translator[0], prompt, 2, translator[1]),
    ):
        beams = beam_search(continuation, 5, width=1, stop=STOP)
        assert beams.ids[:, 0].tolist() == generate(continuation, 5, stop=STOP).tolist()


@few
@given(seq2seqs(), tokens(3, 3), st.integers(2, 5), st.data())
def test_a_batch_is_searched_as_each_row_would_be_alone(model, source, width, data):
    params, config = model
    padded = data.draw(spread(source))
    beams = beam_search(continue_from_source(params, padded, 2, config), 4, width, STOP, 0.6)
    for row in range(3):
        alone = beam_search(
            continue_from_source(params, source[row : row + 1], 2, config, cached=False), 4, width, STOP, 0.6
        )
        length = alone.ids.shape[-1]
        assert beams.ids[row, :, :length].tolist() == alone.ids[0].tolist()
        assert not beams.ids[row, :, length:].any()
        np.testing.assert_allclose(beams.score[row], alone.score[0], atol=1e-12)


def table(shares):
    """A model that looks at the last token only: shares[last][next]."""
    with np.errstate(divide="ignore"):
        logits = np.log(np.array(shares, float))

    def advance(state, ids):
        return logits[ids[:, -1]], state

    return Continuation(np.array([[2]]), (), advance, pad=0)


# From 2 the likelier token is 3, but all that follows it is unlikely; 4 is less likely, and surely followed by 1.
GARDEN_PATH = [[0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0.6, 0.4], [0, 0.3, 0.3, 0.2, 0.2], [0, 1, 0, 0, 0]]


def test_two_beams_see_what_greedy_misses():
    greedy = generate(table(GARDEN_PATH), 2, stop=STOP)
    beams = beam_search(table(GARDEN_PATH), 2, width=2, stop=STOP)
    assert greedy.tolist() == [[3, 1]]
    assert beams.ids[0].tolist() == [[4, 1], [3, 1]]
    np.testing.assert_allclose(np.exp(beams.log_probability[0]), [0.4, 0.18], atol=1e-12)


def test_each_step_shows_what_was_kept_and_what_it_was_chosen_from():
    first, second = beam_steps(table(GARDEN_PATH), 3, width=2, stop=STOP, penalty=1.0)
    assert [step.beams.ids[0].tolist() for step in (first, second)] == [[[3], [4]], [[4, 1], [3, 1]]]
    assert [step.parents[0].tolist() for step in (first, second)] == [[0, 0], [1, 0]]
    assert [step.finished[0].tolist() for step in (first, second)] == [[False, False], [True, True]]
    shares = np.exp(second.considered[0] * 7 / 6)  # the penalty of two tokens taken back
    np.testing.assert_allclose(shares, [[0, 0.18, 0.18, 0.12, 0.12], [0, 0.4, 0, 0, 0]], atol=1e-12)
    best = np.take_along_axis(second.considered[0].ravel(), second.parents[0] * 5 + second.beams.ids[0, :, -1], 0)
    np.testing.assert_array_equal(second.beams.score[0], best)


def test_the_penalty_turns_a_short_winner_into_a_long_one():
    shares = [[0] * 4, [0, 1, 0, 0], [0, 0.5, 0, 0.5], [0, 0.9, 0, 0.1]]
    short = beam_search(table(shares), 2, width=3, stop=STOP)
    long = beam_search(table(shares), 2, width=3, stop=STOP, penalty=1.0)
    assert short.ids[0, 0].tolist() == [1, 0]
    assert long.ids[0, 0].tolist() == [3, 1]
    np.testing.assert_allclose(long.score[0, 0], np.log(0.45) / (7 / 6), atol=1e-12)


def test_what_is_impossible_is_no_beam():
    beams = beam_search(table(GARDEN_PATH), 1, width=9, stop=STOP)
    assert beams.ids[0].tolist() == [[3], [4]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 2), "wanted a limit of at least 1 token, got 0"),
        ((2, 0), "wanted a width of at least 1 and a penalty of at least 0, got 0"),
        ((2, 2, STOP, -1.0), r"got 2 and -1\.0"),
    ],
)
def test_settings_that_cannot_be(arguments, words):
    with pytest.raises(ValueError, match=words):
        beam_search(table(GARDEN_PATH), *arguments)
