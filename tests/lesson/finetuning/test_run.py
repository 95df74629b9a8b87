"""A playbook is executed as it stands: frozen is frozen, best is kept, and a run taken up again is the same run."""

from dataclasses import replace

import numpy as np
import pytest
from finetuning_samples import CONFIGS, objective_of, sample

from lesson import fine_tuning_playbook, tree
from lesson.finetuning.moving import is_spared, moving_part, optimiser_for
from lesson.finetuning.parts import levels, part_paths
from lesson.finetuning.plan import Phase, read_playbook
from lesson.finetuning.resume import load_fine_tuning, save_fine_tuning
from lesson.finetuning.run import FineTuning
from lesson.finetuning.words import describe_phases, describe_progress
from lesson.training import accumulated, split_batch

PLAYBOOK = fine_tuning_playbook(lr=1e-2, epochs=2)
PLAYBOOK["discriminative_lrs"][0]["frozen_layers"] = "encoder[:1]"
PLAYBOOK["discriminative_lrs"][2]["adapter"] = "LoRA rank=2 alpha=4 on query"


def playbook_of(*phases, **settings):
    plan = [{"phase": n, "learning_rate": 0.01} | phase for n, phase in enumerate(phases, start=1)]
    return {"discriminative_lrs": plan, "epochs": 2} | settings


def run_of(playbook=PLAYBOOK, name="classifier", batch=3, count=14, dropout=0.0):
    params, config, examples = sample(name, count)
    return FineTuning(playbook, params, replace(config, dropout=dropout), examples, examples, batch)


def assert_same(one, other):
    one, other = tree.flatten(one), tree.flatten(other)
    assert one.keys() == other.keys()
    for path, leaf in one.items():
        assert np.array_equal(leaf, other[path]), path


def test_the_ancestors_playbook_runs_as_it_is_written():
    run = run_of(fine_tuning_playbook())
    assert [progress.phase for progress in run.steps()] == [1] * 9 + [2] * 9 + [3] * 9
    assert [phase.rate for phase in run.plan.phases] == pytest.approx([2e-6, 2e-5, 3e-5])
    assert run.plan.phases[2].adapter == (4, 1.0, ("query", "value"))


@pytest.mark.parametrize("name", CONFIGS)
def test_frozen_parameters_stay_bit_for_bit_and_all_others_move(name):
    stack = "decoder" if "language" in name or name == "tied" else "encoder"
    frozen = f"{stack}[:1]"
    run = run_of(playbook_of({"frozen_layers": frozen}, {"adapter": "LoRA rank=1 on key"}), name, batch=14)
    for progress in run.steps():
        base, after = (tree.flatten(each) for each in (progress.state.base, run.latest(progress.state)))
        still = set(part_paths(run.params, frozen))
        if progress.phase == 2:
            still = {path for path in base if not path.endswith("key/weight")}
        assert all(np.array_equal(after[path], base[path]) for path in still)
        moved = {path for path in base if not np.array_equal(after[path], base[path])}
        assert moved == base.keys() - still


def test_the_best_so_far_is_kept_and_carried_into_the_next_phase():
    run = run_of(playbook_of({"learning_rate": 0.01}, {"learning_rate": 3.0}, {"frozen_layers": "encoder"}, epochs=3))
    best, best_params = run.evaluate(run.params), run.params
    for progress in run.steps():
        if progress.report.step == 1:
            assert_same(progress.state.base, best_params)
        score = progress.report.score
        assert (score is not None) == (progress.report.step % run.steps_an_epoch == 0)
        if score is not None and score > best:
            best, best_params = score, run.latest(progress.state)
        assert progress.state.training.best_score == best
        assert_same(run.best(progress.state), best_params)
    assert best > run.evaluate(run.params)


