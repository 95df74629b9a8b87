"""The gradient checks of softmax, attention and relative positions, rows of the table in `gradcheck_cases`.

The axes have distinct sizes, so that none can stand in for another; all but K, which rotary positions want even, are
prime.
"""

from collections.abc import Callable

import numpy as np
from gradcheck_layer_cases import entering, leaf_case, nudge

from lesson.nn.alibi import alibi_positions
from lesson.nn.attention import scaled_dot_product_attention, scaled_dot_product_attention_backward
from lesson.nn.masks import causal_mask, causal_padding_mask
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention, multi_head_attention_backward
from lesson.nn.rotary import rotary_positions, rotate, rotate_backward
from lesson.nn.softmax import softmax, softmax_backward

B, H, T, S, D, K = 2, 3, 5, 7, 11, 4
ATTENTION_CASES: dict[str, Callable] = {}
case = entering(ATTENTION_CASES)


def multi_head_case(rng, num_heads=H, num_key_heads=None, cross=False, **options) -> tuple:
    """Multi-head attention: H heads of width K, so that D = H K here."""
    width, source_width = num_heads * K, D if cross else None
    params = init_multi_head_attention(rng, width, num_heads, num_key_heads, source_width)
    inputs = {"x": rng.standard_normal((B, T, width)), "params": nudge(rng, params)}
    if cross:
        inputs["source"] = rng.standard_normal((B, S, D))

    def forward(i):
        return multi_head_attention(i["params"], i["x"], i.get("source"), num_heads=num_heads, **options)

    def backward(d_output, cache):
        (d_x, d_source), grads = multi_head_attention_backward(d_output, cache)
        return {"x": d_x, "params": grads} | ({"source": d_source} if cross else {})

    return forward, backward, inputs


@case("softmax")
def _(rng):
    def forward(x):
        y = softmax(x)
        return y, y

    return leaf_case(forward, softmax_backward, x=rng.standard_normal((B, T, D)))


@case("softmax, masked, first axis")
def _(rng):
    allowed = rng.random((T, D)) < 0.6
    allowed[:, 0] = False

    def forward(x):
        y = softmax(x, where=allowed, axis=0)
        return y, y

    return leaf_case(forward, lambda d_y, y: softmax_backward(d_y, y, axis=0), x=rng.standard_normal((T, D)))


@case("scaled dot-product attention, masked")
def _(rng):
    inputs = {"q": rng.standard_normal((B, H, T, K)), "k": rng.standard_normal((B, H, S, K))}
    inputs["v"] = rng.standard_normal((B, H, S, D))
    allowed = rng.random((B, 1, T, S)) < 0.5
    allowed[0, 0, 0] = False

    def backward(d_output, cache):
        return dict(zip("qkv", scaled_dot_product_attention_backward(d_output, cache), strict=True))

    return lambda i: scaled_dot_product_attention(i["q"], i["k"], i["v"], allowed), backward, inputs


@case("rotary")
def _(rng):
    tables = rotary_positions(np.arange(T), K)
    return leaf_case(lambda x: (rotate(x, tables), tables), rotate_backward, x=rng.standard_normal((B, H, T, K)))


@case("multi-head, self")
def _(rng):
    return multi_head_case(rng)


@case("multi-head, self, causal and padding")
def _(rng):
    ids = np.array([[0, 0, 5, 6, 7], [5, 6, 7, 0, 0]])
    return multi_head_case(rng, may_attend=causal_padding_mask(ids, pad=0))


@case("multi-head, cross")
def _(rng):
    return multi_head_case(rng, cross=True, may_attend=rng.random((B, 1, S)) < 0.6)


@case("multi-head, grouped-query")
def _(rng):
    return multi_head_case(rng, num_heads=6, num_key_heads=3, may_attend=causal_mask(T))


@case("multi-head, one key head, cross")
def _(rng):
    return multi_head_case(rng, num_key_heads=1, cross=True)


@case("multi-head, gated")
def _(rng):
    return multi_head_case(rng, gate=np.array([[0.5, 0.0, 2.0], [1.0, 1.0, 0.0]]))


@case("multi-head, rotary")
def _(rng):
    tables = rotary_positions(np.arange(T) + np.array([[0], [2]]), K)
    return multi_head_case(rng, positions=tables, may_attend=causal_mask(T))


@case("multi-head, ALiBi, grouped-query")
def _(rng):
    alibi = alibi_positions(np.arange(T), 6)
    return multi_head_case(rng, num_heads=6, num_key_heads=3, positions=alibi, may_attend=causal_mask(T))
