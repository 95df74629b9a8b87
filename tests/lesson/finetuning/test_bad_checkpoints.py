"""A damaged or foreign file is refused in one sentence, before any training starts."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from finetuning_samples import sample
from refusals import GOOD, refused, run_with

from lesson import tree
from lesson.finetuning import resume
from lesson.finetuning.resume import load_fine_tuning, load_model, save_fine_tuning
from lesson.tasks import Examples
from lesson.training import begin, save_checkpoint, save_training, sgd
from lesson.training.checkpoints import training_arrays


def test_a_damaged_or_foreign_model(tmp_path):
    params, config, _ = sample("classifier")
    path = tmp_path / "model.npz"
    save_checkpoint(path, params)
    assert np.array_equal(load_model(path, config)["output"]["weight"], params["output"]["weight"])
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-1], b"", b"weights\n", whole[:900] + bytes(8) + whole[908:]):
        path.write_bytes(damaged)
        with refused("model.npz: no checkpoint, or damaged"):
            load_model(path, config)
    np.savez(path, weight=np.ones((6, 6)))
    with refused("model.npz: wanted a lesson checkpoint, got an archive without its header"):
        load_model(path, config)
    save_checkpoint(path, sample("seq2seq")[0])
    with refused("model.npz: wanted none for 'decoder/0/attention/key/weight', got shape (6, 6)"):
        load_model(path, config)
    save_checkpoint(path, tree.map(lambda leaf: leaf * np.nan, params))
    with refused("model.npz: wanted finite numbers at 'encoder/embedding/token/weight', got others"):
        load_model(path, config)
    save_checkpoint(path, tree.map(lambda leaf: leaf.astype(int), params))
    with refused("parameters: wanted an array of finite numbers"):
        load_model(path, config)


def test_another_configs_model_whose_weights_would_fit(tmp_path):
    params, config, _ = sample("classifier")
    path = tmp_path / "model.npz"
    save_checkpoint(path, params, asdict(replace(config, num_heads=3)))
    with refused("model.npz: wanted a model of num_heads 2, got one of 3"):
        load_model(path, config)
    with refused("model.npz: wanted shape (12, 6) for 'encoder/embedding/token/weight', got shape (11, 6)"):
        load_model(path, replace(config, vocabulary=12))
    save_checkpoint(path, params, asdict(replace(config, dropout=0.5)))
    assert tree.count(load_model(path, config)) == tree.count(params)


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


def saved_parts(state, run):
    identity = resume._identity(run)
    header = {"kind": "fine-tuning", "phase": 1, "rng_state": state.training.rng_state, "run": identity}
    return header, {"base": state.base, "training": training_arrays(state.training)}


HEADERS = [
    ({"phase": 2}, "wanted a phase from 1 to 1, got 2"),
    ({"phase": "x"}, "wanted a phase from 1 to 1, got 'x'"),
    ({"run": 3}, "wanted a whole state of fine-tuning"),
    ({"rng_state": {}}, "wanted a training state, got a checkpoint without one"),
    ({"rng_state": {"bit_generator": "PCG64"}}, "wanted a whole state of fine-tuning"),
]


@pytest.mark.parametrize(("change", "message"), HEADERS)
def test_a_state_that_says_odd_things_of_itself(tmp_path, change, message):
    path, run = tmp_path / "run.npz", run_with()
    header, arrays = saved_parts(run.start(), run)
    save_checkpoint(path, arrays, header)
    assert load_fine_tuning(path, run).training.step == 0
    save_checkpoint(path, arrays, header | change)
    with refused(f"run.npz: {message}"):
        load_fine_tuning(path, run)


ARRAYS = [
    ("base/output/bias", np.array([1.0, np.nan, 2.0]), "wanted finite numbers at 'base/output/bias', got others"),
    ("training/params/output/bias", np.full(3, np.inf), "wanted finite numbers at 'training/params/output/bias'"),
    ("training/numbers/step", np.array(np.nan), "wanted finite numbers at 'training/numbers/step'"),
    ("training/numbers/step", np.array(-5.0), "wanted a step from 0 to 1 and the best one before it, got -5"),
    ("training/numbers/step", np.array(2.0), "wanted a step from 0 to 1 and the best one before it, got 2"),
    ("training/numbers/step", np.ones(3), "wanted a whole state of fine-tuning"),
    ("training/numbers/step", None, "wanted a whole state of fine-tuning"),
    ("base/output/bias", None, "wanted shape (3,) for 'output/bias', got none"),
]


@pytest.mark.parametrize(("name", "array", "message"), ARRAYS)
def test_a_state_with_odd_numbers(tmp_path, name, array, message):
    path, run = tmp_path / "run.npz", run_with()
    header, arrays = saved_parts(run.start(), run)
    leaves = tree.flatten(arrays)
    assert name in leaves
    leaves = {key: leaf for key, leaf in leaves.items() if key != name} | ({} if array is None else {name: array})
    save_checkpoint(path, tree.unflatten(leaves), header)
    with refused(f"run.npz: {message}"):
        load_fine_tuning(path, run)
