"""What cannot be is refused in one sentence, before any training starts."""

import numpy as np
import pytest
from finetuning_samples import CONFIGS, sample
from refusals import GOOD, refused, run_with

from lesson import fine_tuning_playbook
from lesson.finetuning.plan import read_playbook
from lesson.finetuning.run import FineTuning
from lesson.tasks import Examples

PHASES = [
    ([{"phase": 2, "learning_rate": 0.1}], "wanted phases in order, 1, 2, ..., got phase 2 where 1 should stand"),
    ([GOOD, GOOD], "got phase 1 where 2 should stand"),
    ([GOOD | {"phase": 2}, GOOD], "got phase 2 where 1 should stand"),
    ([GOOD | {"phase": True}], "got phase True where 1 should stand"),
    ([GOOD | {"phase": 1.0}], "got phase 1.0 where 1 should stand"),
    ([GOOD | {"phase": np.array([1, 2])}], "got phase array([1, 2]) where 1 should stand"),
    ([], "discriminative_lrs: wanted a list of phases, at least one, got []"),
    ("LoRA", "discriminative_lrs: wanted a list of phases, at least one, got 'LoRA'"),
    (["LoRA"], "phase 1: wanted a dictionary, got 'LoRA'"),
    ([{"phase": 1}], "phase 1: wanted the key 'learning_rate', got phase"),
    ([GOOD | {"freeze": "encoder"}], "got 'freeze'"),
    ([GOOD | {"frozen_layers": "encoder", "adapter": "LoRA rank=1"}], "wanted frozen_layers or an adapter, got both"),
    ([GOOD | {"layer_decay": 1.5}], "layer_decay: wanted a finite number above 0 and of at most 1, got 1.5"),
    ([GOOD | {"layer_decay": 0}], "layer_decay: wanted a finite number above 0 and of at most 1, got 0"),
    ([GOOD | {"epochs": 0}], "phase 1: epochs: wanted a whole number of at least 1, got 0"),
    ([GOOD | {"adapter": "LoRA rank=0"}], "phase 1: rank: wanted a whole number of at least 1, got 0"),
    ([GOOD | {"adapter": "LoRA rank=7"}], "rank: wanted a whole number from 1 to 6"),
    ([GOOD, GOOD | {"phase": 2, "adapter": "LoRA rank=7"}], "rank: wanted a whole number from 1 to 6"),
    ([GOOD | {"adapter": "LoRA rank=2 on querry"}], "got 'querry'"),
    ([GOOD | {"adapter": "LoRA rank=2 alpha=0"}], "alpha: wanted a finite number above 0, got 0.0"),
    (
        [GOOD | {"adapter": "adapter of 4"}],
        "wanted an adapter such as 'LoRA rank=4 on query+value', got 'adapter of 4'",
    ),
    ([GOOD | {"adapter": 4}], "wanted an adapter such as 'LoRA rank=4 on query+value', got 4"),
    ([GOOD | {"frozen_layers": "encoder[:9]"}], "got encoder[:9]"),
    ([GOOD | {"frozen_layers": "encoder[-1:]"}], "encoder has the layers 0 to 1: wanted some of them"),
    ([GOOD | {"frozen_layers": "encoder[1:1]"}], "got encoder[1:1]"),
    ([GOOD | {"frozen_layers": "head[0]"}], "wanted layers of encoder or decoder only, got 'head[0]'"),
    ([GOOD | {"frozen_layers": "+"}], "got an empty one in '+'"),
    ([GOOD | {"frozen_layers": 3}], "wanted parts as text, such as 'embeddings+encoder[:2]', got 3"),
    ([GOOD | {"adapter": "LoRA rank=-1"}], "got 'LoRA rank=-1'"),
    ([GOOD | {"frozen_layers": "decoder"}], "one of embeddings, encoder, head, got 'decoder'"),
    ([GOOD | {"frozen_layers": "embeddings+encoder+head"}], "wanted something left to train"),
]


@pytest.mark.parametrize(("phases", "message"), PHASES)
def test_phases_that_cannot_be(phases, message):
    with refused(message):
        run_with({"discriminative_lrs": phases})


@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf"), 10**400, "0.1", None, True, 1j])
def test_rates_that_cannot_be(rate):
    with refused(f"phase 1: learning_rate: wanted a finite number above 0, got {rate!r}"):
        run_with({"discriminative_lrs": [GOOD | {"learning_rate": rate}]})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"epochs": 0}, "epochs: wanted a whole number of at least 1, got 0"),
        ({"weight_decay": -0.1}, "weight_decay: wanted a finite number of at least 0, got -0.1"),
        ({"weight_decay": float("nan")}, "weight_decay: wanted a finite number of at least 0, got nan"),
        ({"gradient_accumulation_steps": 0}, "gradient_accumulation_steps: wanted a whole number of at least 1, got 0"),
        ({"patience": 1.5}, "patience: wanted a whole number of at least 1, got 1.5"),
        ({"evaluation_strategy": "steps"}, "evaluation_strategy: wanted 'epoch', got 'steps'"),
        ({"lr": 0.1}, "got 'lr'"),
        ({"model": 4}, "model: wanted the name of a model, got 4"),
    ],
)
def test_playbooks_that_cannot_be(setting, message):
    assert read_playbook(fine_tuning_playbook()).accumulation == 2
    with refused(message):
        run_with(fine_tuning_playbook() | setting)


