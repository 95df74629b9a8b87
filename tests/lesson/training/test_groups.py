"""Frozen weights stay bit for bit, groups go their own ways, and a misspelt pattern is found out."""

import numpy as np
import pytest

from lesson import tree
from lesson.training import adam, adamw, adamw_sparing, frozen, grouped, matching, momentum, sgd, still

RNG = np.random.default_rng(1)
PARAMS = {
    "encoder": {"0": {"weight": RNG.normal(size=(3, 2)), "bias": RNG.normal(size=2)}, "norm": {"weight": np.ones(2)}},
    "head": {"weight": RNG.normal(size=(2, 2)), "bias": RNG.normal(size=2)},
}
GRADS = [tree.map(lambda leaf: RNG.normal(size=leaf.shape), PARAMS) for _ in range(4)]


def run(optimiser, params=PARAMS):
    state = optimiser.init(params)
    for grads in GRADS:
        params, state = optimiser.update(grads, state, params)
    return tree.flatten(params)


@pytest.mark.parametrize(
    ("patterns", "path", "matches"),
    [
        ("encoder", "encoder/0/bias", True),
        ("encoder", "encoder", True),
        ("encoder", "encoders/0", False),
        ("encoder", "my/encoder/0", False),
        ("*bias", "encoder/0/bias", True),
        ("encoder/[01]", "encoder/1/weight", True),
        ("encoder/[01]", "encoder/2/weight", False),
        (("a", "head/weight"), "head/weight", True),
        ((), "head/weight", False),
        ("Head", "head/weight", False),
    ],
)
def test_matching(patterns, path, matches):
    assert matching(patterns)(path) is matches


def test_frozen_weights_are_the_very_same_arrays_and_the_others_train_as_ever():
    before = tree.flatten(PARAMS)
    after, unfrozen = run(frozen("encoder", adamw(0.1))), run(adamw(0.1))
    for path in before:
        if path.startswith("encoder/"):
            assert after[path] is before[path]
        else:
            np.testing.assert_array_equal(after[path], unfrozen[path])
            assert not np.array_equal(after[path], before[path])


def test_frozen_weights_cost_no_memory():
    state = frozen("encoder", adam(0.1)).init(PARAMS)
    sizes = {path: np.size(leaf) for path, leaf in tree.flatten(state).items()}
    assert sum(sizes.values()) == 2 * tree.count(PARAMS["head"]) + 2


def test_the_first_matching_group_decides():
    after = run(grouped(("encoder/0/bias", still()), ("encoder", sgd(0.1)), ("*", momentum(0.2))))
    slow, fast = run(sgd(0.1)), run(momentum(0.2))
    np.testing.assert_array_equal(after["encoder/0/bias"], PARAMS["encoder"]["0"]["bias"])
    np.testing.assert_array_equal(after["encoder/0/weight"], slow["encoder/0/weight"])
    np.testing.assert_array_equal(after["head/bias"], fast["head/bias"])


def test_spared_weights_do_not_decay():
    after = run(adamw_sparing(("*bias", "*norm*"), 0.1, decay=0.5))
    plain, decayed = run(adam(0.1)), run(adamw(0.1, decay=0.5))
    for path in after:
        spared = path.endswith("bias") or "norm" in path
        np.testing.assert_array_equal(after[path], (plain if spared else decayed)[path])
        assert not np.array_equal(plain[path], decayed[path])


def test_form_and_order_stay():
    params = {**PARAMS, "empty": {}}
    optimiser = frozen("encoder", sgd(0.1))
    after, _ = optimiser.update(GRADS[0], optimiser.init(params), params)
    assert list(after) == ["encoder", "head", "empty"]
    assert list(tree.flatten(after)) == list(tree.flatten(params))


def test_patterns_that_match_nothing_are_refused():
    with pytest.raises(ValueError, match="wanted patterns that match a weight, got 'encodr' for encoder/0/weight, "):
        frozen("encodr", adam(0.1)).init(PARAMS)


def test_a_weight_without_a_group_is_refused():
    with pytest.raises(ValueError, match="wanted a group for every weight, got none for 'head/weight'"):
        grouped(("encoder", adam(0.1))).init(PARAMS)
