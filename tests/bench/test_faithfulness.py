"""The bench asks about answers whose causes are known, and scores every method and chance alike."""

import json

import faithfulness
import numpy as np
import pytest

from lesson import interpret


def case_of(name, count=12):
    recipe = faithfulness.RECIPES[name](0)
    return recipe, faithfulness.make_case(recipe, recipe.params, count, np.random.default_rng(0))


@pytest.mark.parametrize("name", faithfulness.RECIPES)
def test_every_question_has_causes_that_may_be_blamed(name):
    _, case = case_of(name)
    assert case.causes.shape == case.may_blame.shape == case.question.inputs[0].shape
    assert case.causes.any(axis=-1).all() and not (case.causes & ~case.may_blame).any()


def test_in_a_language_model_only_earlier_tokens_are_blamed():
    _, case = case_of("induction")
    _, places, _ = np.nonzero(case.question.readout > 0)
    np.testing.assert_array_equal(case.may_blame.sum(axis=-1), places)
    # The earlier pairs, each of them whole.
    assert (case.causes.sum(axis=-1) % 2 == 0).all()


@pytest.mark.parametrize("name", ["reverse", "induction"])
def test_the_right_answer_is_asked_for(name):
    recipe, case = case_of(name)
    rows, places, tokens = np.nonzero(case.question.readout > 0)
    assert rows.tolist() == list(range(12)) and len(set(places.tolist())) > 2
    target = recipe.held_out.target[:, 1:] if name == "reverse" else recipe.held_out.target
    np.testing.assert_array_equal(tokens, target[rows, places])


def test_blame_of_the_causes_alone_is_perfect_and_beats_chance():
    _, case = case_of("sentiment")
    without = interpret.leave_one_out(case.question)[0]
    best = faithfulness.judge(case, case.causes * 1.0, without)
    worst = faithfulness.judge(case, case.causes * -1.0, without)
    assert best["precision"] == 1 and worst["precision"] < 0.5
    itself = faithfulness.judge(case, without, without)
    assert itself["rank_correlation"] == pytest.approx(1)
    backwards = faithfulness.judge(case, -without, without)
    assert backwards["rank_correlation"] == pytest.approx(-1)
    assert itself["deletion_area"] < backwards["deletion_area"]
    assert itself["insertion_area"] > backwards["insertion_area"]


def test_every_seed_and_method_is_written_down(tmp_path, capsys):
    path = tmp_path / "bench.json"
    arguments = ["sentiment", "--seeds", "2", "--steps", "2", "--questions", "5", "--json", str(path)]
    assert faithfulness.main(arguments) == 0
    (figures,) = json.loads(path.read_text(encoding="utf-8"))["faithfulness"]["sentiment"].values()
    assert [run["seed"] for run in figures["runs"]] == [0, 1]
    assert set(figures["means"]) == {*faithfulness.METHODS, "chance"}
    printed = capsys.readouterr().out
    for method, means in figures["means"].items():
        assert f"\n{method} " in printed
        for key, mean in means.items():
            assert mean == pytest.approx(np.mean([run["methods"][method][key] for run in figures["runs"]]))


@pytest.mark.parametrize("arguments", [["addition"], ["--seeds", "0"], ["--questions", "0"]])
def test_what_is_no_bench_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        faithfulness.main(arguments)
    assert "wanted names among sentiment, reverse, induction" in capsys.readouterr().err