def test_no_playbook_at_all():
    for nothing in ({}, {"epochs": 3}):
        with refused("playbook: wanted the key 'discriminative_lrs', got"):
            run_with(nothing)
    with refused("playbook: wanted a dictionary, got 'fast'"):
        run_with("fast")


@pytest.mark.parametrize("name", CONFIGS)
def test_an_empty_data_set(name):
    _, config, own = sample(name)
    empty = Examples(*(array[:0] for array in own))
    with refused("examples: wanted examples, at least one, got 0 sources and 0 targets"):
        run_with(name=name, examples=empty)
    params, _, _ = sample(name)
    with refused("held_out: wanted examples, at least one"):
        FineTuning({"discriminative_lrs": [GOOD]}, params, config, own, empty)


@pytest.mark.parametrize(
    ("name", "source", "target", "message"),
    [
        ("classifier", [[1, 2]], [3], "examples: wanted labels from 0 to 2, got 3"),
        ("classifier", [[1, 2]], [-1], "examples: wanted labels from 0 to 2, got -1"),
        ("classifier", [[1, 2]], [0.5], "examples: wanted labels as whole numbers, got float64"),
        ("classifier", [[1, 2]], [[1]], "examples: wanted one label for each source, got an array of shape (1, 1)"),
        ("classifier", [[1, 2]], [1, 2], "got 1 sources and 2 targets"),
        ("classifier", [[1, 11]], [1], "examples: source: wanted token ids from 0 to 10, got 11"),
        ("classifier", 1, 1, "examples: source: wanted token ids in an array B x T, got shape ()"),
        ("classifier", [1], [1], "examples: source: wanted token ids in an array B x T, got shape (1,)"),
        ("classifier", [[1] * 10], [1], "wanted at most 9 tokens, for which there are positions, got 10"),
        ("seq2seq", [[1, 2]], [[1, -2, 2]], "examples: target: wanted token ids from 0 to 10, got -2"),
        ("seq2seq", [[1, 2]], [[1, 2, 11]], "examples: target: wanted token ids from 0 to 10, got 11"),
        ("seq2seq", [[1, 2], [1, 2]], [[1, 2], [1, 0]], "wanted a token to say in each target, got none in number 1"),
        ("language_model", [[1, 2]], [[1, 2, 3]], "wanted a target for each token, got shapes (1, 2) and (1, 3)"),
    ],
)
def test_examples_that_do_not_fit_the_model(name, source, target, message):
    with refused(message):
        run_with(name=name, examples=Examples(np.array(source), np.array(target)))


@pytest.mark.parametrize("name", ["examples", "held_out"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Examples([[1, 2]], [1]), "wanted Examples(source, target) of two arrays, got ['list', 'list']"),
        ((np.array([[1, 2]]), np.array([1])), "wanted Examples(source, target) of two arrays, got tuple"),
        (None, "wanted Examples(source, target) of two arrays, got NoneType"),
        (Examples(np.zeros((3, 2), int), np.array([1, 0, 1])), "wanted texts with a token at least, got padding alone"),
        (Examples(np.zeros((3, 0), int), np.array([1, 0, 1])), "wanted texts with a token at least, got padding alone"),
    ],
)
def test_examples_that_hold_nothing_to_read(name, given, message):
    params, config, own = sample("classifier")
    both = {"examples": own, "held_out": own} | {name: given}
    with refused(f"{name}: {message}"):
        FineTuning({"discriminative_lrs": [GOOD]}, params, config, **both)


def test_what_is_said_last_needs_no_position():
    longest = Examples(np.ones((1, 9), int), np.ones((1, 10), int))
    assert run_with(name="seq2seq", examples=longest).train().training.step == 1


BAD_NORMS = (0, float("nan"), "1", None)


@pytest.mark.parametrize(
    "setting", [{"batch": 0}, {"batch": 2.0}, {"seed": -1}, *({"largest_norm": norm} for norm in BAD_NORMS)]
)
def test_settings_that_cannot_be(setting):
    with refused(f"{next(iter(setting))}: wanted a"):
        run_with(**setting)


def test_parameters_of_another_model_or_none():
    with refused("parameters: wanted shape (10, 6) for 'encoder/0/feed_forward/output/weight', got none"):
        params = sample("classifier")[0]
        del params["encoder"]["0"]["feed_forward"]["output"]["weight"]
        run_with(params=params)
    params = sample("classifier")[0]
    params["output"]["bias"][1] = np.nan
    with refused("parameters: wanted an array of finite numbers at 'output/bias'"):
        run_with(params=params)
    with refused("wanted the config of a model that can be trained, got int"):
        params, _, examples = sample("classifier")
        FineTuning({"discriminative_lrs": [GOOD]}, params, 7, examples, examples)
