"""What a training run is made of, written down once: a notebook, a bench and a test then train the very same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, ModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model
from lesson.models.objectives import classifier_objective, language_model_objective, seq2seq_objective
from lesson.models.seq2seq import init_seq2seq
from lesson.recipes.judges import continuations_right, labels_right, writings_right
from lesson.tasks import Examples, Task
from lesson.training import Optimiser, Report, TrainingState, adamw, begin, train, train_steps
from lesson.training.gradients import Objective
from lesson.training.schedules import Schedule


class Kind(NamedTuple):
    """What training needs to know of a kind of model: how it starts, what it minimises, how it is judged."""

    init: Callable
    objective: Callable
    judge: Callable


KINDS = {
    Seq2SeqConfig: Kind(init_seq2seq, seq2seq_objective, writings_right),
    LanguageModelConfig: Kind(init_language_model, language_model_objective, continuations_right),
    ClassifierConfig: Kind(init_classifier, classifier_objective, labels_right),
}


@dataclass(frozen=True)
class Recipe:
    """A task, a model, and how the one learns the other.

    start: the state before the first step   schedule: the rate at each step, as the optimiser has it
    draw(rng, step) -> batch   held_out: questions that training never asks, with their answers
    evaluate(params) -> share of the held-out questions that is answered right
    """

    task: Task
    config: ModelConfig
    start: TrainingState
    objective: Objective
    draw: Callable
    schedule: Schedule
    optimiser: Optimiser
    largest_norm: float
    steps: int
    held_out: Examples
    evaluate: Callable[[dict], float]

    @property
    def params(self) -> dict:
        """The parameters before the first step."""
        return self.start.params

    def train_steps(self, **settings) -> Iterator[Report]:
        """Do one step each time the next report is asked for; settings as in `training.train_steps`."""
        settings = {"largest_norm": self.largest_norm} | settings
        return train_steps(self.objective, self.draw, self.optimiser, self.start, self.steps, **settings)

    def train(self, on_step: Callable[[Report], object] = lambda report: False, **settings) -> TrainingState:
        """Do all steps and return the last state; on_step and settings as in `training.train`."""
        settings = {"largest_norm": self.largest_norm} | settings
        return train(self.objective, self.draw, self.optimiser, self.start, self.steps, on_step, **settings)


def make_recipe(
    seed: int,
    task: Task,
    config: ModelConfig,
    schedule: Schedule,
    steps: int,
    batch: int,
    largest_norm: float = 1.0,
    questions: int = 1000,
) -> Recipe:
    """Write down a run by Adam, with the moments of Vaswani et al. 2017 (section 5.3), from a seed that settles all.

    batch: examples a step   questions: how many to judge by   Raises ValueError for a kind of model without a judge.
    """
    if type(config) not in KINDS:
        wanted = ", ".join(kind.__name__ for kind in KINDS)
        raise ValueError(f"wanted one of {wanted}, got {type(config).__name__}")
    init, make_objective, judge = KINDS[type(config)]
    rng = np.random.default_rng(seed)
    params = init(rng, config)
    optimiser = adamw(schedule, decay=0.0, keep=(0.9, 0.98))
    # A generator of its own: the questions stay the same when the model changes.
    held_out = task.draw(np.random.default_rng((seed, 1)), questions, "test")
    return Recipe(
        task=task,
        config=config,
        start=begin(params, optimiser, rng),
        objective=make_objective(config),
        draw=task.batches(batch),
        schedule=schedule,
        optimiser=optimiser,
        largest_norm=largest_norm,
        steps=steps,
        held_out=held_out,
        evaluate=lambda params: judge(params, config, held_out),
    )
