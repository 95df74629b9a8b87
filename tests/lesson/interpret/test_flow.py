"""Flow through attention, against cuts and against sums by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.interpret import attention_flow, max_flow, with_residual


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 5), st.integers(0, 10_000))
def test_as_much_flows_as_the_narrowest_cut_lets_through(nodes, seed):
    rng = np.random.default_rng(seed)
    capacity = rng.uniform(0, 1, (nodes, nodes)) * (rng.random((nodes, nodes)) < 0.7)
    cuts = []
    for inside in product([False, True], repeat=nodes - 2):
        near = np.array([True, *inside, False])
        cuts.append(capacity[near][:, ~near].sum())
    assert max_flow(capacity, 0, nodes - 1) == pytest.approx(min(cuts), abs=1e-9)


def test_a_flow_may_be_turned_back():
    # The shortest path, 0 1 2 7, takes the pipes on which both ways of four must begin and end.
    capacity = np.zeros((8, 8))
    for way in ([0, 1, 2, 7], [0, 3, 4, 2, 7], [0, 1, 5, 6, 7]):
        capacity[way[:-1], way[1:]] = 1
    assert max_flow(capacity, 0, 7) == 2


def test_one_layer_is_its_own_flow():
    weights = np.random.default_rng(0).dirichlet(np.ones(4), 4)
    np.testing.assert_allclose(attention_flow([weights]), with_residual(weights), rtol=0, atol=1e-9)


def test_through_two_layers_every_way_carries_its_narrower_half():
    first, second = np.random.default_rng(1).dirichlet(np.ones(4), (2, 4))
    lower, upper = with_residual(first), with_residual(second)
    wanted = np.minimum(upper[:, :, None], lower[None]).sum(axis=1)
    np.testing.assert_allclose(attention_flow([first, second]), wanted, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("capacity", "source", "sink"), [(np.ones((2, 3)), 0, 1), (-np.ones((2, 2)), 0, 1), (np.ones((2, 2)), 1, 1)]
)
def test_what_is_no_net_is_refused(capacity, source, sink):
    with pytest.raises(ValueError, match=r"wanted capacities \(N, N\)"):
        max_flow(capacity, source, sink)


@pytest.mark.parametrize("attentions", [[], [np.ones((1, 2, 2))]])
def test_one_text_of_one_layer_at_least(attentions):
    with pytest.raises(ValueError, match=r"wanted attention .* of a layer at least"):
        attention_flow(attentions)
