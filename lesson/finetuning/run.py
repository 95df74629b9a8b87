"""A playbook, executed: phase after phase, each from the best weights of the one before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.finetuning.examples import require_examples, require_params
from lesson.finetuning.moving import Moving, moving_part, of_moving, optimiser_for
from lesson.finetuning.plan import Phase, Plan, read_playbook
from lesson.models.config import ModelConfig
from lesson.recipes.recipe import KINDS
from lesson.tasks import Examples
from lesson.training import Report, TrainingState, accumulated, begin, shuffled, split_batch, train_steps


class FineTuningState(NamedTuple):
    """Where a run stands: the phase, from 1; all parameters when it began; the training of what it moves since."""

    phase: int
    base: dict
    training: TrainingState


class Progress(NamedTuple):
    """One step done: of which phase and epoch, counted from 1; the score, if the epoch ended, is in the report."""

    phase: int
    epoch: int
    report: Report
    state: FineTuningState


@dataclass(frozen=True, eq=False)
class FineTuning:
    """A playbook, a model, and what it is taught and judged by; everything is checked before the first step.

    playbook: see `read_playbook`   params, config: the trained model   examples: to learn from
    held_out: to score by, after each epoch   batch: examples a pass; a step takes as many passes as the playbook
    accumulates   seed: settles all   largest_norm: gradients are clipped to it
    Raises ValueError, in one sentence, for a playbook, model or examples that do not fit one another.
    """

    playbook: dict
    params: dict = field(repr=False)
    config: ModelConfig
    examples: Examples = field(repr=False)
    held_out: Examples = field(repr=False)
    batch: int = 16
    seed: int = 0
    largest_norm: float = 1.0

    def __post_init__(self):
        for name, least in (("batch", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name}: wanted a whole number of at least {least}, got {value!r}")
        norm = self.largest_norm
        if not isinstance(norm, Real) or isinstance(norm, bool) or not norm > 0:
            raise ValueError(f"largest_norm: wanted a number above 0, got {self.largest_norm!r}")
        require_params(self.params, self.config)
        for name in ("examples", "held_out"):
            _require_arrays(name, getattr(self, name))
            require_examples(name, getattr(self, name), self.config)
            if not (getattr(self, name).source != self.config.pad).any():
                raise ValueError(f"{name}: wanted texts with a token at least, got padding alone")
        # Counting finds every phase's parameters: so names and ranks that cannot be are met now, not in phase three.
        self.count_trainable()

    @cached_property
    def plan(self) -> Plan:
        """The playbook, read."""
        return read_playbook(self.playbook)

    @property
    def steps_an_epoch(self) -> int:
        """How many steps go through all examples once; the last of them may see fewer."""
        return -(-len(self.examples.source) // (self.batch * self.plan.accumulation))

    def count_trainable(self) -> list[tuple[int, int]]:
        """Count, for each phase, the numbers that move and all there are, those of an adapter included."""
        counts = []
        for phase in self.plan.phases:
            moved = moving_part(self.params, phase).start(self._rng(phase))
            count = tree.count(moved)
            counts.append((count, tree.count(self.params) + (count if phase.adapter else 0)))
        return counts

    def evaluate(self, params: dict) -> float:
        """Give the share of the held-out questions that a model answers right."""
        return KINDS[type(self.config)].judge(params, self.config, self.held_out)

    def start(self) -> FineTuningState:
        """Make the state before the first step; the model as it came is the first to be the best so far."""
        return self._enter(self.plan.phases[0], self.params, self.evaluate(self.params))

    def steps(self, state: FineTuningState | None = None) -> Iterator[Progress]:
        """Do one step each time the next is asked for, from the start or from any state that a step reported."""
        state = self.start() if state is None else state
        while True:
            for report in self._steps_of_phase(state):
                state = state._replace(training=report.state)
                yield Progress(state.phase, -(-report.step // self.steps_an_epoch), report, state)
                if self._is_over(state):
                    break
            if state.phase == len(self.plan.phases):
                return
            state = self._enter(self.plan.phases[state.phase], self.best(state), state.training.best_score)

    def train(
        self,
        state: FineTuningState | None = None,
        on_step: Callable[[Progress], object] = lambda progress: False,
    ) -> FineTuningState:
        """Run to the end and return the last state; `on_step` stops it by answering True, and so does Ctrl-C."""
        state = self.start() if state is None else state
        try:
            for progress in self.steps(state):
                state = progress.state
                if on_step(progress):
                    break
        except KeyboardInterrupt:
            pass
        return state

    def best(self, state: FineTuningState) -> dict:
        """Give the parameters that scored highest so far, an adapter merged; without it, they are `state.base`."""
        return self._moving_at(state).assemble(state.training.best_params)

    def latest(self, state: FineTuningState) -> dict:
        """Give the parameters as the last step left them, an adapter merged."""
        return self._moving_at(state).assemble(state.training.params)

    def _steps_of_phase(self, state: FineTuningState) -> Iterator[Report]:
        if self._is_over(state):
            return iter(())
        moving, accumulation = self._moving_at(state), self.plan.accumulation
        phase = self.plan.phases[state.phase - 1]
        objective = accumulated(of_moving(KINDS[type(self.config)].objective(self.config), moving))
        whole = shuffled(self.examples, self.batch * accumulation, self.seed)

        def draw(rng, step):
            batch = whole(rng, step)
            return split_batch(batch, min(accumulation, len(batch[0])))

        return train_steps(
            objective,
            draw,
            optimiser_for(state.base, state.training.params, phase, self.plan.weight_decay),
            state.training,
            until=phase.epochs * self.steps_an_epoch,
            largest_norm=self.largest_norm,
            evaluate=lambda moved: self.evaluate(moving.assemble(moved)),
            every=self.steps_an_epoch,
        )

    def _is_over(self, state: FineTuningState) -> bool:
        step, best_step = state.training.step, state.training.best_step
        patience = np.inf if self.plan.patience is None else self.plan.patience
        planned = self.plan.phases[state.phase - 1].epochs
        return step >= planned * self.steps_an_epoch or step - best_step >= patience * self.steps_an_epoch

    def _enter(self, phase: Phase, base: dict, score: float) -> FineTuningState:
        rng = self._rng(phase)
        moved = moving_part(base, phase).start(rng)
        training = begin(moved, optimiser_for(base, moved, phase, self.plan.weight_decay), rng)
        return FineTuningState(phase.number, base, training._replace(best_score=score))

    def _moving_at(self, state: FineTuningState) -> Moving:
        return moving_part(state.base, self.plan.phases[state.phase - 1])

    def _rng(self, phase: Phase) -> np.random.Generator:
        return np.random.default_rng((self.seed, phase.number))


def _require_arrays(name: str, examples: Examples) -> None:
    """Raise ValueError unless these are two arrays under the names that all else looks for."""
    if not isinstance(examples, Examples) or not all(isinstance(each, np.ndarray) for each in examples):
        kinds = (
            [type(each).__name__ for each in examples] if isinstance(examples, Examples) else type(examples).__name__
        )
        raise ValueError(f"{name}: wanted Examples(source, target) of two arrays, got {kinds}")
