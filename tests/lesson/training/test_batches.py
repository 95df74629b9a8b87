"""Going through a fixed set of examples, epoch after epoch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_model import Batch

from lesson.training import shuffled


@given(st.integers(1, 20), st.integers(1, 25), st.integers(0, 3))
def test_every_epoch_shows_every_example_once(count, size, seed):
    draw = shuffled(Batch(np.arange(count), -np.arange(count)), size, seed)
    batches = -(-count // size)
    for epoch in range(3):
        seen = [draw(None, epoch * batches + batch + 1) for batch in range(batches)]
        assert sorted(np.concatenate([batch.source for batch in seen])) == list(range(count))
        assert all((batch.source == -batch.target).all() and len(batch.source) <= size for batch in seen)


def test_the_order_changes_with_epoch_and_seed_and_with_nothing_else():
    examples = Batch(np.arange(50), np.arange(50))
    draw = shuffled(examples, 50, seed=1)
    first, second = draw(None, 1).source.tolist(), draw(None, 2).source.tolist()
    assert first != second
    assert shuffled(examples, 50, seed=2)(None, 1).source.tolist() != first
    assert shuffled(examples, 50, seed=1)(None, 2).source.tolist() == second
    assert draw(None, 1).source.tolist() == first


@pytest.mark.parametrize(("count", "size"), [(0, 3), (3, 0)])
def test_there_is_something_to_draw(count, size):
    with pytest.raises(ValueError, match=f"got {count} and size={size}"):
        shuffled(Batch(np.arange(count), np.arange(count)), size, seed=1)
