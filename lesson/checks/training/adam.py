"""From a gradient to new weights: a step of Adam, and whom its decay spares."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.training import adamw, matching

exercise = partial(Check, lesson="06-train-an-encoder-decoder")

CORRECT = "The averages start at 0 and are too small at first: divide each by 1 - b^step before use."
DECOUPLED = "Decay belongs to the weight, not to the gradient: there Adam's scaling would undo it. (1 - rate decay) w."
B1, B2, EPSILON = 0.9, 0.999, 1e-8


def _adam(
    w, g, m, v, step, rate, decay, *, keep=(B1, B2), first=None, second=None, coupled=False, shrink=None, move=None
):
    """AdamW for one array, each part to be done otherwise."""
    b1, b2 = keep
    if coupled:
        g = g + decay * w
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    with np.errstate(divide="ignore", invalid="ignore"):
        first = (first or (lambda m: m / (1 - b1**step)))(m)
        second = (second or (lambda v: v / (1 - b2**step)))(v)
        moved = (move or (lambda m, v: m / (np.sqrt(v) + EPSILON)))(first, second)
        kept = (shrink or (lambda rate, decay: 1 - rate * decay))(rate, 0 if coupled else decay)
        return kept * w - rate * moved, m, v


def _not_squared(w, g, m, v, step, rate, decay):
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * np.abs(g)
    return (1 - rate * decay) * w - rate * m / (1 - B1**step) / (np.sqrt(v / (1 - B2**step)) + EPSILON), m, v


def _corrected_kept(w, g, m, v, step, rate, decay):
    w, m, v = _adam(w, g, m, v, step, rate, decay)
    return w, m / (1 - B1**step), v / (1 - B2**step)


def _adam_cases(rng: np.random.Generator) -> list[tuple]:
    def case(size, step, rate, decay):
        # Gradients of all sizes: only a small one shows where epsilon stands.
        past, now = rng.normal(size=(2, size)) * 10.0 ** rng.uniform(-6, 0, size)
        return rng.normal(size=size), now, (1 - B1) * past, (1 - B2) * past**2, step, rate, decay

    fresh = (rng.normal(size=3), rng.normal(size=3), np.zeros(3), np.zeros(3), 1, 0.1, 0.5)
    return [case(7, 2, 0.01, 0.1), case(5, 300, 0.1, 0.01), fresh]


def _packages_step(w, g, m, v, step, rate, decay):
    state = {"step": np.int64(step - 1), "mean": m, "square": v}
    params, state = adamw(rate, decay, (B1, B2), EPSILON).update({"w": g}, state, {"w": w})
    return params["w"], state["mean"], state["square"]


adam_step = exercise(
    name="adam_step",
    arguments=("weight", "gradient", "mean", "square", "step", "rate", "decay"),
    cases=_adam_cases,
    answer=_packages_step,
    returns=("weight", "mean", "square"),
    mistakes=(
        Mistake("Adam without bias correction", partial(_adam, first=lambda m: m, second=lambda v: v), CORRECT),
        Mistake("Bias correction of the mean alone", partial(_adam, second=lambda v: v), CORRECT),
        Mistake("Bias correction of the square alone", partial(_adam, first=lambda m: m), CORRECT),
        Mistake(
            "Corrected averages kept",
            _corrected_kept,
            "The correction is for use in this step only. Hand the plain averages on, or they are corrected again.",
        ),
        Mistake(
            "Step counted from 0",
            lambda w, g, m, v, step, rate, decay: _adam(
                w,
                g,
                m,
                v,
                step,
                rate,
                decay,
                first=lambda m: m / (1 - B1 ** (step - 1)),
                second=lambda v: v / (1 - B2 ** (step - 1)),
            ),
            "The first step is step 1. With 0 the correction divides by 1 - b^0 = 0.",
        ),
        Mistake(
            "Epsilon inside the root",
            partial(_adam, move=lambda m, v: m / np.sqrt(v + EPSILON)),
            "Inside the root 1e-8 acts like 1e-4 outside, and weights with small gradients hardly move. Add it after.",
        ),
        Mistake("Decay coupled to the gradient", partial(_adam, coupled=True), DECOUPLED),
        Mistake(
            "Decay without the rate",
            partial(_adam, shrink=lambda rate, decay: 1 - decay),
            "The decay is multiplied by the rate, so that it warms up and cools down with it: (1 - rate decay) w.",
        ),
        Mistake("No decay", partial(_adam, shrink=lambda rate, decay: 1), DECOUPLED),
        Mistake("Gradient not squared", _not_squared, "The second average is one of g * g."),
        Mistake("No root", partial(_adam, move=lambda m, v: m / (v + EPSILON)), "Divide by np.sqrt of the square."),
        Mistake("The two shares exchanged", partial(_adam, keep=(B2, B1)), "0.9 is the mean's, 0.999 the square's."),
        Mistake("Uphill", partial(_adam, move=lambda m, v: -m / (np.sqrt(v) + EPSILON)), "Downhill is minus."),
        Mistake(
            "Old averages handed on",
            lambda w, g, m, v, *more: (_adam(w, g, m, v, *more)[0], m, v),
            "The step is right, but the next one needs the new averages: return those.",
        ),
        Mistake(
            "Gradient instead of its mean",
            lambda w, g, m, v, step, *more: (
                _adam(w, g, m, v, step, *more, first=lambda _: g)[0],
                *_adam(w, g, m, v, step, *more)[1:],
            ),
            "The step follows the running mean of gradients, corrected, not this gradient alone.",
        ),
    ),
    hints=(
        "Four lines of the formula, four lines of code: two averages, two corrections; then the new weight.",
        "`mean = 0.9 * mean + 0.1 * gradient`, `square = 0.999 * square + 0.001 * gradient**2`.",
        "`move = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)`; subtract `rate * move`.",
    ),
    solution="""\
