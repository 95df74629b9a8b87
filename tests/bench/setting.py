"""What is measured: reversing eight digits, d = 32, 2 + 2 layers, 4 heads, a batch of 32, Adam; float64."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import textbook
from textbook_weights import build, parameters_of

from lesson.models.config import Seq2SeqConfig
from lesson.models.objectives import seq2seq_objective
from lesson.models.seq2seq import init_seq2seq, seq2seq
from lesson.tasks import reverse
from lesson.training import adam

RATE = 1e-3


class Setting(NamedTuple):
    """A model's config and first weights, and a batch for it."""

    config: Seq2SeqConfig
    params: dict
    source: np.ndarray
    target: np.ndarray


def draw_setting(batch: int = 32, length: int = 8, seed: int = 0) -> Setting:
    """Draw weights and a batch from a seed."""
    task, rng = reverse(length), np.random.default_rng(seed)
    config = Seq2SeqConfig(len(task.vocabulary))
    return Setting(config, init_seq2seq(rng, config), *task.draw(rng, batch))


def lesson_step(setting: Setting) -> Callable[[], float]:
    """Make the package's training step: forward, loss, backward, Adam. It gives the loss."""
    objective, optimiser = seq2seq_objective(setting.config), adam(RATE)
    params, state = setting.params, optimiser.init(setting.params)

    def step():
        nonlocal params, state
        loss, grads, _ = objective(params, (setting.source, setting.target))
        params, state = optimiser.update(grads, state, params)
        return loss

    return step


def textbook_step(setting: Setting) -> Callable[[], float]:
    """Make the same step the textbook way."""
    model = build(setting.params, setting.config.num_heads)
    optimiser = textbook.Adam(parameters_of(model), RATE)

    def step():
        loss = model.loss_and_gradients(setting.source, setting.target)
        optimiser.update()
        return loss

    return step


def lesson_forward(setting: Setting) -> Callable[[], np.ndarray]:
    """Make the package's forward pass, which gives the logits after every token of the target."""
    target = setting.target[:, :-1]
    return lambda: seq2seq(setting.params, setting.source, target, setting.config)[0]


def textbook_forward(setting: Setting) -> Callable[[], np.ndarray]:
    """Make the same pass the textbook way."""
    model, target = build(setting.params, setting.config.num_heads), setting.target[:, :-1]
    return lambda: model.forward(setting.source, target)
