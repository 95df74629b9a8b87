"""What cannot be is refused in one sentence, before any training starts."""

import re

import numpy as np
import pytest
from finetuning_samples import CONFIGS, sample

from lesson import fine_tuning_playbook, tree
from lesson.finetuning.plan import read_playbook
from lesson.finetuning.resume import load_fine_tuning, load_model, save_fine_tuning
from lesson.finetuning.run import FineTuning
from lesson.tasks import Examples
from lesson.training import begin, save_checkpoint, save_training, sgd

GOOD = {"phase": 1, "learning_rate": 0.1}


def run_with(playbook=None, name="classifier", examples=None, **settings):
    params, config, own = sample(name)
    playbook = {"discriminative_lrs": [GOOD], "epochs": 1} if playbook is None else playbook
    return FineTuning(playbook, settings.pop("params", params), config, examples or own, own, **settings)


def refused(message):
    return pytest.raises(ValueError, match=re.compile(rf"^[^\n]*{re.escape(message)}[^\n]*$"))


PHASES = [
    ([{"phase": 2, "learning_rate": 0.1}], "wanted phases in order, 1, 2, ..., got phase 2 where 1 should stand"),
    ([GOOD, GOOD], "got phase 1 where 2 should stand"),
    ([GOOD | {"phase": 2}, GOOD], "got phase 2 where 1 should stand"),
    ([GOOD | {"phase": True}], "got phase True where 1 should stand"),
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
    ([GOOD | {"frozen_layers": "decoder"}], "one of embeddings, encoder, head, got 'decoder'"),
    ([GOOD | {"frozen_layers": "embeddings+encoder+head"}], "wanted something left to train"),
]


@pytest.mark.parametrize(("phases", "message"), PHASES)
def test_phases_that_cannot_be(phases, message):
    with refused(message):
        run_with({"discriminative_lrs": phases})


@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf"), "0.1", None, True])
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


def test_what_is_said_last_needs_no_position():
    longest = Examples(np.ones((1, 9), int), np.ones((1, 10), int))
    assert run_with(name="seq2seq", examples=longest).train().training.step == 1


@pytest.mark.parametrize("setting", [{"batch": 0}, {"batch": 2.0}, {"seed": -1}, {"largest_norm": 0}])
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


def test_a_damaged_or_foreign_model(tmp_path):
    params, config, _ = sample("classifier")
    path = tmp_path / "model.npz"
    save_checkpoint(path, params)
    assert np.array_equal(load_model(path, config)["output"]["weight"], params["output"]["weight"])
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"weights", whole[:900] + bytes(8) + whole[908:]):
        path.write_bytes(damaged)
        with refused("model.npz: "):
            load_model(path, config)
    save_checkpoint(path, sample("seq2seq")[0])
    with refused("model.npz: wanted none for 'decoder/0/attention/key/weight', got shape (6, 6)"):
        load_model(path, config)
    save_checkpoint(path, tree.map(lambda leaf: leaf * np.nan, params))
    with refused("parameters: wanted an array of finite numbers"):
        load_model(path, config)


def test_a_damaged_or_foreign_run(tmp_path):
    path, run = tmp_path / "run.npz", run_with()
    state = run.train(on_step=lambda progress: True)
    save_fine_tuning(path, state, run)
    assert load_fine_tuning(path, run).training.step == 1
    for name, other in {
        "playbook": run_with({"discriminative_lrs": [GOOD | {"learning_rate": 0.2}], "epochs": 1}),
        "config": run_with(name="seq2seq"),
        "parameters": run_with(params=tree.map(lambda leaf: 2 * leaf, run.params)),
        "examples": run_with(examples=Examples(run.examples.source, (run.examples.target + 1) % 3)),
        "batch": run_with(batch=2),
        "seed": run_with(seed=1),
        "largest_norm": run_with(largest_norm=np.inf),
    }.items():
        with refused(f"run.npz: wanted a state of this run, got one of a run with another {name}"):
            load_fine_tuning(path, other)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with refused("run.npz: no checkpoint, or damaged"):
        load_fine_tuning(path, run)
    save_training(path, begin(run.params, sgd(0.1), np.random.default_rng(0)))
    with refused("run.npz: wanted a run of fine-tuning, got another kind of checkpoint"):
        load_fine_tuning(path, run)
