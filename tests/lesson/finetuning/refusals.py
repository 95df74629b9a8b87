"""Runs that are made to be refused, and how a refusal reads: one sentence on one line."""

import re

import pytest
from finetuning_samples import sample

from lesson.finetuning.run import FineTuning

GOOD = {"phase": 1, "learning_rate": 0.1}


def run_with(playbook=None, name="classifier", examples=None, **settings):
    params, config, own = sample(name)
    playbook = {"discriminative_lrs": [GOOD], "epochs": 1} if playbook is None else playbook
    return FineTuning(playbook, settings.pop("params", params), config, examples or own, own, **settings)


def refused(message):
    return pytest.raises(ValueError, match=re.compile(rf"^[^\n]*{re.escape(message)}[^\n]*$"))
