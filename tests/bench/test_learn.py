"""The bench trains what it says, leaves no seed out, and keeps the figures of others."""

import json

import learn
import pytest
from record import record

from lesson import recipes


def test_every_seed_is_trained_judged_and_written_down(tmp_path, capsys):
    path = tmp_path / "deep" / "bench.json"
    assert learn.main(["sentiment", "--seeds", "2", "--steps", "3", "--json", str(path)]) == 1
    figures = json.loads(path.read_text(encoding="utf-8"))["learn"]["sentiment"]["native"]
    assert [run["seed"] for run in figures["runs"]] == [0, 1]
    for run in figures["runs"]:
        recipe = recipes.sentiment(run["seed"], steps=3)
        assert run["score"] == recipe.evaluate(recipe.train().params)
        assert run["missed"] == ["score"]
        assert (run["steps"], run["questions"], run["parameters"]) == (3, 1000, 2786)
        assert 0.4 < run["polarity_count_score"] < 0.6
    assert figures["lowest_score"] == min(run["score"] for run in figures["runs"])
    assert capsys.readouterr().out.count("missed: score") == 2


def test_a_met_aim_leaves_with_success(tmp_path, monkeypatch):
    monkeypatch.setitem(learn.AIMS, "sentiment", learn.Aim(recipes.sentiment))
    assert learn.main(["sentiment", "--seeds", "1", "--steps", "1", "--json", str(tmp_path / "bench.json")]) == 0


@pytest.mark.parametrize(
    ("where", "change", "missed"),
    [
        ("native", {}, []),
        ("native", {"score": 0.989}, ["score"]),
        ("native", {"parameters": 101}, ["parameters"]),
        ("native", {"seconds": 9.1}, []),
        ("wasm", {"seconds": 9.1}, ["seconds"]),
        ("wasm", {"seconds": 9}, []),
    ],
)
def test_what_was_missed_is_named(where, change, missed, monkeypatch):
    monkeypatch.setattr(learn, "WHERE", where)
    aim = learn.Aim(recipes.reverse, 0.99, parameters=100, wasm_seconds=9)
    assert aim.missed({"score": 0.99, "parameters": 100, "seconds": 1} | change) == missed


def test_one_layer_must_fail():
    assert learn.AIMS["one_layer"].missed({"score": 0.9, "parameters": 1, "seconds": 1}) == ["score"]


@pytest.mark.slow
def test_depth_is_written_down_row_by_row(tmp_path):
    path = tmp_path / "bench.json"
    assert learn.main(["depth", "--seeds", "1", "--steps", "1", "--json", str(path)]) == 0
    runs = json.loads(path.read_text(encoding="utf-8"))["learn"]["depth"]["native"]["runs"]
    assert [run["variant"] for run in runs][:2] == ["pre-norm, warm-up of 50", "pre-norm, no warm-up"]
    assert all(len(run["gradient_norms"]) == 6 for run in runs)


@pytest.mark.parametrize("arguments", [["revers"], ["reverse", "--seeds", "0"]])
def test_what_is_no_bench_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        learn.main(arguments)
    assert "wanted names among reverse, sentiment" in capsys.readouterr().err


def test_figures_of_others_stay(tmp_path):
    path = tmp_path / "bench.json"
    record({"old": 1}, "learn", "reverse", "native", path=path)
    record({"b": 2}, "learn", "reverse", "wasm", path=path)
    record({"c": 3}, "step", path=path)
    record({"new": 4}, "learn", "reverse", "native", path=path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "learn": {"reverse": {"native": {"new": 4}, "wasm": {"b": 2}}},
        "step": {"c": 3},
    }
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json"]
