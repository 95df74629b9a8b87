"""What fine-tuning cost and what it broke."""

from collections.abc import Callable

import numpy as np

from lesson import tree
from lesson.finetuning.moving import moving_part
from lesson.finetuning.run import FineTuning


def weights_touched(run: FineTuning) -> int:
    """Count the numbers that a run moves in any of its phases, each once; for an adapter, its own."""
    rng = np.random.default_rng(0)
    touched: dict[str, int] = {}
    for phase in run.plan.phases:
        for path, leaf in tree.flatten(moving_part(run.params, phase).start(rng)).items():
            # A later adapter may have another rank: it is another one.
            name = path if phase.adapter is None else f"adapter {phase.number} {path}"
            touched[name] = leaf.size
    return sum(touched.values())


def weights_changed(before: dict, after: dict) -> tuple[int, int]:
    """Count the numbers that differ between two states of a model, and all there are.

    >>> weights_changed({"w": np.array([1.0, 2.0, 3.0])}, {"w": np.array([1.0, 2.5, 3.0])})
    (1, 3)
    """
    changed = tree.map(lambda one, other: np.array(np.count_nonzero(one != other)), before, after)
    return sum(int(leaf) for leaf in tree.flatten(changed).values()), tree.count(before)


def forgetting(score: Callable[[dict], float], before: dict, after: dict) -> float:
    """Say how much worse a model does what it did before: score(before) - score(after), on the source task."""
    return score(before) - score(after)
