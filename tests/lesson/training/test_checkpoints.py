"""Checkpoints: what is saved comes back, and nothing else does."""

import json
import pickle
import re
import zipfile

import numpy as np
import pytest
from small_model import init

from lesson import tree
from lesson.training import adamw, begin, load_checkpoint, load_training, save_checkpoint, save_training

CONFIG = {"width": 5, "name": "élan", "list": [1, 2.5, None, True], "deep": {"a": "b"}}


def all_kinds():
    rng = np.random.default_rng(1)
    return {
        "weight": rng.normal(size=(3, 2)),
        "deep": {"0": {"single": rng.normal(size=4).astype(np.float32)}},
        "number": np.array(0.1),
        "none": np.zeros((0, 3)),
        "ids": np.arange(5),
        "mask": np.array([True, False]),
        "transposed": rng.normal(size=(2, 3)).T,
        "odd": np.array([np.inf, -0.0, np.nan, 5e-324]),
    }


def assert_same(got, wanted):
    tree.map(lambda a, b: np.testing.assert_array_equal(a, b, strict=True), got, wanted)
    assert list(tree.flatten(got)) == list(tree.flatten(wanted))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "weights.npz"
    save_checkpoint(path, all_kinds(), CONFIG)
    return path


def test_what_is_saved_comes_back_bit_for_bit(file):
    params, config = load_checkpoint(file)
    assert_same(params, all_kinds())
    assert np.signbit(params["odd"][1])
    assert config == CONFIG
    assert load_checkpoint(str(file), like=all_kinds())[1] == CONFIG


def test_the_form_of_the_model_is_kept_with_its_empty_branches(tmp_path):
    params = {"dropout": {}, "weight": np.ones(2)}
    save_checkpoint(tmp_path / "a.npz", params)
    assert load_checkpoint(tmp_path / "a.npz", like=params)[0].keys() == params.keys()


def test_the_same_content_makes_the_same_bytes(file, tmp_path):
    save_checkpoint(tmp_path / "again.npz", *load_checkpoint(file))
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()


def test_it_is_a_plain_npz(file):
    with np.load(file, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["tree/weight"], all_kinds()["weight"])
        assert json.loads(arrays["header"].tobytes())["version"] == 1


def refusal(path, **options):
    with pytest.raises(ValueError, match=re.escape(str(path))) as refused:
        load_checkpoint(path, **options)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_file_cut_short_anywhere_is_refused(file):
    whole = file.read_bytes()
    for length in range(0, len(whole), 41):
        file.write_bytes(whole[:length])
        assert "no checkpoint, or damaged" in refusal(file)


def test_a_changed_byte_is_refused_or_changes_nothing(file):
    whole, refused = file.read_bytes(), 0
    for position in range(0, len(whole), 13):
        changed = bytearray(whole)
        changed[position] ^= 0x24
        file.write_bytes(changed)
        try:
            params, config = load_checkpoint(file)
        except ValueError:
            refused += 1
        else:
            # A date in the archive's own table, say.
            assert_same(params, all_kinds())
            assert config == CONFIG
    assert refused > 0.7 * len(range(0, len(whole), 13))


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", pickle.dumps({"weight": 1})])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "other.npz").write_bytes(content)
    assert "no checkpoint, or damaged" in refusal(tmp_path / "other.npz")


def test_a_single_array_is_refused(tmp_path):
    np.save(tmp_path / "array.npy", np.ones(3))
    assert "no checkpoint, or damaged: File is not a zip file" in refusal(tmp_path / "array.npy")


def test_pickles_are_never_opened(file, tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was opened",))

    with zipfile.ZipFile(file, "a") as archive, archive.open("tree/trap.npy", "w") as trap:
        np.lib.format.write_array(trap, np.array([Trap()]), allow_pickle=True)
    assert "no checkpoint, or damaged" in refusal(file)


def rewritten(path, change):
    """Write the file anew with its arrays changed, checksums and all."""
    with np.load(path) as file:
        arrays = dict(file)
    header = json.loads(arrays["header"].tobytes())
    change(arrays, header)
    if "header" in arrays:
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays, header: arrays.pop("header"), "got an archive without its header"),
        (lambda arrays, header: header.update(format="other"), "got an archive without its header"),
        (lambda arrays, header: header.pop("leaves"), "got an archive without its header"),
        (lambda arrays, header: header.update(version=2), "wanted version 1 of a lesson checkpoint, got version 2"),
        (lambda arrays, header: header.update(version=None), "got version None"),
        (lambda arrays, header: arrays.pop("tree/weight"), "'weight' is not as its header says"),
        (lambda arrays, header: arrays.update({"tree/new": np.ones(2)}), "'new' is not as its header says"),
        (lambda arrays, header: arrays.update({"tree/ids": np.ones(5)}), "'ids' is not as its header says"),
        (lambda arrays, header: arrays.update({"tree/weight": np.ones((2, 3))}), "'weight' is not as its header"),
    ],
)
def test_a_file_that_contradicts_its_header_is_refused(file, change, message):
    rewritten(file, change)
    assert message in refusal(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda like: like.update(weight=np.ones((2, 3))), "wanted shape (2, 3) for 'weight', got shape (3, 2)"),
        (lambda like: like.pop("weight"), "wanted none for 'weight', got shape (3, 2)"),
        (lambda like: like["deep"].update(new=np.ones(1)), "wanted shape (1,) for 'deep/new', got none"),
    ],
)
def test_a_file_that_does_not_fit_the_model_is_refused(file, change, message):
    like = all_kinds()
    change(like)
    assert message in refusal(file, like=like)


def test_a_missing_file_is_reported_as_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("params", "config"),
    [
        ({"a": np.array(["text"])}, None),
        ({"a": np.array([None])}, None),
        ({"a": np.ones(1)}, {"array": np.ones(1)}),
        ({"a": np.ones(1)}, {"nan": float("nan")}),
        ([np.ones(1)], None),
    ],
)
def test_what_cannot_be_saved_leaves_the_old_file_alone(file, params, config):
    before = file.read_bytes()
    with pytest.raises(ValueError, match="wanted"):
        save_checkpoint(file, params, config)
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_failure_while_writing_leaves_the_old_file_alone(file, monkeypatch):
    def fails(stream, **arrays):
        stream.write(b"half")
        raise OSError("disk full")

    before = file.read_bytes()
    monkeypatch.setattr(np, "savez", fails)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(file, all_kinds())
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_training_states_are_told_from_weights(file, tmp_path):
    with pytest.raises(ValueError, match="wanted a training state, got a checkpoint without one"):
        load_training(file)
    rng = np.random.default_rng(1)
    save_training(tmp_path / "training.npz", begin(init(rng), adamw(0.1), rng))
    wider = init(np.random.default_rng(1))
    wider["layers"]["0"]["bias"] = np.zeros(9)
    with pytest.raises(ValueError, match=r"params: wanted shape \(9,\) for 'layers/0/bias', got shape \(7,\)"):
        load_training(tmp_path / "training.npz", like=begin(wider, adamw(0.1), rng))
