"""The bench of fine-tuning asks every way the same questions, leaves no seed out, and writes down what it saw."""

import json
from functools import partial

import finetuning
import numpy as np
import pytest
import verdict_baselines as baselines
from verdict import FROM_NOTHING, WAYS
from verdict_rotate import reverse_to_rotate

from lesson import tree


@pytest.fixture
def small(monkeypatch):
    """Stand in for all set-ups: one that takes no time, whose baseline tells how many examples it was given."""

    def set_up(seed):
        setup = reverse_to_rotate(seed, steps=2)
        few = finetuning.first(setup.choose, 5)
        judge = partial(setup.target.func, config=setup.config, examples=few)
        return setup._replace(
            **{"examples": finetuning.first(setup.examples, 8), "choose": few, "target": judge, "source": judge},
            **{"epochs": 1, "batch": 4, "baselines": lambda few: {"counted": len(few.source)}},
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


def test_all_ways_make_playbooks_of_the_same_length():
    setup = reverse_to_rotate(0, steps=1)
    for method in setup.methods.values():
        phases = method(setup.params, 8)["discriminative_lrs"]
        assert np.sum([phase["epochs"] for phase in phases]) == 8


# Reviews have a test of their own: two of their texts may differ in rare words alone, which have one id.
@pytest.mark.parametrize("name", [name for name in finetuning.SETUPS if name != "reviews"])
def test_a_set_up_asks_what_it_has_not_taught(name):
    setup = finetuning.SETUPS[name](0, steps=1)
    judged_by = [judge.keywords["examples"] for judge in (setup.target, setup.source)]
    taught, chosen_by, new, old = (
        {row[row != 0].tobytes() for row in examples.source} for examples in (setup.examples, setup.choose, *judged_by)
    )
    assert not taught & (chosen_by | new)
    assert new != old
    assert {*setup.methods} == {*WAYS}


def test_word_counts_learn_pairs_of_words_and_beat_the_majority():
    texts = ["great", "not great", "bad", "not bad", "it is great", "it is not great", "a bad one", "not bad at all"]
    labels = np.array([1, 0, 0, 1, 1, 0, 0, 1])
    assert baselines.word_counts((texts, labels), (texts, labels), (texts, labels)) == 1
    assert baselines.majority(labels[1:], labels) == 0.5
    # One label alone teaches to say it.
    assert baselines.word_counts((texts[:1], labels[:1]), (texts, labels), (texts[:2], labels[:2])) == 0.5


def test_the_ancestor_answers_as_it_came():
    assert baselines.ancestor(["great product", "terrible service", "not bad"], np.array([1, 0, 1])) == pytest.approx(
        2 / 3
    )


def test_baselines_of_the_domain_learn_from_the_few_examples_alone():
    setup = finetuning.SETUPS["sentiment_domain"](0, steps=1)
    few, more = (setup.baselines(finetuning.first(setup.examples, count)) for count in (16, 128))
    assert {*few} == {"untouched", "majority", "ancestor", "lexicon", "word_counts", "word_counts_both"}
    assert all(few[name] == more[name] for name in ("untouched", "ancestor", "lexicon"))
    assert few["word_counts"] != more["word_counts"]


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


@pytest.mark.native
@pytest.mark.slow
def test_reviews_are_judged_by_what_nobody_learned_from():
    setup = finetuning.SETUPS["reviews"](0, steps=1)
    few = finetuning.first(setup.examples, 64)
    scores = setup.baselines(few)
    assert {"untouched", "majority", "ancestor", "lexicon", "lexicon_negations", "word_counts"} <= set(scores)
    assert scores["majority"] == pytest.approx(0.54, abs=0.01)
    assert 0.67 < scores["lexicon"] < scores["lexicon_negations"] < 0.73
    asked = {row.tobytes() for row in setup.target.keywords["examples"].source}
    assert not asked & {row.tobytes() for row in setup.examples.source if (row > 3).sum() > 4}
    assert {*setup.methods} == {*WAYS}
    run = finetuning.make_run(setup, few, 0, "full")
    assert run.held_out is few, "nothing but the examples has a label"
    assert len(run.examples.target) == 4 * 64
