"""Scores of blame, on cases known by hand."""

import numpy as np
import pytest
from asked import IDS, bag, said_in_bag, write
from hypothesis import given
from hypothesis import strategies as st

from lesson.interpret import (
    area,
    chance_precision,
    curve_at,
    deletion_curve,
    insertion_curve,
    precision,
    rank_correlation,
    score,
)

CAUSES = np.array([[True, False, False, True], [False, True, False, False]])


def test_precision_by_hand():
    blame = np.array([[9.0, 8.0, 1.0, 2.0], [0.0, -1.0, -3.0, -2.0]])
    np.testing.assert_array_equal(precision(blame, CAUSES), [0.5, 0.0])
    np.testing.assert_array_equal(precision(blame, CAUSES, np.array([[True] * 4, [False] + [True] * 3])), [0.5, 1.0])


def test_equal_blame_for_all_is_worth_what_chance_is():
    is_token = np.array([[True] * 4, [True, True, True, False]])
    wanted = chance_precision(CAUSES, is_token)
    np.testing.assert_allclose(wanted, [0.5, 1 / 3], rtol=0, atol=1e-12)
    np.testing.assert_allclose(precision(np.zeros((2, 4)), CAUSES, is_token), wanted, rtol=0, atol=1e-12)


def test_a_tie_at_the_last_place_is_shared():
    causes = np.array([True, True, False, False])
    assert precision(np.array([5.0, 1.0, 1.0, 0.0]), causes) == 0.75


@pytest.mark.parametrize(
    ("causes", "is_token", "wanted"),
    [
        (CAUSES[:, :3], None, "wanted blame and causes of one shape"),
        (CAUSES & False, None, "wanted a cause or more in every row"),
        (CAUSES, ~CAUSES, "all of them tokens"),
    ],
)
def test_causes_that_do_not_fit_are_refused(causes, is_token, wanted):
    with pytest.raises(ValueError, match=wanted):
        precision(np.zeros((2, 4)), causes, is_token)


def test_in_a_bag_the_curves_are_sums():
    question = bag()
    said = said_in_bag(question)
    blame = np.where(IDS == 0, 9.0, said)  # whatever padding is blamed for, it goes last
    down, up = deletion_curve(question, blame), insertion_curve(question, blame)
    whole, rest = score(question), score(question, (np.zeros(IDS.shape),))
    for row, tokens in enumerate([4, 3]):
        gains = np.concatenate([[0], np.cumsum(-np.sort(-said[row, :tokens]))])
        np.testing.assert_allclose(down[row, : tokens + 1], whole[row] - gains, rtol=0, atol=1e-12)
        np.testing.assert_allclose(up[row, : tokens + 1], rest[row] + gains, rtol=0, atol=1e-12)
    np.testing.assert_allclose(down[1, 4], down[1, 3], rtol=0, atol=1e-12)
    assert (area(down) < area(deletion_curve(question, -said))).all()


def test_a_curve_runs_over_the_input_that_is_blamed():
    question = write()
    down = deletion_curve(question, np.array([[3.0, 1.0, 2.0]] * 2), which=1)
    keep = (np.ones(IDS.shape), np.array([[0.0, 1.0, 0.0]] * 2))
    np.testing.assert_allclose(down[:, 2], score(question, keep), rtol=0, atol=1e-12)
    np.testing.assert_allclose(down[:, 0], score(question), rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match=r"wanted blame \(2, 4\), one number a token, got \(2, 3\)"):
        deletion_curve(question, np.zeros((2, 3)))


def test_the_area_is_the_mean_height():
    curve = np.array([[4.0, 2.0, 0.0], [1.0, 1.0, 7.0]])
    np.testing.assert_array_equal(area(curve), [2, 2.5])
    np.testing.assert_array_equal(area(curve, np.array([2, 1])), [2, 1])
    for lengths in (np.array([0, 1]), np.array([3, 1]), np.array(1)):
        with pytest.raises(ValueError, match=r"wanted lengths \(2,\) from 1 to 2"):
            area(curve, lengths)


def test_curves_of_long_and_short_texts_are_read_at_the_same_shares():
    curve = np.array([[4.0, 2.0, 0.0], [1.0, 3.0, 7.0]])
    found = curve_at(curve, np.array([2, 1]), np.array([0, 0.25, 0.5, 1]))
    np.testing.assert_allclose(found, [[4, 3, 2, 0], [1, 1.5, 2, 3]], rtol=0, atol=1e-12)
    for lengths, shares in (([0, 1], [0.5]), ([3, 1], [0.5]), ([2, 1], [1.5]), ([2, 1], [-0.1])):
        with pytest.raises(ValueError, match=r"wanted lengths|wanted shares from 0 to 1"):
            curve_at(curve, np.array(lengths), np.array(shares))


def test_rank_correlation_by_hand():
    assert rank_correlation(np.array([1.0, 2, 3, 4, 5]), np.array([5.0, 6, 7, 8, 7])) == pytest.approx(8 / 95**0.5)
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1)
    assert rank_correlation(np.zeros(3), np.arange(3.0)) == 0
    masked = rank_correlation(np.array([1.0, 2, 3, -9]), np.array([1.0, 2, 3, 99]), np.array([True] * 3 + [False]))
    assert masked == pytest.approx(1)
    with pytest.raises(ValueError, match="wanted rows of one shape"):
        rank_correlation(np.zeros(3), np.zeros(4))


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_without_ties_it_is_spearmans_sum_of_squares(a, b):
    a, b = np.array(a, float), np.array(b, float)
    wanted = 1 - 6 * np.sum((a - b) ** 2) / (6 * 35)
    assert rank_correlation(np.exp(a), b**3) == pytest.approx(wanted)
