"""The stream between layers: heard, cut into, and patched."""

import numpy as np
import pytest
from asked import ALL, IDS, OTHER_IDS, TARGET, continue_text, write

from lesson.interpret import logit_lens, patch_stream, score, score_from
from lesson.interpret.parts import forward_of, parts_of
from lesson.models.gates import residual_stream
from lesson.nn.linear import linear
from lesson.nn.norm import layer_norm


def streams(question, inputs=None):
    inputs = question.inputs if inputs is None else inputs
    return residual_stream(forward_of(question.config)(question.params, *inputs, question.config)[1])


@pytest.mark.parametrize("name", ALL)
def test_the_lens_ends_with_what_the_model_says(name):
    question = ALL[name]()
    heard = logit_lens(question.params, question.config, question.inputs)
    logits, _ = forward_of(question.config)(question.params, *question.inputs, question.config)
    assert len(heard) == 3
    np.testing.assert_array_equal(heard[-1], logits)
    assert np.abs(heard[1] - logits).max() > 1e-3


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_lens_is_norm_and_output_on_the_stream(layer):
    question = continue_text()
    decoder = question.params["decoder"]
    wanted, _ = linear(decoder["output"], layer_norm(decoder["norm"], streams(question)["decoder"][layer])[0])
    heard = logit_lens(question.params, question.config, question.inputs)[layer]
    np.testing.assert_allclose(heard, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_a_model_that_starts_in_the_middle_of_its_own_run_ends_alike(name):
    question = ALL[name]()
    for part in parts_of(question.config):
        for layer, stream in enumerate(streams(question)[part]):
            np.testing.assert_allclose(score_from(question, part, layer, stream), score(question), rtol=0, atol=1e-11)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        (write(positions="rotary"), (OTHER_IDS, TARGET)),
        (write(shared=True, norm_first=False), (OTHER_IDS, TARGET)),
        (continue_text(tied=True), (OTHER_IDS,)),
    ],
)
def test_patching_everything_is_the_other_run(question, other):
    wanted = score(question._replace(inputs=other))
    assert np.abs(wanted - score(question)).min() > 1e-3
    part = parts_of(question.config)[0]
    for layer, stream in enumerate(streams(question, other)[part]):
        np.testing.assert_allclose(score_from(question, part, layer, stream), wanted, rtol=0, atol=1e-11)


def test_a_patch_below_all_layers_is_another_token():
    question = continue_text()
    effects = patch_stream(question, (OTHER_IDS,), "decoder")
    assert effects.shape == (3, 2, 4)
    for place in range(4):
        ids = np.where(np.arange(4) == place, OTHER_IDS, IDS)
        wanted = score(question._replace(inputs=(ids,))) - score(question)
        np.testing.assert_allclose(effects[0, :, place], wanted, rtol=0, atol=1e-11)


def test_above_all_layers_only_the_place_of_the_answer_matters():
    question = continue_text()
    effects = patch_stream(question, (OTHER_IDS,), "decoder")[-1]
    wanted = score(question._replace(inputs=(OTHER_IDS,))) - score(question)
    np.testing.assert_allclose(effects[[0, 1], [3, 1]], wanted, rtol=0, atol=1e-11)
    effects[[0, 1], [3, 1]] = 0
    np.testing.assert_allclose(effects, 0, rtol=0, atol=1e-11)


def test_a_target_can_be_patched_too():
    question = write()
    effects = patch_stream(question, (IDS, np.array([[1, 5, 6], [1, 7, 2]])), "decoder")
    assert effects.shape == (3, 2, 3)
    np.testing.assert_allclose(effects[0, :, [0, 2]], 0, rtol=0, atol=1e-11)
    assert np.abs(effects[0, :, 1]).min() > 1e-4


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="wanted a part of decoder, got 'encoder'"):
        score_from(continue_text(), "encoder", 0, np.zeros((2, 4, 8)))
    with pytest.raises(ValueError, match="wanted padding at the same places"):
        patch_stream(continue_text(), (OTHER_IDS[::-1],), "decoder")
