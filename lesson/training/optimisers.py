"""Optimisers, as pairs of functions: init(params) -> state, update(grads, state, params) -> (params, state).

Nothing is changed in place: the old weights stay what they were, so keeping the best ones costs nothing. The state is a
tree like any other, to be saved with the weights. A rate is a number, or a schedule: a function of the step, from 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.training.flat import cut, fill, join, require_same_form

Rate = float | Callable[[int], float]


class Optimiser(NamedTuple):
    """The two functions of an optimiser."""

    init: Callable[[dict], dict]
    update: Callable[[dict, dict, dict], tuple[dict, dict]]


def sgd(rate: Rate) -> Optimiser:
    """Walk down the gradient.

        w <- w - rate g

    >>> optimiser, params = sgd(rate=0.5), {"w": np.array([1.0])}
    >>> float(optimiser.update({"w": np.array([1.0])}, optimiser.init(params), params)[0]["w"][0])
    0.5
    """

    def rule(step, g, w):
        return (w - rate_at(rate, step) * g,)

    return _on_one_vector(rule)


def momentum(rate: Rate, keep: float = 0.9) -> Optimiser:
    """Walk down a running sum of gradients.

    v <- keep v + g,   w <- w - rate v        Polyak 1964
    """
    _require_share("keep", keep)

    def rule(step, g, w, v):
        v = keep * v + g
        return w - rate_at(rate, step) * v, v

    return _on_one_vector(rule, "velocity")


def adam(rate: Rate, keep: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8) -> Optimiser:
    """Walk down the running mean of the gradient, every weight at its own scale.

        m <- b1 m + (1 - b1) g,   v <- b2 v + (1 - b2) g^2
        w <- w - rate m' / (sqrt(v') + epsilon),   m' = m / (1 - b1^step),   v' = v / (1 - b2^step)

    Kingma and Ba 2015, algorithm 1.
    """
    return adamw(rate, decay=0.0, keep=keep, epsilon=epsilon)


def adamw(
    rate: Rate, decay: float = 0.01, keep: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
) -> Optimiser:
    """Adam, and a decay of the weights that does not pass through its scaling.

        w <- (1 - rate decay) w - rate m' / (sqrt(v') + epsilon)

    Loshchilov and Hutter 2019, algorithm 2, with the decay times the rate, as PyTorch has it. All weights decay;
    `groups.adamw_sparing` leaves some out.
    """
    for share in keep:
        _require_share("keep", share)
    if decay < 0 or epsilon <= 0:
        raise ValueError(f"wanted decay >= 0 and epsilon > 0, got decay={decay}, epsilon={epsilon}")
    b1, b2 = keep

    def rule(step, g, w, m, v):
        now = rate_at(rate, step)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        scale = np.sqrt(v / (1 - b2**step)) + epsilon
        return (1 - now * decay) * w - now / (1 - b1**step) * m / scale, m, v

    return _on_one_vector(rule, "mean", "square")


def still() -> Optimiser:
    """Leave every weight as it is: the very same arrays come back."""
    return Optimiser(lambda params: {"step": np.int64(0)}, lambda grads, state, params: (params, state))


def rate_at(rate: Rate, step: int) -> float:
    """Read a rate at a step, counted from 1; raises ValueError unless it is a finite number of 0 or more."""
    now = rate(step) if callable(rate) else rate
    if not (np.isfinite(now) and now >= 0):
        raise ValueError(f"wanted a rate of 0 or more, got {now} at step {step}")
    return float(now)


def _on_one_vector(rule: Callable, *moments: str) -> Optimiser:
    """Make an optimiser of a rule on vectors: rule(step, g, w, *moments) -> (w, *moments)."""

    def init(params):
        weights = join(tree.flatten(params))
        return {"step": np.int64(0), **{name: np.zeros_like(weights) for name in moments}}

    def update(grads, state, params):
        leaves, slopes = tree.flatten(params), tree.flatten(grads)
        require_same_form(leaves, slopes, "gradients")
        step = int(state["step"]) + 1
        w, *after = rule(step, join(slopes), join(leaves), *(state[name] for name in moments))
        state = {"step": np.int64(step), **dict(zip(moments, after, strict=True))}
        return fill(params, cut(w, leaves)), state

    return Optimiser(init, update)


def _require_share(name: str, share: float) -> None:
    if not 0 <= share < 1:
        raise ValueError(f"wanted {name} from 0 to below 1, got {share}")
