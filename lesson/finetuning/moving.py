"""What a phase moves: some of the weights, or an adapter beside them; the rest stands still, bit for bit.

Only what moves is handed to the optimiser. So nothing frozen can drift, decay or take part in clipping.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.finetuning.lora import DOWN, UP, init_lora, merge_lora, merge_lora_backward
from lesson.finetuning.parts import levels, part_paths
from lesson.finetuning.plan import Phase
from lesson.training import Optimiser, adamw, grouped
from lesson.training.flat import fill
from lesson.training.gradients import Objective


class Moving(NamedTuple):
    """What moves, as a tree of its own.

    start(rng) -> tree   assemble(tree) -> all parameters   pull_back(d_params, tree) -> gradients of the tree
    """

    start: Callable[[np.random.Generator], dict]
    assemble: Callable[[dict], dict]
    pull_back: Callable[[dict, dict], dict]


def moving_part(params: dict, phase: Phase) -> Moving:
    """Find what a phase moves of these parameters; raises ValueError for a name of nothing, or when all is frozen."""
    if phase.adapter is not None:
        rank, scale, names = phase.adapter
        return Moving(
            lambda rng: init_lora(rng, params, rank, names),
            lambda adapter: merge_lora(params, adapter, scale),
            lambda d_params, adapter: merge_lora_backward(d_params, adapter, scale),
        )
    leaves = tree.flatten(params)
    frozen = set() if phase.frozen is None else set(part_paths(params, phase.frozen))
    if len(frozen) == len(leaves):
        raise ValueError(f"phase {phase.number}: wanted something left to train, got all frozen by {phase.frozen!r}")

    def pick(all_of_them):
        return tree.unflatten({path: leaf for path, leaf in tree.flatten(all_of_them).items() if path not in frozen})

    return Moving(
        lambda rng: pick(params),
        lambda moved: fill(params, leaves | tree.flatten(moved)),
        lambda d_params, moved: fill(moved, tree.flatten(d_params)),
    )


def of_moving(objective: Objective, moving: Moving) -> Objective:
    """Turn an objective of all parameters into one of what moves."""

    def narrowed(moved, batch, rng=None):
        loss, grads, kept = objective(moving.assemble(moved), batch, rng)
        return loss, moving.pull_back(grads, moved), kept

    return narrowed


def optimiser_for(params: dict, moved: dict, phase: Phase, weight_decay: float) -> Optimiser:
    """Make AdamW for what moves: slower the lower it stands, no decay for norms and biases.

    rate_l = rate layer_decay^(top - l)        Howard and Ruder 2018, section 3.2
    """
    height = levels(params)
    top = max(height.values())
    groups: dict[tuple[float, float], list[str]] = {}
    for path in tree.flatten(moved):
        beside = path.removesuffix(f"/{DOWN}").removesuffix(f"/{UP}")
        rate = phase.rate * phase.layer_decay ** (top - height[beside])
        groups.setdefault((rate, 0.0 if is_spared(path) else weight_decay), []).append(path)
    return grouped(*((paths, adamw(rate, decay)) for (rate, decay), paths in groups.items()))


def is_spared(path: str) -> bool:
    """Say whether weight decay spares a parameter: norms and biases are no maps to keep small.

    >>> is_spared("encoder/0/attention_norm/weight"), is_spared("output/bias"), is_spared("output/weight")
    (True, True, False)
    """
    *branches, name = path.split(tree.SEPARATOR)
    return name == "bias" or any(branch.endswith("norm") for branch in branches)
