"""A run put down and taken up again: the same weights come out, bit for bit, as if it had never been stopped."""

import json
import os
import zlib
from dataclasses import asdict

import numpy as np

from lesson import tree
from lesson.finetuning.examples import fresh_params, require_params
from lesson.finetuning.moving import moving_part, optimiser_for
from lesson.finetuning.run import FineTuning, FineTuningState
from lesson.models.config import ModelConfig
from lesson.training import begin, load_checkpoint, save_checkpoint
from lesson.training.checkpoints import training_arrays, training_from
from lesson.training.flat import require_same_form

_KIND = "fine-tuning"


def save_fine_tuning(path: str | os.PathLike, state: FineTuningState, run: FineTuning) -> None:
    """Write down where a run stands, and which run it is."""
    header = {"kind": _KIND, "phase": state.phase, "rng_state": state.training.rng_state, "run": _identity(run)}
    save_checkpoint(path, {"base": state.base, "training": training_arrays(state.training)}, header)


def load_fine_tuning(path: str | os.PathLike, run: FineTuning) -> FineTuningState:
    """Read what `save_fine_tuning` wrote of this very run, to go on with `run.steps(state)`.

    Raises ValueError, in one sentence, when the file is damaged, is something else, or belongs to a run that differs in
    its playbook, its model, its examples or a setting.
    """
    saved, header = load_checkpoint(path)
    if header.get("kind") != _KIND:
        raise ValueError(f"{path}: wanted a run of fine-tuning, got another kind of checkpoint")
    for name, value in _identity(run).items():
        if header["run"].get(name) != value:
            raise ValueError(f"{path}: wanted a state of this run, got one of a run with another {name}")
    require_same_form(tree.flatten(run.params), tree.flatten(saved["base"]), os.fspath(path))
    phase = run.plan.phases[header["phase"] - 1]
    rng = np.random.default_rng(0)
    moved = moving_part(saved["base"], phase).start(rng)
    like = begin(moved, optimiser_for(saved["base"], moved, phase, run.plan.weight_decay), rng)
    training = training_from(saved["training"], header["rng_state"], os.fspath(path), like)
    return FineTuningState(phase.number, saved["base"], training)


def load_model(path: str | os.PathLike, config: ModelConfig) -> dict:
    """Read a trained model to start from; raises ValueError when the file is damaged or not of this config's form."""
    params, _ = load_checkpoint(path, like=fresh_params(np.random.default_rng(0), config))
    require_params(params, config)
    return params


def _identity(run: FineTuning) -> dict:
    """Say what settles a run; arrays by their checksum."""
    identity = {
        "playbook": run.playbook,
        "config": {"kind": type(run.config).__name__, **asdict(run.config)},
        "parameters": _checksum(tree.flatten(run.params)),
        "examples": _checksum(run.examples._asdict()),
        "held_out": _checksum(run.held_out._asdict()),
        "batch": run.batch,
        "seed": run.seed,
        "largest_norm": str(run.largest_norm),
    }
    return json.loads(json.dumps(identity))


def _checksum(arrays: dict) -> int:
    total = 0
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total = zlib.crc32(f"{name} {array.dtype.str} {array.shape}".encode(), total)
        total = zlib.crc32(array.tobytes(), total)
    return total
