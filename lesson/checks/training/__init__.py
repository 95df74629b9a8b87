"""The exercises of "Train an encoder-decoder": right answers, inputs, and the mistakes people really make."""

from lesson.checks.training.adam import adam_step, decayed
from lesson.checks.training.asking import cross_attention, teacher_forcing
from lesson.checks.training.pace import clip, rate
from lesson.checks.training.surprise import loss, smooth

__all__ = [
    "adam_step",
    "clip",
    "cross_attention",
    "decayed",
    "loss",
    "rate",
    "smooth",
    "teacher_forcing",
]