def test_a_phase_ends_when_the_score_has_stood_still_too_long():
    hopeless = playbook_of({"learning_rate": 1e-9}, {"learning_rate": 1e-9}, epochs=9, patience=2)
    seen = [(progress.phase, progress.epoch) for progress in run_of(hopeless, batch=14).steps()]
    assert seen == [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize("name", ["classifier", "seq2seq"])
def test_a_run_taken_up_after_any_step_is_the_same_run(name, tmp_path):
    run = run_of(PLAYBOOK | {"patience": 1}, name, dropout=0.2)
    whole = list(run.steps())
    for stop in range(0, len(whole), 2):
        save_fine_tuning(tmp_path / "run.npz", whole[stop].state, run)
        state = load_fine_tuning(tmp_path / "run.npz", run_of(run.playbook, name, dropout=0.2))
        rest = list(run.steps(state))
        assert [each.report[:4] for each in rest] == [each.report[:4] for each in whole[stop + 1 :]]
        last = rest[-1].state if rest else state
        assert_same(run.latest(last), run.latest(whole[-1].state))
        assert_same(run.best(last), run.best(whole[-1].state))


def test_stopped_by_hand_and_gone_on_with():
    run = run_of()
    stopped = run.train(on_step=lambda progress: progress.phase == 2)
    assert (stopped.phase, stopped.training.step) == (2, 1)
    assert_same(run.latest(run.train(stopped)), run.latest(run.train()))
    assert list(run.steps(run.train())) == []


def test_accumulated_passes_make_one_step():
    small = run_of(playbook_of({}, gradient_accumulation_steps=4), batch=2)
    large = run_of(playbook_of({}), batch=8)
    assert small.steps_an_epoch == large.steps_an_epoch == 2
    for one, other in zip(small.steps(), large.steps(), strict=True):
        assert one.report.loss == pytest.approx(other.report.loss, rel=1e-12)
        assert one.report.gradient_norm == pytest.approx(other.report.gradient_norm, rel=1e-9)


def test_the_lower_a_layer_the_slower_and_neither_norms_nor_biases_decay():
    params, config, examples = sample("seq2seq")
    phase = Phase(1, None, None, rate=0.1, layer_decay=0.5, epochs=1)
    optimiser = optimiser_for(params, params, phase, weight_decay=0.3)
    # Without gradients AdamW only decays, and the decay tells the rate.
    after, _ = optimiser.update(tree.map(np.zeros_like, params), optimiser.init(params), params)
    height = levels(params)
    for path, leaf in tree.flatten(params).items():
        decay = 0.0 if is_spared(path) else 0.3
        rate = 0.1 * 0.5 ** (5 - height[path])
        np.testing.assert_allclose(tree.flatten(after)[path], leaf * (1 - rate * decay), rtol=1e-12)
    spared = {path for path in height if is_spared(path)}
    assert spared == {path for path in height if path.endswith("bias") or "norm" in path}
    slopes = objective_of(config)(params, examples)[1]
    moved = tree.flatten(optimiser.update(slopes, optimiser.init(params), params)[0])
    query = "encoder/1/attention/query/bias"
    step = np.abs(moved[query] - tree.flatten(params)[query]).max()
    assert step == pytest.approx(0.1 * 0.5**3, rel=1e-2)


def test_an_adapter_is_as_slow_as_the_layer_it_stands_beside():
    params, _, _ = sample("classifier")
    plan = read_playbook(playbook_of({"adapter": "LoRA rank=1 on query", "layer_decay": 0.1}, weight_decay=0.5))
    moved = moving_part(params, plan.phases[0]).start(np.random.default_rng(0))
    optimiser = optimiser_for(params, moved, plan.phases[0], plan.weight_decay)
    after = tree.flatten(optimiser.update(tree.map(np.zeros_like, moved), optimiser.init(moved), moved)[0])
    for layer, rate in ((0, 0.01 * 0.1**2), (1, 0.01 * 0.1)):
        path = f"encoder/{layer}/attention/query/weight/down"
        np.testing.assert_allclose(after[path], tree.flatten(moved)[path] * (1 - rate * 0.5), rtol=1e-12)


def test_the_words_say_what_moves():
    run = run_of()
    counts = run.count_trainable()
    total, below = tree.count(run.params), sum(run.params["encoder"]["0"]["attention"]["query"]["weight"].shape)
    assert counts[2] == (2 * 2 * below, total + 2 * 2 * below)
    assert counts[0][1] == total and counts[0][0] == total - tree.count(run.params["encoder"]["0"])
    lines = describe_phases(run).splitlines()
    assert lines[0].startswith("phase 1: encoder[:1] frozen, rate 0.001, 2 epochs, trains ")
    assert lines[2].startswith("phase 3: LoRA rank 2 on query, all else frozen, rate 0.015, 2 epochs, trains 48 of ")
    said = [describe_progress(run, progress) for progress in run.steps()]
    assert said[0].startswith("phase 1 of 3, epoch 1 of 2, step 1: loss ") and "right" not in said[0]
    assert said[2].endswith("% right")


def test_a_last_batch_smaller_than_its_passes_is_cut_into_fewer():
    # 13 in one step of four passes and one more of a single example.
    run = run_of(playbook_of({}, gradient_accumulation_steps=4, epochs=1), batch=3, count=13)
    assert [progress.report.step for progress in run.steps()] == [1, 2]


def test_one_step_on_all_is_the_objective_on_all():
    run = run_of(playbook_of({}, gradient_accumulation_steps=3), batch=6)
    assert run.steps_an_epoch == 1
    loss = accumulated(objective_of(run.config))(run.params, split_batch(run.examples, 3), None)[0]
    assert next(run.steps()).report.loss == pytest.approx(loss, rel=1e-12)


def test_an_adapter_taken_off_leaves_the_model_as_it_came():
    run = run_of(playbook_of({"adapter": "LoRA rank=1 on feed_forward"}))
    end = run.train()
    assert_same(end.base, run.params)
    adapter, merged = end.training.params, tree.flatten(run.latest(end))
    assert {path.split("/weight/")[1] for path in tree.flatten(adapter)} == {"down", "up"}
    for path, leaf in tree.flatten(run.params).items():
        assert np.array_equal(merged[path], leaf) != ("feed_forward/" in path and path.endswith("weight"))
