import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson.nn.masks import causal_mask
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention
from lesson.nn.positions import init_learned_positions, learned_positions, sinusoidal_positions
from lesson.nn.rotary import Rotary, rotary_positions, rotate, rotate_backward

SEEDS = st.integers(0, 2**32 - 1)
PLACES = st.integers(0, 1000)


def test_the_waves_are_the_papers():
    table = sinusoidal_positions(np.arange(50), 6)
    assert table.shape == (50, 6)
    for i in range(3):
        assert np.allclose(table[:, 2 * i], np.sin(np.arange(50) / 10_000 ** (2 * i / 6)), atol=1e-14)
        assert np.allclose(table[:, 2 * i + 1], np.cos(np.arange(50) / 10_000 ** (2 * i / 6)), atol=1e-14)


@settings(deadline=None, max_examples=50)
@given(PLACES, PLACES, PLACES)
def test_the_product_of_two_sinusoidal_positions_knows_their_distance_only(t, s, shift):
    here, there = (sinusoidal_positions(np.array([t + d, s + d]), 8) for d in (0, shift))
    assert here[0] @ here[1] == pytest.approx(there[0] @ there[1], abs=1e-11)


@pytest.mark.parametrize("width", [0, 3, -2])
def test_odd_widths_are_named(width):
    with pytest.raises(ValueError, match=f"even, positive width .* got {width}"):
        sinusoidal_positions(np.arange(3), width)
    with pytest.raises(ValueError, match=f"even, positive width .* got {width}"):
        rotary_positions(np.arange(3), width)


def test_a_place_that_was_never_learned_is_named():
    params = init_learned_positions(np.random.default_rng(0), 5, 3)
    assert np.array_equal(learned_positions(params, np.arange(1, 4))[0], params["weight"][1:4])
    with pytest.raises(ValueError, match="wanted positions below 5, the places that were learned, got 5"):
        learned_positions(params, np.arange(6))


@settings(deadline=None, max_examples=50)
@given(SEEDS, PLACES, PLACES, PLACES)
def test_rotary_scores_know_the_distance_only(seed, t, s, shift):
    q, k = np.random.default_rng(seed).standard_normal((2, 1, 8))

    def score(t, s):
        q_there, k_there = (rotate(x, rotary_positions(np.array([p]), 8)) for x, p in ((q, t), (k, s)))
        return (q_there @ k_there.T).item()

    assert score(t, s) == pytest.approx(score(t + shift, s + shift), abs=1e-9)


def test_rotary_scores_do_know_the_distance():
    q = k = np.ones((1, 8))
    near, far = (rotate(k, rotary_positions(np.array([p]), 8)) @ q.T for p in (1, 2))
    assert abs(near - far) > 0.1


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_a_turn_keeps_lengths_and_its_backward_turns_back(seed):
    x = np.random.default_rng(seed).standard_normal((2, 3, 5, 4))
    tables = rotary_positions(np.arange(5), 4)
    turned = rotate(x, tables)
    assert np.allclose(np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1), atol=1e-13)
    assert np.allclose(rotate_backward(turned, tables), x, atol=1e-13)
    assert np.array_equal(turned[..., 0, :], x[..., 0, :])


@settings(deadline=None, max_examples=50)
@given(SEEDS, PLACES)
def test_attention_with_rotary_positions_does_not_see_where_a_text_begins(seed, shift):
    rng = np.random.default_rng(seed)
    params, x = init_multi_head_attention(rng, 12, 3), rng.standard_normal((2, 5, 12))

    def attend_from(first):
        tables = rotary_positions(first + np.arange(5), 4)
        return multi_head_attention(params, x, num_heads=3, positions=tables, may_attend=causal_mask(5))[0]

    assert np.allclose(attend_from(0), attend_from(shift), atol=1e-9)


@pytest.mark.parametrize(("length", "width"), [(6, 4), (5, 6), (5, 3)])
def test_tables_for_another_length_or_width_are_named(length, width):
    with pytest.raises(ValueError, match="wanted rotary tables that broadcast to"):
        rotate(np.zeros((2, 5, width)), rotary_positions(np.arange(length), 4))


def test_tables_never_enlarge_what_they_turn():
    with pytest.raises(ValueError, match="wanted rotary tables"):
        rotate(np.zeros((5, 4)), Rotary(np.ones((2, 5, 2)), np.zeros((2, 5, 2))))
