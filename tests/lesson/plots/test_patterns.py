"""Names for heads: a plain one is named, a near miss is not, and a mask gives nobody a name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.plots.patterns import EVEN, PLAIN, measure_patterns, name_patterns

WORDS = list("abcdef")
PLACES = np.arange(6)
KINDS = {
    "the same place": PLACES[:, None] == PLACES,
    "the place before": PLACES[:, None] == PLACES + 1,
    "the place after": PLACES[:, None] == PLACES - 1,
    "the first place": np.broadcast_to(PLACES == 0, (6, 6)),
    "the mirrored place": PLACES[:, None] == 5 - PLACES,
    "'c'": np.broadcast_to(PLACES == 2, (6, 6)),
}


def head(places, share):
    """A head with this share on the places, the rest spread over the others of each row; rows without one are even."""
    count = places.sum(-1, keepdims=True)
    rest = np.where(places, 0, (1 - share) / (6 - count))
    return np.where(count, np.where(places, share, rest), 1 / 6)


def named(weights, columns=WORDS):
    return name_patterns(np.asarray(weights)[None, None], columns)[0][0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.5, 0.8, 1.0])
def test_what_is_plain_is_named_with_its_share(kind, share):
    soft = np.full((6, 6), 1 / 6)  # a mask is common to all heads: this one shows that there is none
    both = np.stack([head(KINDS[kind], share), soft])[None]
    assert name_patterns(both, WORDS)[0] == [(kind, pytest.approx(share)), ("all places alike", 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_just_below_half_is_not_named(kind):
    assert named(head(KINDS[kind], PLAIN - 0.001)) == ("", pytest.approx(PLAIN - 0.001))


def test_even_heads_are_named_even_and_not_by_what_they_hit_by_chance():
    assert named(np.full((6, 6), 1 / 6)) == ("all places alike", 1)
    assert named(np.full((2, 2), 0.5), ["a", "b"]) == ("all places alike", 1)
    tilted = np.full((6, 6), (1 - 0.3) / 5)
    tilted[:, 0] = 0.3
    assert named(tilted) == ("", pytest.approx(0.3))
    tilted = np.full((6, 6), (0.9 - 1 / 6 + 0.001) / 5)
    tilted[:, 0] = 1 - tilted[0, 1:].sum()
    assert named(tilted) == ("all places alike", pytest.approx(EVEN + 0.001))


def test_a_causal_mask_alone_gives_no_name():
    causal = np.tril(np.ones((3, 3))) / [[1], [2], [3]]
    assert named(causal, WORDS[:3]) == ("all places alike", 1)


def test_rows_without_a_choice_do_not_count():
    causal = np.array([[1, 0, 0], [0.6, 0.4, 0], [0.6, 0.2, 0.2]])
    assert measure_patterns(causal)["the first place"] == pytest.approx(0.6)
    padded = np.array([[0.7, 0.3], [0, 0]])
    assert measure_patterns(padded)["the same place"] == pytest.approx(0.7)


def test_one_head_that_weighs_a_column_shows_that_all_may():
    hard, soft = np.array([[1.0, 0.0], [0.4, 0.6]]), np.full((2, 2), 0.5)
    assert measure_patterns(hard)["the first place"] == pytest.approx(0.4)
    assert measure_patterns(np.stack([hard, soft]))["the first place"].tolist() == pytest.approx([0.7, 0.5])


def test_when_no_row_has_a_choice_all_count():
    assert named(np.eye(6)[::-1]) == ("the mirrored place", 1)
    assert named(np.zeros((6, 6))) == ("", 0)


def test_one_row_or_one_column_is_no_trouble():
    assert named([[0.2, 0.8]], ["a", "b"]) == ("the place after", pytest.approx(0.8))
    assert named([[1.0]], ["a"]) == ("the same place", 1)


def test_each_head_gets_its_own_name():
    both = np.stack([head(KINDS["the same place"], 0.9), head(KINDS["'c'"], 0.7)])
    rows = name_patterns(np.stack([both, both[::-1]]), WORDS)
    assert [[pattern.name for pattern in row] for row in rows] == [["the same place", "'c'"], ["'c'", "the same place"]]


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 99))
def test_shares_are_shares(t, s, seed):
    weights = np.random.default_rng(seed).dirichlet(np.ones(s), (2, 3, t))
    for share in measure_patterns(weights).values():
        assert share.shape == (2, 3) and (share >= 0).all() and (share <= 1 + 1e-9).all()
