"""Optimisers against their formulas, weight by weight, and AdamW against PyTorch."""

import math

import numpy as np
import pytest

from lesson import tree
from lesson.training import adam, adamw, momentum, sgd, still

RATE = 0.1
EVERY = {
    "sgd": sgd(RATE),
    "momentum": momentum(RATE),
    "adam": adam(RATE),
    "adamw": adamw(RATE, decay=0.3),
    "still": still(),
}
every_optimiser = pytest.mark.parametrize("optimiser", EVERY.values(), ids=EVERY.keys())


def params_and_grads(steps=6):
    rng = np.random.default_rng(1)
    params = {"layer": {"weight": rng.normal(size=(3, 2)), "bias": rng.normal(size=2)}, "scale": rng.normal(size=())}
    return params, [tree.map(lambda leaf: rng.normal(size=np.shape(leaf)), params) for _ in range(steps)]


def run(optimiser, params, grads):
    state = optimiser.init(params)
    for each in grads:
        params, state = optimiser.update(each, state, params)
    return params


def one_number(rule, params, grads):
    """Apply a rule on plain numbers, rule(step, g, w, memory) -> w, to every weight by itself."""
    result = {path: np.array(leaf) for path, leaf in tree.flatten(params).items()}
    for path, leaf in result.items():
        for index in np.ndindex(leaf.shape):
            memory = {"m": 0.0, "v": 0.0}
            for step, each in enumerate(grads, 1):
                leaf[index] = rule(step, float(tree.flatten(each)[path][index]), float(leaf[index]), memory)
    return result


def by_momentum(step, g, w, memory):
    memory["v"] = 0.9 * memory["v"] + g
    return w - RATE * memory["v"]


def by_adamw(decay):
    def rule(step, g, w, memory):
        memory["m"] = 0.9 * memory["m"] + 0.1 * g
        memory["v"] = 0.999 * memory["v"] + 0.001 * g**2
        m, v = memory["m"] / (1 - 0.9**step), memory["v"] / (1 - 0.999**step)
        return w - RATE * decay * w - RATE * m / (math.sqrt(v) + 1e-8)

    return rule


@pytest.mark.parametrize(
    ("optimiser", "rule"),
    [
        (EVERY["sgd"], lambda step, g, w, memory: w - RATE * g),
        (EVERY["momentum"], by_momentum),
        (EVERY["adam"], by_adamw(0)),
        (EVERY["adamw"], by_adamw(0.3)),
        (EVERY["still"], lambda step, g, w, memory: w),
    ],
    ids=EVERY.keys(),
)
def test_formulas(optimiser, rule):
    params, grads = params_and_grads()
    got, wanted = tree.flatten(run(optimiser, params, grads)), one_number(rule, params, grads)
    assert got.keys() == wanted.keys()
    for path in wanted:
        np.testing.assert_allclose(got[path], wanted[path], rtol=1e-12, atol=1e-14)


@every_optimiser
def test_nothing_is_changed_in_place(optimiser):
    params, grads = params_and_grads(2)
    state = optimiser.init(params)
    for each in (params, *grads, state):
        for leaf in tree.flatten(each).values():
            if isinstance(leaf, np.ndarray):
                leaf.flags.writeable = False
    after, state = optimiser.update(grads[0], state, params)
    kept = tree.map(np.copy, after)
    optimiser.update(grads[1], state, after)
    tree.map(np.testing.assert_array_equal, after, kept)


@every_optimiser
def test_the_order_of_the_leaves_makes_no_difference(optimiser):
    params, grads = params_and_grads()
    turned = [{"scale": each["scale"], "layer": dict(reversed(each["layer"].items()))} for each in grads]
    tree.map(np.testing.assert_array_equal, run(optimiser, params, turned), run(optimiser, params, grads))


@every_optimiser
def test_form_and_number_type_stay(optimiser):
    params, grads = params_and_grads(3)
    params, *grads = (tree.map(np.float32, each) for each in (params, *grads))
    params, *grads = ({**each, "empty": {}} for each in (params, *grads))
    after = run(optimiser, params, grads)
    assert list(after) == ["layer", "scale", "empty"] and list(after["layer"]) == ["weight", "bias"]
    for path, leaf in tree.flatten(params).items():
        assert (tree.flatten(after)[path].dtype, tree.flatten(after)[path].shape) == (np.float32, leaf.shape)


def test_a_schedule_is_asked_at_steps_1_2_3():
    asked = []
    params, grads = params_and_grads(3)
    got = run(sgd(lambda step: asked.append(step) or step / 10), params, grads)
    wanted = params["scale"] - sum(step / 10 * each["scale"] for step, each in enumerate(grads, 1))
    assert asked == [1, 2, 3]
    assert got["scale"] == pytest.approx(wanted, abs=1e-14)


def test_gradients_of_another_form_are_refused_by_name():
    params, (grads,) = params_and_grads(1)
    missing = {**grads, "layer": {"weight": grads["layer"]["weight"]}}
    with pytest.raises(ValueError, match=r"gradients: wanted shape \(2,\) for 'layer/bias', got none"):
        run(sgd(RATE), params, [missing])
    with pytest.raises(ValueError, match=r"wanted shape \(\) for 'scale', got shape \(4,\)"):
        run(sgd(RATE), params, [{**grads, "scale": np.zeros(4)}])


@pytest.mark.parametrize("rate", [math.nan, math.inf, -0.1, lambda step: math.nan])
def test_rates_are_finite_and_not_negative(rate):
    params, grads = params_and_grads(1)
    with pytest.raises(ValueError, match=r"wanted a rate of 0 or more, got .* at step 1"):
        run(adamw(rate), params, grads)


@pytest.mark.parametrize(
    "make",
    [
        lambda: momentum(RATE, keep=1.0),
        lambda: adam(RATE, keep=(0.9, 1.0)),
        lambda: adam(RATE, keep=(-0.1, 0.9)),
        lambda: adamw(RATE, decay=-1),
        lambda: adam(RATE, epsilon=0),
    ],
)
def test_bad_settings_are_refused(make):
    with pytest.raises(ValueError, match="wanted"):
        make()
