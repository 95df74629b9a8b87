"""Heads silenced, averaged and patched, where the loss is known otherwise."""

import numpy as np
import pytest
from asked import ALL, IDS, OTHER_IDS, TARGET, classify, continue_text, write

from lesson import tree
from lesson.interpret import ablate_heads, fix_head, head_outputs, mean_heads, patch_heads, score
from lesson.interpret.parts import forward_of
from lesson.models.gates import attention_paths


def changed(question, change):
    return question._replace(params=tree.unflatten(tree.flatten(question.params) | change))


@pytest.mark.parametrize("name", ALL)
def test_a_silenced_head_has_no_rows_in_the_output_map(name):
    question = ALL[name]()
    losses = ablate_heads(question)
    assert set(losses) == set(attention_paths(question.params))
    for path, loss in losses.items():
        assert loss.shape == (2, 2)
        for head in range(2):
            weight = tree.flatten(question.params)[f"{path}/output/weight"].copy()
            weight[4 * head : 4 * (head + 1)] = 0
            wanted = score(question) - score(changed(question, {f"{path}/output/weight": weight}))
            np.testing.assert_allclose(loss[:, head], wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("path", ["encoder/1/attention", "decoder/0/cross_attention"])
def test_a_head_that_always_says_the_same_is_no_loss_when_its_mean_stays(path):
    question = write()
    value = tree.flatten(question.params)[f"{path}/value/weight"].copy()
    value[:, :4] = 0
    question = changed(question, {f"{path}/value/weight": value})
    np.testing.assert_allclose(ablate_heads(question, mean=True)[path][:, 0], 0, rtol=0, atol=1e-12)
    assert np.abs(ablate_heads(question)[path][:, 0]).min() > 1e-4
    assert np.abs(ablate_heads(question, mean=True)[path][:, 1]).min() > 1e-4


def test_the_mean_is_taken_over_tokens_alone():
    longer = classify(ids=np.pad(IDS, ((0, 0), (0, 2))))
    for path, loss in ablate_heads(classify(), mean=True).items():
        np.testing.assert_allclose(ablate_heads(longer, mean=True)[path], loss, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("mean", [False, True])
def test_a_model_without_a_head_scores_as_if_it_were_ablated(name, mean):
    question = ALL[name]()
    losses = ablate_heads(question, mean)
    for path, means in mean_heads(question).items():
        for head, says in enumerate(means):
            params = fix_head(question.params, path, head, says if mean else 0 * says)
            loss = score(question) - score(question._replace(params=params))
            np.testing.assert_allclose(losses[path][:, head], loss, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("path", "head", "width", "wanted"),
    [
        ("encoder/9/attention", 0, 4, "wanted a path among encoder/0/attention, .*, got 'encoder/9/attention'"),
        ("encoder/0/attention", 2, 4, "wanted a head from 0 to 1 of width 8 / 2, got 2"),
        ("encoder/0/attention", 0, 3, "wanted a head from 0 to 1"),
    ],
)
def test_a_head_that_is_not_there_is_refused(path, head, width, wanted):
    with pytest.raises(ValueError, match=wanted):
        fix_head(classify().params, path, head, np.zeros(width))


def test_a_patched_head_brings_what_it_said_elsewhere():
    # One layer, no feed-forward layer and no norm above: the logits are linear in what heads say.
    question = continue_text(num_layers=1, positions="learned")
    flat = tree.flatten(question.params)
    flat = {name: leaf for name, leaf in flat.items() if not name.startswith("decoder/norm/")}
    flat["decoder/0/feed_forward/output/weight"] = 0 * flat["decoder/0/feed_forward/output/weight"]
    question = question._replace(params=tree.unflatten(flat))
    forward = forward_of(question.config)
    path = "decoder/0/attention"
    here, there = (head_outputs(forward(question.params, ids, question.config)[1])[path] for ids in (IDS, OTHER_IDS))
    weight = flat[f"{path}/output/weight"].reshape(2, 4, 8)
    moved = np.einsum("bhtk,hkd,dv,btv->bh", there - here, weight, flat["decoder/output/weight"], question.readout)
    assert np.abs(moved).min() > 1e-4
    np.testing.assert_allclose(patch_heads(question, (OTHER_IDS,))[path], moved, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_patching_from_the_same_run_changes_nothing(name):
    question = ALL[name]()
    for effect in patch_heads(question, question.inputs).values():
        np.testing.assert_allclose(effect, 0, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ((OTHER_IDS[:, :3], TARGET), "wanted inputs of shapes"),
        ((OTHER_IDS[::-1], TARGET), "wanted padding at the same places in both runs"),
    ],
)
def test_runs_that_do_not_match_are_refused(other, wanted):
    with pytest.raises(ValueError, match=wanted):
        patch_heads(write(), other)
