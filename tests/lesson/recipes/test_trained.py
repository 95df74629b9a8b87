"""What the course ships is what its recipes make, what its table says, and nothing else is taken for it."""

import dataclasses
import re
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lesson import recipes, tree
from lesson.recipes import trained
from lesson.recipes.__main__ import describe, main, read_table, say
from lesson.recipes.trained import SHIPPED, from_zero, load_trained, save_trained, start_from
from lesson.training import load_checkpoint, save_checkpoint

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "content" / "checkpoints"
TABLE = read_table(FOLDER / "README.md")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder "checkpoints", empty, found from the working folder; none stands above it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def refusal(name="sentiment"):
    with pytest.raises(ValueError, match=r"wanted|damaged") as refused:
        start_from(name)
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_each_file_is_as_the_table_says(name):
    row, _, seconds = TABLE[name].rpartition("|")
    assert row == describe(FOLDER / f"{name}.npz", name)
    assert 0 < float(seconds) < 600


def test_the_table_and_the_folder_hold_nothing_else():
    assert list(TABLE) == list(SHIPPED)
    assert {path.name for path in FOLDER.iterdir()} == {"README.md", *(f"{name}.npz" for name in SHIPPED)}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


@pytest.mark.slow
def test_one_that_is_trained_anew_is_the_same_and_is_not_written_again(tmp_path, capsys):
    path, table = tmp_path / "new" / "reverse.npz", tmp_path / "new" / "README.md"
    made = []
    for said in ("written", "as it was"):
        assert main(["reverse", "--into", str(tmp_path / "new")]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("reverse: step 24 of 120, loss 1.4682, ")
        assert lines[0].endswith(" s left")
        assert lines[-1].endswith(f"reverse.npz: {said}")
        if said == "written":  # were the seconds measured anew, they would not stay these
            table.write_text(re.sub(r"[\d.]+ \|$", "99.9 |", table.read_text(), flags=re.M))
        made.append([path.read_bytes(), path.stat().st_mtime_ns, table.read_bytes()])
    assert made[0] == made[1]
    assert describe(path, "reverse") == TABLE["reverse"].rpartition("|")[0]
    assert list(read_table(table)) == ["reverse"]
    for one, other in zip(
        *(tree.flatten(load_checkpoint(each / "reverse.npz")[0]).values() for each in (FOLDER, path.parent)),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_the_time_left_is_told(capsys):
    recipe = recipes.reverse(steps=10)
    for report in recipe.train_steps():
        say("reverse", recipe, time.monotonic() - 30 * report.step, report)
    left = [line.rpartition(", ")[2] for line in capsys.readouterr().out.splitlines()]
    assert left == ["240 s left", "180 s left", "120 s left", "60 s left", "0 s left"]


def test_rows_of_others_stay_and_those_of_nobody_go(tmp_path, monkeypatch):
    monkeypatch.setitem(SHIPPED, "reverse", partial(recipes.reverse, steps=1))
    monkeypatch.setitem(SHIPPED, "sentiment", partial(recipes.sentiment, steps=1))
    table = tmp_path / "README.md"
    table.write_text("# Old\n\n| `nobody` | 1 | 2.0 |\n| `induction` | x | 3.0 |\n| `reverse` | x | 4.0 |\n")
    main(["sentiment", "reverse", "--into", str(tmp_path)])
    rows = read_table(table)
    assert list(rows) == ["reverse", "sentiment", "induction"]
    assert rows["induction"] == "`induction` | x | 3.0"
    assert rows["reverse"].startswith("`reverse` | `recipes.reverse(steps=1)` | 23790 |")


def test_an_unknown_name_trains_nothing(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["revers", "--into", str(tmp_path / "new")])
    assert "wanted names among reverse, " in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("working", ["content", "notebooks", "tests/lesson/recipes"])
def test_it_is_taken_up_from_any_folder_where_its_training_ended(working, monkeypatch):
    monkeypatch.chdir(ROOT / working)
    recipe = start_from("sentiment")
    assert {leaf.dtype for leaf in tree.flatten(recipe.params).values()} == {np.dtype(np.float64)}
    assert recipe.evaluate(recipe.params) >= 0.98 > recipe.evaluate(recipes.sentiment().params)
    end = recipe.train(on_step=lambda report: pytest.fail("there was nothing left to do"))
    assert end.params is recipe.params
    assert end.best_params is recipe.params
    assert (end.step, end.best_step) == (500, 500)


def test_it_can_go_on_from_there():
    recipe = dataclasses.replace(start_from("sentiment"), steps=502)
    reports = list(recipe.train_steps())
    assert [report.step for report in reports] == [501, 502]
    assert reports[0].loss < 0.1


def test_a_checkpoint_that_was_never_shipped_is_refused():
    assert refusal("revers").startswith("wanted a checkpoint among reverse, ")
    with pytest.raises(ValueError, match="got 'revers'"):
        from_zero("revers")


def test_a_missing_file_is_refused(folder):
    assert "wanted the file checkpoints/sentiment.npz" in refusal()


@pytest.mark.parametrize("change", [lambda data: data[:-9], lambda data: data[:900] + b"?" + data[901:], lambda _: b""])
def test_a_damaged_file_is_refused(folder, change):
    (folder / "sentiment.npz").write_bytes(change((FOLDER / "sentiment.npz").read_bytes()))
    assert "damaged" in refusal()


def test_another_models_weights_are_refused(folder, monkeypatch):
    (folder / "sentiment.npz").write_bytes((FOLDER / "reverse.npz").read_bytes())
    assert "sentiment.npz: wanted weights of checkpoint 'sentiment', got 'reverse'" in refusal()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"activation": "gelu"}, "activation 'gelu', got 'relu'"),
        ({"steps": 9}, "steps 9, got 500"),
        ({"width": 8}, "width 8, got 16"),
    ],
)
def test_weights_of_an_older_recipe_are_refused(settings, said, monkeypatch):
    monkeypatch.setitem(SHIPPED, "sentiment", partial(recipes.sentiment, **settings))
    assert f"sentiment.npz: wanted weights of {said}" in refusal()


def test_weights_by_other_names_are_refused(folder):
    params, header = load_checkpoint(FOLDER / "sentiment.npz")
    params["head"] = params.pop("output")
    save_checkpoint(folder / "sentiment.npz", params, header)
    assert "sentiment.npz: wanted none for 'head/bias', got shape (2,)" in refusal()


def test_weights_without_a_name_are_refused(folder):
    save_checkpoint(folder / "sentiment.npz", recipes.sentiment().params)
    assert "wanted weights of checkpoint 'sentiment', got None" in refusal()


@pytest.mark.parametrize(
    ("judge", "kept"),
    [
        (lambda params: 0.5, np.float32),
        (lambda params: float(sum(leaf.sum() for leaf in tree.flatten(params).values())), np.float64),
    ],
)
def test_weights_are_shortened_only_if_the_score_does_not_notice(judge, kept, tmp_path, monkeypatch):
    recipe = dataclasses.replace(recipes.sentiment(), evaluate=judge)
    monkeypatch.setitem(trained.SHIPPED, "sentiment", lambda: recipe)
    save_trained(tmp_path / "a.npz", "sentiment", recipe.params)
    leaves = tree.flatten(load_checkpoint(tmp_path / "a.npz")[0])
    assert {leaf.dtype for leaf in leaves.values()} == {np.dtype(kept)}
    again = load_trained(tmp_path / "a.npz", "sentiment").params
    tree.map(lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-6), again, recipe.params)
