import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.models.sample import draw, greedy, keep_top_k, keep_top_p, sampling, temper, token_shares

# Multiples of 1/4 tie often, and ties are where a rank can go wrong.
scores = st.lists(st.integers(-12, 12), min_size=2, max_size=7).map(lambda numbers: np.array(numbers) / 4)


class Grid:
    """A generator whose uniform numbers are the middles of equal pieces of [0, 1): each piece counts once."""

    def random(self, shape):
        return ((np.arange(shape[0]) + 0.5) / shape[0]).reshape(shape)


def shares_of(logits):
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


@given(scores, st.sampled_from([0.1, 0.5, 1.0, 3.0]))
def test_temperature_is_a_power_of_the_shares(logits, temperature):
    powered = shares_of(logits) ** (1 / temperature)
    np.testing.assert_allclose(token_shares(logits, temperature), powered / powered.sum(), atol=1e-14)


@given(scores, st.integers(1, 8))
def test_top_k_keeps_the_k_best_and_their_proportions(logits, k):
    best = sorted(range(len(logits)), key=lambda token: (-logits[token], token))[:k]
    wanted = np.where(np.isin(np.arange(len(logits)), best), shares_of(logits), 0)
    np.testing.assert_allclose(token_shares(logits, top_k=k), wanted / wanted.sum(), atol=1e-14)
    assert np.count_nonzero(token_shares(logits, top_k=k)) == min(k, len(logits))


@given(scores, st.floats(0.01, 0.99))
def test_top_p_keeps_the_smallest_set_that_is_likely_enough(logits, p):
    shares = shares_of(logits)
    kept = np.flatnonzero(token_shares(logits, top_p=p))
    assert shares[kept].sum() >= p - 1e-12
    sizes = [
        size
        for size in range(1, len(logits) + 1)
        if max(shares[list(some)].sum() for some in itertools.combinations(range(len(logits)), size)) >= p + 1e-12
    ]
    assert len(kept) <= min(sizes, default=len(logits))
    assert shares[kept].min() >= max(np.delete(shares, kept), default=0)


def test_top_p_of_one_keeps_everything_and_a_hair_keeps_one():
    logits = np.array([[0.0, 2.0, 1.0], [3.0, 3.0, 3.0]])
    assert np.array_equal(keep_top_p(logits, 1.0), logits)
    assert np.isfinite(keep_top_p(logits, 1e-9)).tolist() == [[False, True, False], [True, False, False]]


def test_filters_work_one_after_the_other():
    logits = np.log([0.4, 0.3, 0.2, 0.1])
    # Of the two best, 4/7 and 3/7, the first alone reaches 0.5.
    assert token_shares(logits, top_k=2, top_p=0.5).tolist() == [1, 0, 0, 0]
    np.testing.assert_allclose(token_shares(logits, 0.5, top_k=2), [16 / 25, 9 / 25, 0, 0], atol=1e-14)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=6).filter(any))
def test_draws_fall_as_often_as_the_shares_say(parts):
    pieces = 60 * sum(parts)
    shares = np.broadcast_to(np.array(parts) / sum(parts), (pieces, len(parts)))
    drawn = draw(shares, Grid())
    assert np.bincount(drawn, minlength=len(parts)).tolist() == [60 * part for part in parts]


def test_rounding_never_draws_what_has_no_share():
    class Top:
        def random(self, shape):
            return np.full(shape, np.nextafter(1, 0))

    shares = np.array([[0.1] * 10 + [0.0]])
    assert np.cumsum(shares)[-1] < 1
    assert draw(shares, Top()).tolist() == [9]


def test_choices_follow_the_settings():
    logits = np.tile(np.log([0.5, 0.3, 0.2]), (100, 1))
    assert np.bincount(sampling()(logits, Grid())).tolist() == [50, 30, 20]
    assert np.bincount(sampling(top_k=2)(logits[:80], Grid())).tolist() == [50, 30]
    assert np.bincount(sampling(top_p=0.4)(logits, Grid())).tolist() == [100]
    assert greedy(np.array([[1.0, 2.0, 2.0]])).tolist() == [1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: temper(x, 0), "wanted a temperature above 0 .*, got 0"),
        (lambda x: temper(x, np.nan), "wanted a temperature above 0 .*, got nan"),
        (lambda x: keep_top_k(x, 0), "wanted to keep at least 1 token, got 0"),
        (lambda x: keep_top_p(x, 0), "wanted p above 0 and at most 1, got 0"),
        (lambda x: keep_top_p(x, 1.1), r"wanted p above 0 and at most 1, got 1\.1"),
        (lambda x: sampling(top_p=2), "wanted p above 0 and at most 1, got 2"),
        (lambda x: sampling()(x, None), "wanted a generator .* to sample with, got None"),
    ],
)
def test_settings_that_cannot_be(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.zeros((1, 3)))
