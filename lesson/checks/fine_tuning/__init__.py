"""The exercises of "The fine-tuning playbook": right answers, inputs, and the mistakes people really make."""

from lesson.checks.fine_tuning.adapters import lora, merge
from lesson.checks.fine_tuning.plan import decays, frozen_step
from lesson.checks.fine_tuning.rates import layer_rates
from lesson.checks.fine_tuning.running import accumulate, stopped
from lesson.checks.fine_tuning.starting import init_lora

__all__ = [
    "accumulate",
    "decays",
    "frozen_step",
    "init_lora",
    "layer_rates",
    "lora",
    "merge",
    "stopped",
]
