"""An adapter is a low-rank sum: it starts as nothing, learns by the chain rule, and can be taken off again."""

import numpy as np
import pytest
from finetuning_samples import CONFIGS, logits_of, objective_of, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson import tree
from lesson.finetuning.lora import adapted, init_lora, merge_lora, merge_lora_backward, projections
from lesson.nn.linear import init_linear, linear


def scrambled(rng, adapter):
    return tree.map(lambda leaf: rng.normal(size=leaf.shape), adapter)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_fresh_adapter_changes_nothing(name):
    params, config, examples = sample(name)
    merged = merge_lora(params, init_lora(np.random.default_rng(1), params, 2, ("query", "value", "feed_forward")), 3.0)
    assert np.array_equal(logits_of(merged, config, examples), logits_of(params, config, examples))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(5, 9), st.integers(5, 9), st.floats(0.1, 4), st.integers(0, 99))
def test_merged_equals_unmerged(rank, rows, columns, scale, seed):
    rng = np.random.default_rng(seed)
    layer, x = init_linear(rng, rows, columns), rng.normal(size=(3, 4, rows))
    adapter = scrambled(rng, init_lora(rng, {"query": layer}, rank, "query"))
    down, up = adapter["query"]["weight"].values()
    assert (down.shape, up.shape) == ((rows, rank), (rank, columns))
    beside = linear(layer, x)[0] + scale * (x @ down @ up)
    merged = linear(merge_lora({"query": layer}, adapter, scale)["query"], x)[0]
    np.testing.assert_allclose(merged, beside, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", CONFIGS)
def test_an_adapter_comes_off_again_and_what_it_does_not_name_is_never_touched(name):
    params, config, examples = sample(name)
    rng = np.random.default_rng(2)
    adapter = scrambled(rng, init_lora(rng, params, 2, "query"))
    merged = merge_lora(params, adapter, 0.5)
    assert np.abs(logits_of(merged, config, examples) - logits_of(params, config, examples)).max() > 1e-3
    back = merge_lora(merged, adapter, -0.5)
    for path, leaf in tree.flatten(params).items():
        np.testing.assert_allclose(tree.flatten(back)[path], leaf, rtol=0, atol=1e-12)
        assert path.endswith("query/weight") != (tree.flatten(merged)[path] is leaf)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_gradient_is_the_slope(name):
    params, config, examples = sample(name)
    rng = np.random.default_rng(3)
    adapter = scrambled(rng, init_lora(rng, params, 2, ("query", "attention/output", "token")))
    objective = adapted(objective_of(config), params, scale=0.7)
    grads = objective(adapter, examples)[1]
    assert tree.flatten(grads).keys() == tree.flatten(adapter).keys()
    along = scrambled(rng, adapter)
    above, below = (
        objective(tree.map(lambda leaf, step, h=h: leaf + h * step, adapter, along), examples)[0] for h in (1e-5, -1e-5)
    )
    slope = sum(np.vdot(*pair) for pair in zip(*(tree.flatten(each).values() for each in (grads, along)), strict=True))
    assert slope == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-7)


def test_gradients_of_other_weights_are_left_out():
    params, _, _ = sample("seq2seq")
    adapter = init_lora(np.random.default_rng(0), params, 1, "encoder/0/attention/key")
    grads = merge_lora_backward(params, adapter)
    assert list(tree.flatten(grads)) == [f"encoder/0/attention/key/weight/{name}" for name in ("down", "up")]


def test_names_mean_paths_their_ends_or_patterns():
    params, _, _ = sample("seq2seq")
    assert len(projections(params, "query")) == 2 + 4
    assert len(projections(params, "encoder/1/feed_forward")) == 2
    assert len(projections(params, "decoder/*/cross_attention/value")) == 2
    assert "decoder/output/weight" in projections(params, "output")


@pytest.mark.parametrize("rank", [0, -1, 7, 1.5, True, None])
def test_a_rank_that_cannot_be(rank):
    params, _, _ = sample("classifier")
    with pytest.raises(ValueError, match="rank: wanted a whole number from 1 to 6"):
        init_lora(np.random.default_rng(0), params, rank, "query")


@pytest.mark.parametrize("names", ["querry", ("query", "norm"), (), "encoder/7/attention/query", "bias"])
def test_a_name_that_nothing_has(names):
    params, _, _ = sample("classifier")
    with pytest.raises(ValueError, match="wanted the name of"):
        init_lora(np.random.default_rng(0), params, 1, names)


def test_an_adapter_of_another_model():
    params, _, _ = sample("classifier")
    adapter = init_lora(np.random.default_rng(0), params, 1, "query")
    foreign = tree.map(lambda leaf: leaf, params)
    foreign["encoder"]["0"]["attention"]["query"]["weight"] = np.zeros((6, 4))
    with pytest.raises(ValueError, match=r"wants a weight of shape \(6, 6\) at .*, got shape \(6, 4\)"):
        merge_lora(foreign, adapter)
    with pytest.raises(ValueError, match=r"wants a weight of shape .*, got none"):
        merge_lora({"encoder": {}}, adapter)
    with pytest.raises(ValueError, match="wanted an adapter"):
        merge_lora(params, params)