def adam_step(weight, gradient, mean, square, step, rate, decay):
    mean = 0.9 * mean + 0.1 * gradient
    square = 0.999 * square + 0.001 * gradient**2
    move = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return (1 - rate * decay) * weight - rate * move, mean, square""",
    difficulty=3,
    importance=3,
    minutes=12,
)

SPARED = "A norm's gain scales, a bias shifts; pulling them to 0 shrinks what the layer may say."


def _without(*patterns: str) -> Callable:
    return lambda paths: [path for path in paths if not matching(patterns)(path)]


def _decayed_cases(rng: np.random.Generator) -> list[tuple]:
    parts = ("attention/query", "attention/output", "attention_norm", "feed_forward/hidden", "feed_forward_norm")
    layer = [f"encoder/0/{part}/{leaf}" for part in parts for leaf in ("weight", "bias")]
    return [
        ([*layer, "encoder/norm/weight"],),
        (["decoder/embedding/token/weight", "decoder/norm/weight", "decoder/norm/bias", "decoder/output/bias"],),
        ([str(path) for path in rng.permutation(layer)[:7]],),
    ]


decayed = exercise(
    name="decayed",
    arguments=("paths",),
    cases=_decayed_cases,
    answer=_without("*bias", "*norm*"),
    mistakes=(
        Mistake("Decay on the norms", _without("*bias"), f"A norm's gain is called weight too. {SPARED}"),
        Mistake("Decay on the biases", _without("*norm*"), SPARED),
        Mistake("Decay on everything", _without(), SPARED),
        Mistake(
            "Only the last norm spared",
            _without("*bias", "*/norm/*"),
            f'"attention_norm" is a norm as well: look for "norm" anywhere. {SPARED}',
        ),
        Mistake(
            "The spared ones returned",
            lambda paths: [path for path in paths if matching(("*bias", "*norm*"))(path)],
            "These are the ones that do not decay. Return the others.",
        ),
    ),
    hints=(
        "Keep a path unless it says that it is a bias, or that it belongs to a norm.",
        '`"norm" in path` is true for "encoder/0/attention_norm/weight"; `path.endswith("bias")` finds the biases.',
        '`[path for path in paths if "norm" not in path and not path.endswith("bias")]`.',
    ),
    solution="""\
def decayed(paths):
    return [path for path in paths if "norm" not in path and not path.endswith("bias")]""",
    difficulty=1,
    importance=2,
    minutes=4,
)
