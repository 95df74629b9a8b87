"""Multiplications are as many as a model really does: every matrix product says its own."""

from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_samples import V, language_models

from lesson.models.config import ABSOLUTE_POSITIONS, LanguageModelConfig
from lesson.models.counts import count_multiplications
from lesson.models.kv_cache import decode, start_cache
from lesson.models.language_model import init_language_model, language_model
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.product import product


@contextmanager
def multiplications():
    """Have every matrix product of a model write down what it takes; there are two places that make them."""
    done = []

    def watched_product(a, b):
        done.append(len(a) * b.size)
        return product(a, b)

    def watched_attention(q, k, v, may_attend=None):
        output, cache = scaled_dot_product_attention(q, k, v, may_attend)
        done.append(cache.weights.size * (k.shape[-1] + v.shape[-1]))
        return output, cache

    with (
        patch("lesson.nn.linear.product", watched_product),
        patch("lesson.nn.attend.scaled_dot_product_attention", watched_attention),
    ):
        yield done


@settings(max_examples=20, deadline=None)
# ALiBi makes queries and keys a number longer, so that a product adds its bias.
@given(language_models(ABSOLUTE_POSITIONS), st.integers(1, 5), st.integers(1, 4))
def test_counted_is_what_a_decoder_with_a_memory_does(model, first, then):
    params, config = model
    cache, past = start_cache(params["decoder"], config), 0
    for size in (first, then):
        with multiplications() as done:
            _, cache = decode(params["decoder"], np.full((1, size), 3), cache, config)
        assert sum(done) == count_multiplications(config, size, past)
        past += size


def test_without_a_memory_everything_is_done_again():
    config = LanguageModelConfig(V, width=8, num_heads=2, hidden_width=12)
    params = init_language_model(np.random.default_rng(0), config)
    with multiplications() as done:
        language_model(params, np.full((1, 6), 3), config)
    # The whole model scores what follows every token; counted is the last alone.
    assert sum(done) == count_multiplications(config, 6) + 5 * config.width * V


def test_a_past_costs_what_it_is_asked():
    config = LanguageModelConfig(V, width=8, num_heads=2, hidden_width=12)
    alone, later = (count_multiplications(config, 1, past) for past in (0, 10))
    assert later - alone == 10 * 2 * 8 * config.num_layers


@pytest.mark.parametrize(("tokens", "past"), [(0, 3), (2, -1)])
def test_nothing_read_is_refused(tokens, past):
    with pytest.raises(ValueError, match=f"got {tokens} on {past}"):
        count_multiplications(LanguageModelConfig(V), tokens, past)
