"""Flow through attention, against cuts and against sums by hand."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.interpret import attention_flow, flow_through, max_flow, with_residual


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


def searched(pipes):
    """The flow as the graph search finds it: through one storey more, of pipes that hold nothing back."""
    return flow_through([9 * np.eye(pipes[0].shape[-1]), *pipes])


@pytest.mark.parametrize("storeys", [2, 3])
def test_the_sum_is_what_the_search_finds_between_storeys_of_any_width(storeys):
    rng = np.random.default_rng(2)
    widths = [3, 5, 2, 4][: storeys + 1]
    pipes = [rng.uniform(0, 1, (upper, lower)) for lower, upper in pairwise(widths)]
    np.testing.assert_allclose(flow_through(pipes), searched(pipes), rtol=0, atol=1e-9)
    assert flow_through(pipes).shape == (widths[-1], 3)


def test_two_layers_of_a_batch_are_those_of_each_text():
    layers = np.random.default_rng(3).dirichlet(np.ones(4), (2, 3, 4))
    each = [attention_flow([layers[0, number], layers[1, number]]) for number in range(3)]
    np.testing.assert_allclose(attention_flow(layers), each, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("capacity", "source", "sink"), [(np.ones((2, 3)), 0, 1), (-np.ones((2, 2)), 0, 1), (np.ones((2, 2)), 1, 1)]
)
def test_what_is_no_net_is_refused(capacity, source, sink):
    with pytest.raises(ValueError, match=r"wanted capacities \(N, N\)"):
        max_flow(capacity, source, sink)


@pytest.mark.parametrize("attentions", [[], [np.ones((1, 2, 2))] * 3])
def test_one_text_of_one_layer_at_least(attentions):
    with pytest.raises(ValueError, match=r"wanted attention .* of a layer at least"):
        attention_flow(attentions)
