"""A walk goes on by the allowed steps, all alike often, and asks for every next digit."""

import numpy as np
import pytest

from lesson import tasks


def test_every_next_digit_is_asked_and_a_step_away():
    task = tasks.walk(length=9, furthest=4)
    source, target = task.draw(np.random.default_rng(1), 2000)
    assert source.shape == (2000, 9)
    assert (target[:, :-1] == source[:, 1:]).all() and not target[:, -1].any()
    digits = np.array([[int(digit) for digit in task.vocabulary.decode(row)] for row in source])
    shares = np.bincount((np.diff(digits) % 10).ravel(), minlength=10) / digits[:, 1:].size
    np.testing.assert_allclose(shares, [0, *[0.25] * 4, *[0] * 5], atol=0.02)
    np.testing.assert_allclose(np.bincount(digits[:, 0]) / 2000, [0.1] * 10, atol=0.03)


def test_no_walk_is_in_both_parts():
    task = tasks.walk()
    trained, asked = (task.draw(np.random.default_rng(2), 500, part).source for part in ("train", "test"))
    assert not {row.tobytes() for row in trained} & {row.tobytes() for row in asked}


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"length": 1}, "length=1"), ({"furthest": 10}, "1 to 9, got 10"), ({"furthest": 0}, "got 0")],
)
def test_a_walk_that_is_none_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        tasks.walk(**settings)
