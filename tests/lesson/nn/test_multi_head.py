import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson import tree
from lesson.nn.alibi import alibi_positions
from lesson.nn.attend import SourceHeads, attend, project_source
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.masks import causal_mask, padding_mask
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention, multi_head_attention_backward
from lesson.nn.rotary import rotary_positions

B, H, T, S, D = 2, 3, 5, 7, 12
SEEDS = st.integers(0, 2**32 - 1)
PLACINGS = st.sampled_from([None, lambda p: rotary_positions(p, D // H), lambda p: alibi_positions(p, H)])


def draw(seed, **options):
    rng = np.random.default_rng(seed)
    return rng, init_multi_head_attention(rng, D, H, **options), rng.standard_normal((B, T, D))


def head_by_head(params, x, source, may_attend=None):
    """The definition, one head after another: the only loop over heads in this project."""
    width, mixed = D // H, []
    for h in range(H):
        part = slice(h * width, (h + 1) * width)
        q = x @ params["query"]["weight"][:, part] + params["query"]["bias"][part]
        k = source @ params["key"]["weight"][:, part]
        v = source @ params["value"]["weight"][:, part] + params["value"]["bias"][part]
        mixed.append(scaled_dot_product_attention(q, k, v, may_attend)[0])
    return np.concatenate(mixed, axis=-1) @ params["output"]["weight"] + params["output"]["bias"]


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_all_heads_at_once_are_the_heads_one_by_one(seed):
    rng, params, x = draw(seed)
    source, mask = rng.standard_normal((B, S, D)), rng.random((B, T, S)) < 0.5
    output, cache = multi_head_attention(params, x, source, num_heads=H, may_attend=mask)
    assert np.allclose(output, head_by_head(params, x, source, mask), atol=1e-12)
    assert cache.weights.shape == (B, H, T, S)


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_weights_sum_to_one_or_are_all_zero(seed):
    rng, params, x = draw(seed)
    mask = rng.random((B, T, T)) < 0.3
    _, cache = multi_head_attention(params, x, num_heads=H, may_attend=mask)
    sums = cache.weights.sum(axis=-1)
    allowed = np.broadcast_to(mask.any(axis=-1)[:, np.newaxis], sums.shape)
    assert np.allclose(sums[allowed], 1, atol=1e-12)
    assert not cache.weights[~allowed].any()
    assert not cache.weights[~np.broadcast_to(mask[:, np.newaxis], cache.weights.shape)].any()


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(0, T - 2), PLACINGS)
def test_no_future_token_moves_an_output(seed, last, place):
    rng, params, x = draw(seed)
    options = {"num_heads": H, "may_attend": causal_mask(T), "positions": place and place(np.arange(T))}
    changed = x.copy()
    changed[:, last + 1 :] = 100 * rng.standard_normal((B, T - last - 1, D))
    before, after = (multi_head_attention(params, each, **options)[0] for each in (x, changed))
    assert np.array_equal(before[:, : last + 1], after[:, : last + 1])
    assert not np.allclose(before[:, last + 1 :], after[:, last + 1 :])


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(0, T - 2))
def test_no_gradient_comes_back_from_the_past_to_the_future(seed, last):
    _, params, x = draw(seed)
    output, cache = multi_head_attention(params, x, num_heads=H, may_attend=causal_mask(T))
    d_output = np.zeros_like(output)
    d_output[:, : last + 1] = 1
    (d_x, _), _ = multi_head_attention_backward(d_output, cache)
    assert not d_x[:, last + 1 :].any()
    assert d_x[:, : last + 1].any()


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(1, 4))
def test_padding_is_not_seen(seed, extra):
    rng, params, x = draw(seed)
    padded = np.concatenate([x, 100 * rng.standard_normal((B, extra, D))], axis=1)
    mask = padding_mask(np.arange(T + extra) < T, pad=False)
    alone, _ = multi_head_attention(params, x, num_heads=H)
    output, cache = multi_head_attention(params, padded, num_heads=H, may_attend=mask)
    assert np.allclose(output[:, :T], alone, atol=1e-12)
    d_output = np.zeros_like(output)
    d_output[:, :T] = 1
    (d_x, _), _ = multi_head_attention_backward(d_output, cache)
    assert not d_x[:, T:].any()


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_without_positions_a_permuted_text_gives_permuted_outputs(seed):
    rng, params, x = draw(seed)
    order = rng.permutation(T)
    output, cache = multi_head_attention(params, x, num_heads=H)
    permuted, permuted_cache = multi_head_attention(params, x[:, order], num_heads=H)
    assert np.allclose(permuted, output[:, order], atol=1e-12)
    assert np.allclose(permuted_cache.weights, cache.weights[:, :, order][..., order], atol=1e-12)


