"""The bench asks about answers whose causes are known, and scores every method and chance alike."""

import json
import statistics
from pathlib import Path

import explaining
import faithfulness
import numpy as np
import pytest

from lesson import interpret

TABLE = Path(__file__).resolve().parents[2] / "content" / "tables" / "faithfulness.json"


def case_of(name, count=12):
    recipe = faithfulness.RECIPES[name](0)
    return recipe, explaining.make_case(recipe, recipe.params, count, np.random.default_rng(0))


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
    # Nothing deleted is everything inserted.
    assert itself["deletion_curve"][0] == pytest.approx(itself["insertion_curve"][-1])
    assert itself["deletion_curve"][0] == pytest.approx(interpret.score(case.question).mean())


def test_other_texts_are_of_the_same_length():
    recipe, _ = case_of("sentiment")
    source = recipe.held_out.source[:60]
    other = explaining.shuffle_texts(source, recipe.config.pad, np.random.default_rng(0))
    np.testing.assert_array_equal(other == recipe.config.pad, source == recipe.config.pad)
    assert sorted(map(tuple, other)) == sorted(map(tuple, source))
    assert (other != source).any(axis=-1).mean() > 0.9


def test_integrated_gradients_say_how_complete_they_are():
    _, case = case_of("reverse")
    _, completeness = explaining.explain(case.question, np.random.default_rng(0))
    _, gap = interpret.integrated_gradients(case.question, completeness["points"])
    assert completeness["largest_gap"] == pytest.approx(np.abs(gap).max())
    assert 0 < completeness["mean_gap_of_mean_difference"] < 0.01


def test_heads_are_taken_out_one_by_one():
    recipe, case = case_of("sentiment")
    drops = faithfulness.take_out_heads(recipe, recipe.params, case.question)
    assert set(drops) == {f"encoder/0/attention head {head}" for head in range(2)}
    path, means = next(iter(interpret.mean_heads(case.question).items()))
    without = interpret.fix_head(recipe.params, path, 1, means[1])
    wanted = recipe.evaluate(recipe.params) - recipe.evaluate(without)
    assert drops[f"{path} head 1"]["mean"] == pytest.approx(wanted)


def test_every_seed_and_method_is_written_down(tmp_path, capsys):
    path, table = tmp_path / "bench.json", tmp_path / "tables" / "table.json"
    arguments = ["sentiment", "--seeds", "2", "--steps", "2", "--questions", "5"]
    assert faithfulness.main([*arguments, "--json", str(path), "--table", str(table)]) == 0
    (figures,) = json.loads(path.read_text(encoding="utf-8"))["faithfulness"]["sentiment"].values()
    assert [run["seed"] for run in figures["runs"]] == figures["summary"]["seeds"] == [0, 1]
    assert set(figures["summary"]["methods"]) == {*explaining.METHODS, explaining.CHANCE}
    assert json.loads(table.read_text(encoding="utf-8"))["sentiment"] == faithfulness.rounded(figures["summary"])
    printed = capsys.readouterr().out
    for method, told in figures["summary"]["methods"].items():
        assert f"\n{method} " in printed
        found = [run["methods"][method] for run in figures["runs"]]
        for key in faithfulness.FIGURES:
            values = [each[key] for each in found]
            assert told[key]["median"] == pytest.approx(np.median(values))
            assert told[key]["worst"] == (max(values) if key == "deletion_area" else min(values))
        curve = np.mean([each["deletion_curve"] for each in found], axis=0)
        assert told["deletion_curve"] == pytest.approx(curve) and len(curve) == len(figures["summary"]["shares"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sentiment", "reverse"])
def test_the_committed_table_can_be_found_again(name):
    table = json.loads(TABLE.read_text(encoding="utf-8"))[name]
    recipe = faithfulness.RECIPES[name](table["seeds"][0])
    params, rng = recipe.train().params, np.random.default_rng((table["seeds"][0], 2))
    case = explaining.make_case(recipe, params, table["questions"], rng)
    blames = {
        "attention of the last layer": interpret.attention_blame(case.question)[0],
        "gradient x input": interpret.gradient_times_input(case.question)[0],
        explaining.LEFT_OUT: interpret.leave_one_out(case.question)[0],
    }
    # Another processor rounds otherwise, and training carries that on.
    for method, blame in blames.items():
        found = interpret.precision(np.where(case.may_blame, blame, -np.inf), case.causes, case.may_blame).mean()
        assert table["methods"][method]["precision_by_seed"][0] == pytest.approx(found, abs=0.02), method
    for figures in table["methods"].values():
        assert figures["precision"]["median"] == statistics.median(figures["precision_by_seed"])
        assert figures["precision"]["worst"] == min(figures["precision_by_seed"])


def test_what_the_package_says_of_attention_is_what_the_table_says():
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    names = ("reverse", "induction", "sentiment")
    for method in ("attention of the last layer", "attention rollout", explaining.LEFT_OUT, explaining.CHANCE):
        (line,) = (line for line in interpret.__doc__.splitlines() if line.startswith(f"    {method} "))
        said = [float(word) for word in line.removeprefix(f"    {method}").split()]
        found = [table[name]["methods"][method]["precision"]["median"] for name in names]
        assert said == pytest.approx(found, abs=0.0051)
    weights = [table[name]["methods"]["attention of the last layer"]["rank_correlation"]["median"] for name in names]
    assert f"{max(weights):.2f}" in interpret.__doc__


@pytest.mark.parametrize("arguments", [["addition"], ["--seeds", "0"], ["--questions", "0"]])
def test_what_is_no_bench_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        faithfulness.main(arguments)
    assert "wanted names among sentiment, reverse, induction" in capsys.readouterr().err
