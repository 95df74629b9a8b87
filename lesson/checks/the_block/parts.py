"""The two parts beside attention: a feed-forward layer and a layer norm.

The first input's sizes are distinct primes, so that a wrong axis shows; then come equal sizes, where shapes hide it,
then a batch of sentences, and last what is hard on a norm: rows whose numbers are all the same.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn import activations, norm
from lesson.nn import feed_forward as package

exercise = partial(Check, lesson="04-the-block")

BEND = "Bend once, between the two maps: relu(x W1 + b1) W2 + b2."
BIASES = "Each of the two maps adds its own bias: b1 before the bend, b2 at the end."
ROWS = "Each word is normalised by itself: mean and variance run along the last axis, axis=-1, with keepdims=True."
WHOLE = "These numbers are no sample drawn from more, they are all there are: divide by D, as np.var does unless told."
ROOT = "Divide by the square root of (variance + epsilon): epsilon belongs under the root."
STRETCH = "Stretch and shift after normalising: times the weight, then plus the bias."


def _through(bend: Callable) -> Callable:
    return lambda x, w_1, b_1, w_2, b_2: bend(x @ w_1 + b_1) @ w_2 + b_2


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def _feed_forward(x, w_1, b_1, w_2, b_2):
    params = {"hidden": {"weight": w_1, "bias": b_1}, "output": {"weight": w_2, "bias": b_2}}
    return package.feed_forward(params, x)[0]


feed_forward = exercise(
    name="feed_forward",
    arguments=("x", "w_1", "b_1", "w_2", "b_2"),
    cases=lambda rng: [
        tuple(rng.normal(size=shape) for shape in ((*lead, d), (d, f), f, (f, d), d))
        for lead, d, f in (((5,), 3, 11), ((4,), 4, 4), ((2, 5), 3, 7))
    ],
    answer=_feed_forward,
    mistakes=(
        Mistake("No bend", _through(lambda h: h), f"Two maps in a row are one map. {BEND}"),
        Mistake("Bent twice", lambda *given: _relu(_feed_forward(*given)), f"Yours can never be negative. {BEND}"),
        Mistake("Bent at the end", lambda *given: _relu(_through(lambda h: h)(*given)), BEND),
        Mistake("Bent at the beginning", lambda x, *maps: _through(lambda h: h)(_relu(x), *maps), BEND),
        Mistake("No biases", lambda x, w_1, b_1, w_2, b_2: _relu(x @ w_1) @ w_2, BIASES),
        Mistake("First bias forgotten", lambda x, w_1, b_1, w_2, b_2: _relu(x @ w_1) @ w_2 + b_2, BIASES),
        Mistake("Second bias forgotten", lambda x, w_1, b_1, w_2, b_2: _relu(x @ w_1 + b_1) @ w_2, BIASES),
        Mistake(
            "First bias after the bend",
            lambda x, w_1, b_1, w_2, b_2: (_relu(x @ w_1) + b_1) @ w_2 + b_2,
            "The first bias says where the bend is, so it is added before: relu(x W1 + b1).",
        ),
        Mistake(
            "Residual added",
            lambda x, *maps: x + _feed_forward(x, *maps),
            "What was read is added in the block, outside this function: here return the feed-forward layer alone.",
        ),
        Mistake(
            "Multiplied number by number",
            lambda x, w_1, b_1, w_2, b_2: _relu(x * w_1 + b_1) * w_2 + b_2,
            "`*` multiplies number by number. A map is a matrix product, `@`: every number out is a sum over all in.",
        ),
        Mistake("Absolute value", _through(np.abs), "ReLU makes negative numbers 0, it does not turn them round."),
        Mistake(
            "The negative kept",
            _through(lambda h: np.minimum(h, 0)),
            "ReLU keeps what is positive: np.maximum(0, h), the larger of the two.",
        ),
        Mistake("Another bend", _through(lambda h: activations.gelu(h)[0]), "That is GELU. Here take ReLU: max(0, h)."),
        Mistake("Another bend", _through(np.tanh), "That is tanh. Here take ReLU: max(0, h)."),
    ),
    hints=(
        "Three steps, one after the other: a map, a bend, a map.",
        "`x @ w_1 + b_1` is the first map, and `np.maximum(0, hidden)` takes the larger of 0 and each number.",
        "`hidden = np.maximum(0, x @ w_1 + b_1)`; what is returned is the second map of that, with its own bias.",
    ),
    solution="""\