@pytest.mark.parametrize("place", [lambda p: rotary_positions(p, D // H), lambda p: alibi_positions(p, H)])
def test_with_positions_it_does_not(place):
    _, params, x = draw(0)
    order = np.arange(T)[::-1]
    outputs = [multi_head_attention(params, y, num_heads=H, positions=place(np.arange(T)))[0] for y in (x, x[:, order])]
    assert not np.allclose(outputs[0][:, order], outputs[1], atol=1e-3)


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_grouped_queries_are_heads_that_share_a_key_head(seed):
    rng, params, x = draw(seed, num_key_heads=1)
    shared = {**params}
    for name in ("key", "value"):
        shared[name] = tree.map(lambda leaf: np.concatenate([leaf] * H, axis=-1), params[name])
    mask = rng.random((B, T, T)) < 0.6
    outputs = [multi_head_attention(p, x, num_heads=H, may_attend=mask) for p in (params, shared)]
    assert np.allclose(outputs[0][0], outputs[1][0], atol=1e-12)
    assert np.allclose(outputs[0][1].weights, outputs[1][1].weights, atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(SEEDS, PLACINGS)
def test_keys_and_values_kept_from_earlier_positions_give_the_same(seed, place):
    _, params, x = draw(seed)
    place = place or (lambda p: None)
    whole, _ = multi_head_attention(params, x, num_heads=H, may_attend=causal_mask(T), positions=place(np.arange(T)))
    past, _ = project_source(params, x[:, :3], H, place(np.arange(3)))
    new, _ = project_source(params, x[:, 3:], H, place(np.arange(3, T)))
    heads = SourceHeads(*(np.concatenate(pair, axis=-2) for pair in zip(past, new, strict=True)))
    mask = causal_mask(T - 3, offset=3)
    output, _ = attend(params, x[:, 3:], heads, H, mask, positions=place(np.arange(3, T)))
    assert np.allclose(output, whole[:, 3:], atol=1e-12)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.integers(0, H - 1))
def test_a_closed_gate_cuts_one_head_out(seed, head):
    _, params, x = draw(seed)
    gate, width = np.ones(H), D // H
    gate[head] = 0
    output, cache = multi_head_attention(params, x, num_heads=H, gate=gate)
    without = tree.map(np.copy, params)
    without["output"]["weight"][head * width : (head + 1) * width] = 0
    assert np.allclose(output, multi_head_attention(without, x, num_heads=H)[0], atol=1e-12)
    assert np.allclose(multi_head_attention(params, x, num_heads=H, gate=np.ones(H))[0], head_by_head(params, x, x))
    assert cache.weights[:, head].any()


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_any_leading_axes(leading):
    rng, params, _ = draw(0)
    x = rng.standard_normal((*leading, T, D))
    output, cache = multi_head_attention(params, x, num_heads=H, may_attend=causal_mask(T))
    (d_x, _), grads = multi_head_attention_backward(output, cache)
    assert output.shape == d_x.shape == x.shape
    assert cache.weights.shape == (*leading, H, T, T)
    assert tree.map(np.shape, grads) == tree.map(np.shape, params)
    one = (0,) * len(leading)
    alone, _ = multi_head_attention(params, x[one], num_heads=H, may_attend=causal_mask(T))
    assert np.allclose(output[one], alone, atol=1e-12)


def test_the_parameters_have_the_names_and_shapes_that_everything_relies_on():
    params = init_multi_head_attention(np.random.default_rng(0), D, 6, num_key_heads=2, source_width=5)
    assert {path: leaf.shape for path, leaf in tree.flatten(params).items()} == {
        "query/weight": (D, D),
        "query/bias": (D,),
        "key/weight": (5, 4),
        "value/weight": (5, 4),
        "value/bias": (4,),
        "output/weight": (D, D),
        "output/bias": (D,),
    }


def test_float32_stays_float32():
    _, params, x = draw(0)
    params, x = tree.map(np.float32, params), x.astype(np.float32)
    for positions in (None, alibi_positions(np.arange(T), H)):
        output, cache = multi_head_attention(params, x, num_heads=H, positions=positions)
        (d_x, _), grads = multi_head_attention_backward(output, cache)
        assert {output.dtype, d_x.dtype, *(g.dtype for g in tree.flatten(grads).values())} == {np.dtype(np.float32)}


def test_what_does_not_fit_is_named():
    rng, params, x = draw(0)
    with pytest.raises(ValueError, match="got width 12 and num_heads 5"):
        init_multi_head_attention(rng, D, 5)
    with pytest.raises(ValueError, match="key heads that divide the heads, got 2 for 3"):
        init_multi_head_attention(rng, D, 3, num_key_heads=2)
    with pytest.raises(ValueError, match=r"wanted a gate of shape \(\.\.\., 3\), one factor a head, got \(2,\)"):
        multi_head_attention(params, x, num_heads=H, gate=np.ones(2))
    with pytest.raises(ValueError, match="relative positions in self-attention only"):
        multi_head_attention(params, x, x, num_heads=H, positions=rotary_positions(np.arange(T), 4))
    with pytest.raises(ValueError, match=r"wanted an input of shape \(\.\.\., 12\), got \(2, 5, 11\)"):
        multi_head_attention(params, x[..., 1:], num_heads=H)
    with pytest.raises(ValueError, match="boolean"):
        multi_head_attention(params, x, num_heads=H, may_attend=np.ones((T, T)))
