"""Weights and settings in one plain .npz file, read back only when every name, shape and byte is right.

The file holds each leaf under "tree/" and its path, and a header: JSON, as bytes. There is no pickle in it: opening a
checkpoint runs nobody's code.
"""

import io
import json
import os

import numpy as np
from numpy.lib.npyio import NpzFile

from lesson import tree
from lesson.training.flat import fill, require_same_form
from lesson.training.loop import GENERATORS, TrainingState

FORMAT, VERSION = "lesson checkpoint", 1

_HEADER, _LEAVES = "header", "tree/"


def save_checkpoint(path: str | os.PathLike, params: dict, config: dict | None = None) -> None:
    """Write a tree of arrays and a config (anything JSON can say) to one file.

    The file appears whole or not at all, and the same content makes the same bytes. Raises ValueError when a leaf is
    no array of numbers or the config is not JSON.
    """
    leaves = {leaf_path: np.asarray(leaf) for leaf_path, leaf in tree.flatten(params).items()}
    for leaf_path, leaf in leaves.items():
        if leaf.dtype.kind not in "fiub":
            raise ValueError(f"wanted arrays of numbers, got {leaf.dtype} at {leaf_path!r}")
    forms = {leaf_path: [leaf.dtype.str, list(leaf.shape)] for leaf_path, leaf in leaves.items()}
    header = {"format": FORMAT, "version": VERSION, "config": config or {}, "leaves": forms}
    try:
        text = json.dumps(header, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"wanted a config that JSON can say: {problem}") from None
    arrays = {_LEAVES + leaf_path: leaf for leaf_path, leaf in leaves.items()}
    part = f"{os.fspath(path)}.part"
    try:
        with open(part, "wb") as file:
            np.savez(file, **{_HEADER: np.frombuffer(text.encode(), np.uint8)}, **arrays)
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


def load_checkpoint(path: str | os.PathLike, like: dict | None = None) -> tuple[dict, dict]:
    """Read what `save_checkpoint` wrote: (params, config).

    Give `like`, freshly made parameters of the model meant, to be sure that the file fits it. Raises ValueError, in one
    sentence, when the file is no checkpoint, is damaged, is of another version, or does not fit.
    """
    with open(path, "rb") as file:
        data = file.read()
    # Damaged bytes make zipfile and NumPy raise nearly anything.
    try:
        with NpzFile(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except Exception as problem:
        raise ValueError(f"{path}: no checkpoint, or damaged: {problem}") from None
    header = _read_header(path, arrays)
    leaves = {name.removeprefix(_LEAVES): leaf for name, leaf in arrays.items() if name.startswith(_LEAVES)}
    forms = {leaf_path: [leaf.dtype.str, list(leaf.shape)] for leaf_path, leaf in leaves.items()}
    if forms != header["leaves"]:
        odd = min(each for each in forms.keys() | header["leaves"] if forms.get(each) != header["leaves"].get(each))
        raise ValueError(f"{path}: damaged: {odd!r} is not as its header says")
    params = tree.unflatten(leaves)
    if like is None:
        return params, header["config"]
    require_same_form(tree.flatten(like), leaves, os.fspath(path))
    return fill(like, leaves), header["config"]


def save_training(path: str | os.PathLike, state: TrainingState, config: dict | None = None) -> None:
    """Write a whole training state, so that training can go on where it stood, bit for bit."""
    settings = {"training": True, "rng_state": state.rng_state, "config": config or {}}
    save_checkpoint(path, training_arrays(state), settings)


def load_training(path: str | os.PathLike, like: TrainingState | None = None) -> tuple[TrainingState, dict]:
    """Read what `save_training` wrote: (state, config).

    Give `like`, the state before the first step of the same model and optimiser (`begin`), to be sure that they fit.
    Raises ValueError like `load_checkpoint`, and when the file holds weights without a training state.
    """
    saved, config = load_checkpoint(path)
    if not config.get("training"):
        raise ValueError(f"{path}: wanted a training state, got a checkpoint without one")
    return training_from(saved, config["rng_state"], os.fspath(path), like), config["config"]


def training_arrays(state: TrainingState) -> dict:
    """Write a training state as a tree of arrays; only its generator's state is left out, which is for JSON."""
    numbers = {"step": state.step, "best_score": state.best_score, "best_step": state.best_step}
    return {
        "params": state.params,
        "best_params": state.best_params,
        "optimiser_state": state.optimiser_state,
        "numbers": {name: np.float64(value) for name, value in numbers.items()},
    }


def training_from(arrays: dict, rng_state: dict, what: str, like: TrainingState | None = None) -> TrainingState:
    """Undo `training_arrays`; raises ValueError, beginning with `what`, unless it is as `like` is."""
    if rng_state.get("bit_generator") not in GENERATORS:
        raise ValueError(f"{what}: wanted a training state, got a checkpoint without one")
    if like is not None:
        for part in ("params", "best_params", "optimiser_state"):
            require_same_form(tree.flatten(getattr(like, part)), tree.flatten(arrays[part]), f"{what}: {part}")
    numbers = arrays["numbers"]
    return TrainingState(
        step=int(numbers["step"]),
        params=arrays["params"],
        optimiser_state=arrays["optimiser_state"],
        rng_state=rng_state,
        best_params=arrays["best_params"],
        best_score=float(numbers["best_score"]),
        best_step=int(numbers["best_step"]),
    )


def _read_header(path: str | os.PathLike, arrays: dict) -> dict:
    try:
        header = json.loads(arrays[_HEADER].tobytes())
        known = header["format"] == FORMAT and isinstance(header["leaves"], dict) and isinstance(header["config"], dict)
    except (KeyError, TypeError, ValueError):
        known = False
    if not known:
        raise ValueError(f"{path}: wanted a {FORMAT}, got an archive without its header")
    if header["version"] != VERSION:
        raise ValueError(f"{path}: wanted version {VERSION} of a {FORMAT}, got version {header['version']}")
    return header
