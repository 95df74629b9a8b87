import numpy as np
import pytest

from lesson.nn.dropout import dropout, dropout_backward


@pytest.mark.parametrize("arguments", [(0.5, None), (0.0, np.random.default_rng(0))])
def test_at_evaluation_or_at_rate_zero_it_is_the_identity_and_draws_nothing(arguments):
    x, (_, rng) = np.arange(5.0), arguments
    before = rng.bit_generator.state if rng else None
    output, cache = dropout(x, *arguments)
    assert output is x
    assert dropout_backward(x, cache) is x
    assert (rng.bit_generator.state if rng else None) == before


def test_the_same_seed_drops_the_same_numbers_and_another_seed_others():
    x = np.ones((20, 30))
    first, again, other = (dropout(x, 0.4, np.random.default_rng(seed))[0] for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_share_dropped_is_the_rate_and_the_average_stays(rate):
    x = np.ones(100_000)
    output, cache = dropout(x, rate, np.random.default_rng(0))
    assert abs(np.mean(output == 0) - rate) < 0.01
    assert abs(output.mean() - 1) < 0.03
    assert np.allclose(output[output != 0], 1 / (1 - rate))
    assert np.array_equal(dropout_backward(x, cache), output)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2.0, float("nan")])
def test_a_rate_that_is_none_is_named(rate):
    with pytest.raises(ValueError, match=f"got {rate}"):
        dropout(np.ones(3), rate, np.random.default_rng(0))
