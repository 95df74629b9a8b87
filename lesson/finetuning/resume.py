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
from lesson.training.loop import GENERATORS

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
    try:
        return _read_state(os.fspath(path), saved, header, run)
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{path}: wanted a whole state of fine-tuning, got one without its form: {problem}") from None


def load_model(path: str | os.PathLike, config: ModelConfig) -> dict:
    """Read a trained model to start from.

    Raises ValueError when the file is damaged, not of this config's form, or says that it is another config's.
    """
    params, header = load_checkpoint(path, like=fresh_params(np.random.default_rng(0), config))
    for name, value in asdict(config).items():
        # Dropout is no part of what was learned.
        if name != "dropout" and header.get(name, value) != value:
            raise ValueError(f"{path}: wanted a model of {name} {value!r}, got one of {header[name]!r}")
    _require_finite(os.fspath(path), params)
    require_params(params, config)
    return params


def _read_state(path: str, saved: dict, header: dict, run: FineTuning) -> FineTuningState:
    for name, value in _identity(run).items():
        if header["run"].get(name) != value:
            raise ValueError(f"{path}: wanted a state of this run, got one of a run with another {name}")
    if header["phase"] not in range(1, len(run.plan.phases) + 1):
        raise ValueError(f"{path}: wanted a phase from 1 to {len(run.plan.phases)}, got {header['phase']!r}")
    phase = run.plan.phases[header["phase"] - 1]
    require_same_form(tree.flatten(run.params), tree.flatten(saved["base"]), path)
    _require_finite(path, saved)
    rng = np.random.default_rng(0)
    moved = moving_part(saved["base"], phase).start(rng)
    like = begin(moved, optimiser_for(saved["base"], moved, phase, run.plan.weight_decay), rng)
    training = training_from(saved["training"], header["rng_state"], path, like)
    # NumPy refuses a state that is not whole.
    GENERATORS[header["rng_state"]["bit_generator"]](0).state = header["rng_state"]
    planned = phase.epochs * run.steps_an_epoch
    if not 0 <= training.best_step <= training.step <= planned:
        raise ValueError(f"{path}: wanted a step from 0 to {planned} and the best one before it, got {training.step}")
    return FineTuningState(phase.number, saved["base"], training)


def _require_finite(path: str, params: dict) -> None:
    """Raise ValueError naming the first leaf with a number that is none; no score yet is minus infinity."""
    for name, leaf in tree.flatten(params).items():
        if not np.isfinite(leaf).all() and name != "training/numbers/best_score":
            raise ValueError(f"{path}: wanted finite numbers at {name!r}, got others")


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
