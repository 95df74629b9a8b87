"""The bench of fine-tuning asks every way the same questions, leaves no seed out, and writes down what it saw."""

import json

import finetuning
import numpy as np
import pytest
from verdict import FROM_NOTHING, WAYS
from verdict_rotate import reverse_to_rotate

from lesson import tree


@pytest.fixture
def small(monkeypatch):
    """Stand in for all set-ups: one that takes no time, whose baseline tells how many examples it was given."""

    def set_up(seed):
        setup = reverse_to_rotate(seed, steps=2)
        choose, examples = (finetuning.first(each, count) for each, count in ((setup.choose, 5), (setup.examples, 8)))
        return setup._replace(
            examples=examples, choose=choose, epochs=1, batch=4, baselines=lambda few: {"counted": len(few.source)}
        )

    monkeypatch.setattr(finetuning, "SETUPS", {"small": set_up})


def test_every_way_seed_and_count_is_written_down(small, tmp_path, capsys):
    path, table = tmp_path / "bench.json", tmp_path / "tables" / "table.json"
    ways = ["full", "lora_2", "head", FROM_NOTHING]
    given = ["--methods", *ways, "baselines", "--seeds", "2", "--examples", "4", "all"]
    assert finetuning.main([*given, "--json", str(path), "--table", str(table)]) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))["finetuning"]["small"]["native"]
    runs = figures["runs"]
    assert [(run["seed"], run["examples"], run["method"]) for run in runs] == [
        (seed, count, name) for seed in (0, 1) for count in (4, 8) for name in (*ways, "counted")
    ]
    touched = {"full": runs[0]["parameters"], "lora_2": 768, "head": 462, FROM_NOTHING: runs[0]["parameters"]}
    assert {run["method"]: run["touched"] for run in runs} == touched | {"counted": None}
    assert [run["steps"] for run in runs if run["method"] != "counted"] == [1, 1, 1, 1, 2, 2, 2, 2] * 2
    assert [run["target"] for run in runs if run["method"] == "counted"] == [4, 8, 4, 8]
    assert {run["forgetting"] is None for run in runs if run["method"] in (FROM_NOTHING, "counted")} == {True}
    assert json.loads(table.read_text(encoding="utf-8")) == figures["summary"]
    assert len(capsys.readouterr().out.splitlines()) == 20 + 2 + 10


def test_the_summary_shows_the_failing_seed(capsys):
    rows = [
        {"method": "full", "examples": 16, "target": target, "forgetting": lost, "touched": 7, "seconds": 1.0}
        for target, lost in ((0.9, 1.0), (0.1, 0.5), (0.8, 0.75))
    ]
    (found,) = finetuning.summary("any", rows)
    assert (found["median"], found["lowest"], found["forgetting"]) == (0.8, 0.1, 0.75)
    assert found["seeds"] == [0.9, 0.1, 0.8]
    finetuning.show([found])
    assert "0.900 0.100 0.800" in capsys.readouterr().out


def test_a_row_takes_the_place_of_its_like_and_of_no_other(tmp_path):
    path = tmp_path / "table.json"
    old = [{"setup": "a", "method": "full", "examples": count, "median": 0.1} for count in (16, 32)]
    finetuning.update_table(old, path)
    finetuning.update_table([old[0] | {"median": 0.2}, old[0] | {"setup": "b"}], path)
    wanted = [old[0] | {"median": 0.2}, old[1], old[0] | {"setup": "b"}]
    assert json.loads(path.read_text(encoding="utf-8")) == wanted


def test_all_ways_are_there_and_make_playbooks_of_the_same_length():
    setup = reverse_to_rotate(0, steps=1)
    assert tuple(setup.methods) == WAYS
    for method in setup.methods.values():
        phases = method(setup.params, 8)["discriminative_lrs"]
        assert np.sum([phase["epochs"] for phase in phases]) == 8


def test_nothing_is_shared_between_learning_choosing_and_judging():
    setup = reverse_to_rotate(0, steps=1)
    asked = {
        name: {row.tobytes() for row in examples.source}
        for name, examples in (
            ("learn", setup.examples),
            ("choose", setup.choose),
            ("judge", setup.target.keywords["examples"]),
        )
    }
    assert not asked["learn"] & (asked["choose"] | asked["judge"])


def test_a_model_from_nothing_does_not_start_from_the_trained_one(small):
    setup = finetuning.SETUPS["small"](0)
    run = finetuning.make_run(setup, setup.examples, 0, FROM_NOTHING)
    assert run.params is not setup.params
    table = "encoder/embedding/token/weight"
    assert not np.array_equal(tree.flatten(run.params)[table], tree.flatten(setup.params)[table])
    assert finetuning.make_run(setup, setup.examples, 0, "full").params is setup.params


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["best"], "wanted set-ups among reverse_to_rotate"),
        (["--seeds", "0"], "a seed at least"),
        (["--examples", "0"], "--examples"),
        (["--methods", "best"], "invalid choice: 'best'"),
    ],
)
def test_what_cannot_be_measured(given, message, capsys):
    with pytest.raises(SystemExit):
        finetuning.main(given)
    assert message in capsys.readouterr().err
