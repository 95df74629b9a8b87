"""What a set-up of the fine-tuning bench is: a trained model, few examples of something new, and who is to learn it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lesson.finetuning import methods
from lesson.models.config import ModelConfig
from lesson.tasks import Examples, Task

FROM_NOTHING, BASELINES = "from_nothing", "baselines"
POOL, CHOOSE_BY = 128, 100
RANKS = (1, 2, 4, 8)
WAYS = ("full", "head", "embeddings", "gradual", "discriminative", *(f"lora_{rank}" for rank in RANKS), FROM_NOTHING)


class Setup(NamedTuple):
    """Everything that one seed settles.

    params, config: the model trained on the source   examples: of the target, the first so many of which are given
    choose: questions by which the best weights are chosen   target, source: params -> score, by questions that neither
    training nor choosing has seen   methods: name -> (params, epochs) -> playbook   epochs, batch: the same for all
    baselines: examples -> the target scores of whatever else they, or nothing at all, can make
    choose may be None: then the examples themselves choose, and no other label is needed
    prepare: what is made of the examples before a model learns from them
    """

    params: dict
    config: ModelConfig
    examples: Examples
    choose: Examples | None
    target: Callable[[dict], float]
    source: Callable[[dict], float]
    methods: dict[str, Callable[[dict, int], dict]]
    epochs: int
    batch: int
    baselines: Callable[[Examples], dict[str, float]]
    prepare: Callable[[Examples], Examples] = lambda examples: examples


def first(examples: Examples, count: int | None) -> Examples:
    """Take the first so many examples; None takes all."""
    return Examples(*(array[:count] for array in examples))


def drawn(seed: int, source: Task, target: Task, judge_by: int) -> list[Examples]:
    """Draw what is taught, what chooses, and what judges target and source.

    Each from a generator of its own: the questions are the same however many examples there are.
    """
    wanted = [
        (target, POOL, "train"),
        (target, CHOOSE_BY, "test"),
        (target, judge_by, "test"),
        (source, judge_by, "test"),
    ]
    return [
        task.draw(np.random.default_rng((seed, number)), count, part)
        for number, (task, count, part) in enumerate(wanted, start=2)
    ]


def ways(
    full: float,
    head: float,
    embeddings: float,
    gradual: float,
    discriminative: float,
    lora: float,
    from_nothing: float,
    adapt: str,
) -> dict[str, Callable[[dict, int], dict]]:
    """Write every way down with its rate; the adapters, on the projections `adapt`, share one for all ranks."""
    return {
        "full": lambda params, epochs: methods.full(full, epochs),
        "head": lambda params, epochs: methods.head_only(params, head, epochs),
        "embeddings": lambda params, epochs: methods.embeddings_only(params, embeddings, epochs),
        "gradual": lambda params, epochs: methods.gradual_unfreezing(params, gradual, epochs),
        "discriminative": lambda params, epochs: methods.discriminative_rates(discriminative, epochs),
        **{f"lora_{r}": lambda params, epochs, r=r: methods.lora(r, lora, epochs, adapt) for r in RANKS},
        FROM_NOTHING: lambda params, epochs: methods.full(from_nothing, epochs),
    }
