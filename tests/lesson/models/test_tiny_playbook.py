"""The playbook: the ancestor's plan, its rates in proportion, and every argument that cannot be."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson import fine_tuning_playbook

ANCESTOR = json.loads((Path(__file__).parents[1] / "data" / "ancestor_values.json").read_text(encoding="utf-8"))


def test_the_ancestors_plan():
    assert fine_tuning_playbook() == ANCESTOR["playbook"]


@given(st.text(min_size=1).filter(str.strip), st.floats(1e-300, 1e300), st.floats(0, 1e300), st.integers(1))
def test_arguments_arrive(base_model, lr, weight_decay, epochs):
    plan = fine_tuning_playbook(base_model, lr, weight_decay, epochs)
    assert (plan["model"], plan["weight_decay"], plan["epochs"]) == (base_model, weight_decay, epochs)
    rates = [phase["learning_rate"] / lr for phase in plan["discriminative_lrs"]]
    assert rates == pytest.approx([0.1, 1, 1.5])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"base_model": " "}, "base_model: wanted the name of a model, got ' '"),
        ({"base_model": None}, "base_model: wanted the name of a model, got None"),
        ({"lr": 0.0}, r"lr: wanted a finite number above 0, got 0\.0"),
        ({"lr": -1e-5}, "lr: wanted a finite number above 0, got -1e-05"),
        ({"lr": float("nan")}, "lr: wanted a finite number above 0, got nan"),
        ({"lr": float("inf")}, "lr: wanted a finite number above 0, got inf"),
        ({"lr": "2e-5"}, "lr: wanted a finite number above 0, got '2e-5'"),
        ({"lr": True}, "lr: wanted a finite number above 0, got True"),
        ({"weight_decay": -0.1}, r"weight_decay: wanted a finite number of at least 0, got -0\.1"),
        ({"epochs": 0}, "epochs: wanted a whole number of at least 1, got 0"),
        ({"epochs": 2.5}, r"epochs: wanted a whole number of at least 1, got 2\.5"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        fine_tuning_playbook(**arguments)