def feed_forward(x, w_1, b_1, w_2, b_2):
    hidden = np.maximum(0, x @ w_1 + b_1)
    return hidden @ w_2 + b_2""",
    difficulty=1,
    importance=3,
    minutes=5,
)


def _layer_norm(x, weight, bias, epsilon):
    return norm.layer_norm({"weight": weight, "bias": bias}, x, epsilon)[0]


def _normed(divisor: Callable, centre: Callable = lambda x: x.mean(axis=-1, keepdims=True)) -> Callable:
    """Take off a centre and divide by divisor(variance, epsilon)."""

    def normed(x, weight, bias, epsilon):
        variance = ((x - centre(x)) ** 2).mean(axis=-1, keepdims=True)
        return (x - centre(x)) / divisor(variance, epsilon) * weight + bias

    return normed


def _root(variance: np.ndarray, epsilon: float) -> np.ndarray:
    return np.sqrt(variance + epsilon)


def _over(axis: int | None, keep: bool = True) -> Callable:
    def normed(x, weight, bias, epsilon):
        mean, variance = x.mean(axis=axis, keepdims=keep), x.var(axis=axis, keepdims=keep)
        return (x - mean) / np.sqrt(variance + epsilon) * weight + bias

    return normed


def _quietly(wrong: Callable) -> Callable:
    """Divide by zero without a warning, as a learner's function is let do."""

    def quiet(*given):
        with np.errstate(divide="ignore", invalid="ignore"):
            return wrong(*given)

    return quiet


def _unbiased(x, weight, bias, epsilon):
    variance = x.var(axis=-1, keepdims=True, ddof=1)
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(variance + epsilon) * weight + bias


def _norm_inputs(rng: np.random.Generator) -> list[tuple]:
    shapes = ((5, 7), (4, 4), (2, 3, 5))
    cases = [(3 * rng.normal(size=s) + 2, rng.normal(size=s[-1]), rng.normal(size=s[-1]), 0.1) for s in shapes]
    return [*cases, (np.full((3, 5), 58.0), rng.normal(size=5), rng.normal(size=5), 1e-5)]


layer_norm = exercise(
    name="layer_norm",
    arguments=("x", "weight", "bias", "epsilon"),
    cases=_norm_inputs,
    answer=_layer_norm,
    mistakes=(
        Mistake("Norm over the wrong axis", _over(-2), f"Yours mixes different words. {ROWS}"),
        Mistake("Norm over the wrong axis", _over(0), f"Yours mixes different words. {ROWS}"),
        Mistake(
            "The second axis, not the last",
            _over(1),
            "In a table axis 1 is the last, but in a batch of tables it runs over the words. Say axis=-1.",
        ),
        Mistake("Norm over the whole table", _over(None), f"Yours mixes different words. {ROWS}"),
        Mistake(
            "Lost axis",
            _over(-1, keep=False),
            "Without keepdims=True mean and variance are flat lists, which NumPy lines up with the columns.",
        ),
        Mistake("Unbiased variance", _unbiased, f"Yours divides by D - 1, as for a sample. {WHOLE}"),
        Mistake("Epsilon outside the root", _normed(lambda var, eps: np.sqrt(var) + eps), ROOT),
        Mistake("Epsilon forgotten", _quietly(_normed(lambda var, eps: np.sqrt(var))), f"A flat row is 0 / 0. {ROOT}"),
        Mistake("Divided by the variance, not by its root", _normed(lambda var, eps: var + eps), ROOT),
        Mistake("Multiplied by the root, not divided", _normed(lambda var, eps: 1 / np.sqrt(var + eps)), ROOT),
        Mistake(
            "Root mean square, mean not taken off",
            _normed(_root, centre=lambda x: 0.0),
            "That is RMS norm, which many newer models use. Layer norm takes the mean off first.",
        ),
        Mistake(
            "Mean not taken off",
            lambda x, w, b, eps: x / np.sqrt(x.var(axis=-1, keepdims=True) + eps) * w + b,
            "The size is right, but the middle is not: subtract each row's mean before you divide.",
        ),
        Mistake("Weight and bias forgotten", lambda x, w, b, eps: _layer_norm(x, w * 0 + 1, b * 0, eps), STRETCH),
        Mistake("Bias forgotten", lambda x, w, b, eps: _layer_norm(x, w, b * 0, eps), STRETCH),
        Mistake("Weight forgotten", lambda x, w, b, eps: _layer_norm(x, w * 0 + 1, b, eps), STRETCH),
        Mistake("Bias before weight", lambda x, w, b, eps: (_layer_norm(x, w * 0 + 1, b, eps)) * w, STRETCH),
        Mistake("Bias taken off", lambda x, w, b, eps: _layer_norm(x, w, -b, eps), STRETCH),
    ),
    hints=(
        "Four steps for each row: take off its mean, divide by its spread, times the weight, plus the bias.",
        "`x.mean(axis=-1, keepdims=True)` is a column with each row's mean; `x.var(...)` likewise.",
        "`normalised = (x - mean) / np.sqrt(variance + epsilon)`; what is missing is the weight and the bias.",
    ),
    solution="""\
def layer_norm(x, weight, bias, epsilon):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    normalised = (x - mean) / np.sqrt(variance + epsilon)
    return normalised * weight + bias""",
    difficulty=2,
    importance=3,
    minutes=8,
)
