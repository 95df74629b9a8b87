"""The induction score, counted by hand and by loops."""

import numpy as np
import pytest

from lesson import tasks
from lesson.interpret import induction_score
from lesson.nn.masks import causal_mask
from lesson.nn.softmax import softmax


def test_it_is_what_loops_count():
    rng = np.random.default_rng(0)
    source, target = tasks.induction(3, 7).draw(rng, 5)
    weights = softmax(rng.normal(size=(5, 2, 14, 14)), where=causal_mask(14))
    wanted = [
        [
            sum(weights[b, h, t, s] for s in range(1, t + 1) if source[b, s - 1] == source[b, t])
            for b, t in np.argwhere(target)
        ]
        for h in range(2)
    ]
    np.testing.assert_allclose(induction_score(weights, source, target != 0), np.mean(wanted, axis=1), rtol=1e-12)


def test_a_head_that_looks_at_the_answer_alone_has_1():
    source, target = tasks.induction().draw(np.random.default_rng(1), 4)
    right = (source[:, np.newaxis] == target[..., np.newaxis]) & np.tri(20, dtype=bool)
    weights = right / np.maximum(right.sum(axis=-1, keepdims=True), 1)
    np.testing.assert_allclose(induction_score(weights[:, np.newaxis], source, target != 0), [1.0], rtol=1e-12)


@pytest.mark.parametrize(
    ("shape", "asked", "wanted"),
    [((2, 3, 3), [True] * 4, "wanted weights"), ((2, 4, 4), [False] * 4, "a place or more"), ((4, 4), [True] * 4, "H")],
)
def test_what_does_not_fit_is_refused(shape, asked, wanted):
    with pytest.raises(ValueError, match=wanted):
        induction_score(np.zeros(shape), np.array([1, 2, 1, 2]), np.array(asked))
