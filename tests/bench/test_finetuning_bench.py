"""The bench of fine-tuning asks every way the same questions, leaves no seed out, and writes down what it saw."""

import json

import finetuning
import numpy as np
import pytest


def test_every_way_seed_and_count_is_written_down(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(finetuning, "BATCH", 4)
    monkeypatch.setattr(finetuning, "CHOOSE_BY", 20)
    monkeypatch.setattr(finetuning, "JUDGE_BY", 20)
    path = tmp_path / "bench.json"
    given = ["full", "lora_2", "head", "--seeds", "2", "--examples", "4", "8", "--epochs", "1", "--steps", "2"]
    assert finetuning.main([*given, "--json", str(path)]) == 0
    figures = json.loads(path.read_text(encoding="utf-8"))["finetuning"]["reverse_to_rotate"]["native"]
    runs = figures["runs"]
    assert [(run["seed"], run["examples"], run["method"]) for run in runs] == [
        (seed, count, name) for seed in (0, 1) for count in (4, 8) for name in ("full", "lora_2", "head")
    ]
    assert {run["method"]: run["touched"] for run in runs} == {
        "full": runs[0]["parameters"],
        "lora_2": 768,
        "head": 462,
    }
    assert [run["steps"] for run in runs] == [count // 4 for count in (4, 4, 4, 8, 8, 8)] * 2
    assert len(figures["summary"]["head"]["8"]["targets"]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 12


def test_the_summary_shows_the_failing_seed():
    rows = [
        {"method": "full", "examples": 16, "target": target, "forgetting": lost}
        for target, lost in ((0.9, 1.0), (0.1, 0.5), (0.8, 0.75))
    ]
    found = finetuning.summary(rows)["full"]["16"]
    assert (found["median_target"], found["lowest_target"], found["median_forgetting"]) == (0.8, 0.1, 0.75)
    assert found["targets"] == [0.9, 0.1, 0.8]


def test_all_ways_are_there_and_make_playbooks_of_the_same_length():
    params = finetuning.recipes.reverse(0).params
    for method in finetuning.METHODS.values():
        phases = method(params, 8)["discriminative_lrs"]
        assert np.sum([phase["epochs"] for phase in phases]) == 8
    assert {"full", "head", "gradual", "discriminative", "lora_1", "lora_2", "lora_4", "lora_8"} == {
        *finetuning.METHODS
    }


@pytest.mark.parametrize("given", [["best"], ["--seeds", "0"], ["--examples", "0"]])
def test_what_cannot_be_measured(given, capsys):
    with pytest.raises(SystemExit):
        finetuning.main(given)
    assert "wanted names among full, head" in capsys.readouterr().err
