"""The training loop: a generator that does one step each time it is asked, and says what came of it.

A notebook prints from it, a widget drives it between two clicks, `train` runs it to the end. All that training knows is
in the `TrainingState` that each report carries; nothing is held elsewhere, so any of them can be saved and taken up.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from lesson import tree
from lesson.training.gradients import Objective, clip
from lesson.training.optimisers import Optimiser

GENERATORS = {"PCG64": np.random.PCG64, "PCG64DXSM": np.random.PCG64DXSM}


class TrainingState(NamedTuple):
    """Where training stands after `step` steps: everything that the next step depends on, and the best so far."""

    step: int
    params: dict
    optimiser_state: dict
    rng_state: dict
    best_params: dict
    best_score: float
    best_step: int


class Report(NamedTuple):
    """What one step came to. The loss and the gradients' norm (before clipping) are those before the update.

    The score is what `evaluate` said of the updated weights, None where it was not asked.
    """

    step: int
    loss: float
    gradient_norm: float
    score: float | None
    state: TrainingState


class NotFinite(ArithmeticError):
    """Training met a loss or gradient that is no finite number; `state` is as it was before that step."""

    def __init__(self, message: str, step: int, path: str, state: TrainingState):
        super().__init__(message)
        self.step, self.path, self.state = step, path, state


def begin(params: dict, optimiser: Optimiser, rng: np.random.Generator) -> TrainingState:
    """Make the state before the first step; raises ValueError for a generator whose state cannot be saved as text."""
    name = rng.bit_generator.state["bit_generator"]
    if name not in GENERATORS:
        raise ValueError(
            f"wanted a generator of {', '.join(GENERATORS)}, as numpy.random.default_rng gives, got {name}"
        )
    return TrainingState(0, params, optimiser.init(params), rng.bit_generator.state, params, -np.inf, 0)


def train_steps(
    objective: Objective,
    draw: Callable,
    optimiser: Optimiser,
    state: TrainingState,
    until: int,
    largest_norm: float = np.inf,
    evaluate: Callable[[dict], float] | None = None,
    every: int = 50,
) -> Iterator[Report]:
    """Train from a state until so many steps have been done in all, yielding a report after each.

    objective(params, batch, rng) -> (loss, grads, kept)   draw(rng, step) -> batch   evaluate(params) -> score
    Gradients are clipped to `largest_norm`. The best weights are those that `evaluate` scored highest, `every` so many
    steps and at the last; without it, those with the lowest loss on their batch.
    Raises NotFinite, naming the step and a parameter, when a loss or gradient is not finite.
    """
    if every < 1:
        raise ValueError(f"wanted every of 1 or more, got {every}")
    rng = _generator(state.rng_state)
    while state.step < until:
        step = state.step + 1
        loss, grads, _ = objective(state.params, draw(rng, step), rng)
        grads, length = clip(grads, largest_norm)
        if not (np.isfinite(loss) and np.isfinite(length)):
            raise _not_finite(step, float(loss), grads, state)
        params, optimiser_state = optimiser.update(grads, state.optimiser_state, state.params)
        if evaluate is None:
            score, best = None, _better(state, -float(loss), state.params, state.step)
        elif step % every == 0 or step == until:
            score = float(evaluate(params))
            best = _better(state, score, params, step)
        else:
            score, best = None, state[-3:]
        state = TrainingState(step, params, optimiser_state, rng.bit_generator.state, *best)
        yield Report(step, float(loss), length, score, state)


def train(
    objective: Objective,
    draw: Callable,
    optimiser: Optimiser,
    state: TrainingState,
    until: int,
    on_step: Callable[[Report], object] = lambda report: False,
    **settings,
) -> TrainingState:
    """Run `train_steps`, with its arguments and settings, to the end, and return the last state.

    `on_step` is told every report, and stops training by answering True; an interrupt (Ctrl-C) stops it likewise.
    """
    try:
        for report in train_steps(objective, draw, optimiser, state, until, **settings):
            state = report.state
            if on_step(report):
                break
    except KeyboardInterrupt:
        pass
    return state


def _better(state: TrainingState, score: float, params: dict, step: int) -> tuple[dict, float, int]:
    return (params, score, step) if score > state.best_score else state[-3:]


def _generator(rng_state: dict) -> np.random.Generator:
    bits = GENERATORS[rng_state["bit_generator"]](0)
    bits.state = rng_state
    return np.random.Generator(bits)


def _not_finite(step: int, loss: float, grads: dict, state: TrainingState) -> NotFinite:
    for what, values in (("weights", state.params), ("gradient", grads)):
        for path, leaf in tree.flatten(values).items():
            if not np.isfinite(leaf).all():
                cause = f"the {what} of {path!r} hold{'' if what == 'weights' else 's'} a number that is not finite"
                return NotFinite(_sentence(step, loss, cause), step, path, state)
    sizes = {path: float(np.abs(leaf).max(initial=0)) for path, leaf in tree.flatten(grads).items()}
    path = max(sizes, key=sizes.get)
    return NotFinite(_sentence(step, loss, f"the largest gradient is that of {path!r}"), step, path, state)


def _sentence(step: int, loss: float, cause: str) -> str:
    return f"training stopped at step {step}: the loss is {loss:.4g} and {cause}; the best weights so far are kept"
