"""Every gradient check in one table: `python tests/lesson/gradcheck_cases.py` prints it, a test asserts it.

A case is a function of a generator that returns (forward, backward, inputs) as `check_gradients` wants them. The axes
have distinct sizes, so that none can stand in for another; all but K, which rotary positions want even, are prime.
"""

import sys
from collections.abc import Callable

import numpy as np
from gradcheck_model_cases import MODEL_CASES

from lesson.gradcheck import Row, check_gradients, format_table
from lesson.nn.activations import ACTIVATIONS
from lesson.nn.alibi import alibi_positions
from lesson.nn.attention import scaled_dot_product_attention, scaled_dot_product_attention_backward
from lesson.nn.dropout import dropout, dropout_backward
from lesson.nn.embedding import embedding, embedding_backward, init_embedding
from lesson.nn.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from lesson.nn.linear import init_linear, linear, linear_backward
from lesson.nn.loss import cross_entropy, cross_entropy_backward
from lesson.nn.masks import causal_mask, causal_padding_mask
from lesson.nn.multi_head import init_multi_head_attention, multi_head_attention, multi_head_attention_backward
from lesson.nn.norm import init_layer_norm, init_rms_norm, layer_norm, layer_norm_backward, rms_norm, rms_norm_backward
from lesson.nn.positions import init_learned_positions, learned_positions, learned_positions_backward
from lesson.nn.rotary import rotary_positions, rotate, rotate_backward
from lesson.nn.softmax import softmax, softmax_backward

B, H, T, S, D, F, V, K = 2, 3, 5, 7, 11, 13, 17, 4
TOLERANCE = 1e-6
CASES: dict[str, Callable] = {}


def case(name: str) -> Callable:
    """Enter a case into the table under a name."""

    def enter(build: Callable) -> Callable:
        CASES[name] = build
        return build

    return enter


def run(name: str) -> list[Row]:
    """Check one case, from a seed of its own, and put its name before its paths."""
    forward, backward, inputs = CASES[name](np.random.default_rng(sum(name.encode())))
    rows = check_gradients(forward, backward, inputs, np.random.default_rng(1))
    return [row._replace(path=f"{name}: {row.path}") for row in rows]


def main() -> int:
    """Print the table; the exit status says whether every row is within the tolerance."""
    rows = [row for name in CASES for row in run(name)]
    print(format_table(rows))
    return int(max(row.error for row in rows) > TOLERANCE)


def leaf_case(forward: Callable, backward: Callable, **inputs: np.ndarray) -> tuple:
    """A layer without parameters and with one input."""
    (name,) = inputs
    return lambda i: forward(i[name]), lambda d_output, cache: {name: backward(d_output, cache)}, inputs


def layer_case(forward: Callable, backward: Callable, params: dict, x: np.ndarray) -> tuple:
    """A layer with parameters and one input."""

    def both(d_output, cache):
        d_x, grads = backward(d_output, cache)
        return {"x": d_x, "params": grads}

    return lambda i: forward(i["params"], i["x"]), both, {"x": x, "params": params}


def table_case(forward: Callable, backward: Callable, params: dict, ids: np.ndarray) -> tuple:
    """A table of rows, read at places that have no gradient."""
    return (
        lambda i: forward(i["params"], ids),
        lambda d_output, cache: {"params": backward(d_output, cache)[1]},
        {"params": params},
    )


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


def nudge(rng: np.random.Generator, params: dict) -> dict:
    """Move every parameter off its starting value: a bias of zero or a weight of one would hide mistakes."""
    return {
        key: nudge(rng, value) if isinstance(value, dict) else value + 0.3 * rng.standard_normal(value.shape)
        for key, value in params.items()
    }


for activation in ACTIVATIONS:

    @case(activation)
    def _(rng, activation=activation):
        return leaf_case(*ACTIVATIONS[activation], x=2 * rng.standard_normal((B, T, D)))

    @case(f"feed-forward, {activation}")
    def _(rng, activation=activation):
        params = nudge(rng, init_feed_forward(rng, D, F))
        x = rng.standard_normal((B, T, D))
        return layer_case(lambda p, x: feed_forward(p, x, activation), feed_forward_backward, params, x)


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


@case("linear")
def _(rng):
    return layer_case(linear, linear_backward, nudge(rng, init_linear(rng, D, F)), rng.standard_normal((B, T, D)))


@case("linear, no bias")
def _(rng):
    return layer_case(linear, linear_backward, init_linear(rng, D, F, bias=False), rng.standard_normal((B, T, D)))


@case("layer norm")
def _(rng):
    params = nudge(rng, init_layer_norm(D))
    return layer_case(layer_norm, layer_norm_backward, params, 1 + 3 * rng.standard_normal((B, T, D)))


@case("RMS norm")
def _(rng):
    params = nudge(rng, init_rms_norm(D))
    return layer_case(rms_norm, rms_norm_backward, params, 1 + 3 * rng.standard_normal((B, T, D)))


@case("dropout, training")
def _(rng):
    def forward(x):
        # Chance has to repeat itself, or the two sides of the difference would drop different numbers.
        return dropout(x, 0.3, np.random.default_rng(7))

    return leaf_case(forward, dropout_backward, x=rng.standard_normal((B, T, D)))


@case("dropout, evaluation")
def _(rng):
    return leaf_case(lambda x: dropout(x, 0.3), dropout_backward, x=rng.standard_normal((B, T, D)))


@case("embedding")
def _(rng):
    return table_case(embedding, embedding_backward, init_embedding(rng, V, D), rng.integers(0, V, (B, 3 * T)))


@case("learned positions")
def _(rng):
    places = np.arange(T) + np.array([[0], [2]])
    return table_case(learned_positions, learned_positions_backward, init_learned_positions(rng, S, D), places)


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


for smoothing in (0.0, 0.1, 1.0):

    @case(f"cross-entropy, smoothing {smoothing}")
    def _(rng, smoothing=smoothing):
        targets = rng.integers(0, V, (B, T))
        targets[0, 3:] = targets[1, 0] = 0
        return leaf_case(
            lambda logits: cross_entropy(logits, targets, smoothing, pad=0),
            cross_entropy_backward,
            logits=3 * rng.standard_normal((B, T, V)),
        )


CASES.update(MODEL_CASES)

if __name__ == "__main__":
    sys.exit(main())
