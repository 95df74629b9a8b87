"""What attention blames, read off the weights by hand."""

import numpy as np
import pytest
from asked import ALL, IDS, classify, continue_text, write

from lesson.interpret import (
    attention_blame,
    attention_flow,
    attention_rollout,
    flow_blame,
    flow_through,
    weights_of,
    with_residual,
)
from lesson.models.gates import attention_paths


@pytest.mark.parametrize("name", ALL)
def test_weights_of_every_head_are_found(name):
    question = ALL[name]()
    weights = weights_of(question)
    assert set(weights) == set(attention_paths(question.params))
    assert all(each.shape[:2] == (2, 2) for each in weights.values())


def test_a_classifier_asks_with_all_its_tokens():
    question = classify()
    weights = weights_of(question)["encoder/1/attention"].mean(axis=1)
    wanted = np.stack([weights[0].mean(axis=0), weights[1, :3].mean(axis=0)])
    np.testing.assert_allclose(attention_blame(question)[0], wanted, rtol=0, atol=1e-12)


def test_a_language_model_asks_at_the_place_of_the_answer():
    question = continue_text()
    weights = [weights_of(question)[f"decoder/{layer}/attention"].mean(axis=1) for layer in (0, 1)]
    np.testing.assert_allclose(attention_blame(question)[0], weights[1][[0, 1], [3, 1]], rtol=0, atol=1e-12)
    rolled = attention_rollout(weights)[1][[0, 1], [3, 1]]
    np.testing.assert_allclose(attention_blame(question, rolled=True)[0], rolled, rtol=0, atol=1e-12)


def test_an_encoder_decoder_asks_across():
    question = write()
    weights = {path: each.mean(axis=1) for path, each in weights_of(question).items()}
    cross = weights["decoder/1/cross_attention"][[0, 1], [2, 1]]
    source, target = attention_blame(question)
    np.testing.assert_allclose(source, cross, rtol=0, atol=1e-12)
    np.testing.assert_allclose(target, weights["decoder/1/attention"][[0, 1], [2, 1]], rtol=0, atol=1e-12)
    read = attention_rollout([weights["encoder/0/attention"], weights["encoder/1/attention"]])[1]
    wanted = np.stack([a @ b for a, b in zip(cross, read, strict=True)]) * (IDS != 0)
    np.testing.assert_allclose(attention_blame(question, rolled=True)[0], wanted, rtol=0, atol=1e-12)


def test_flow_is_asked_for_where_attention_is():
    question = continue_text()
    weights = [weights_of(question)[f"decoder/{layer}/attention"].mean(axis=1) for layer in (0, 1)]
    wanted = attention_flow(weights)[[0, 1], [3, 1]]
    np.testing.assert_allclose(flow_blame(question)[0], wanted, rtol=0, atol=1e-12)
    assert np.abs(wanted - attention_blame(question, rolled=True)[0]).max() > 1e-3


def test_across_the_flow_goes_on_through_the_encoder():
    question = write(num_layers=1)
    weights = {path: each.mean(axis=1) for path, each in weights_of(question).items()}
    cross, read = weights["decoder/0/cross_attention"], with_residual(weights["encoder/0/attention"])
    source, target = flow_blame(question)
    wanted = flow_through([read, cross])[[0, 1], [2, 1]] * (IDS != 0)
    np.testing.assert_allclose(source, wanted, rtol=0, atol=1e-12)
    own = with_residual(weights["decoder/0/attention"])[[0, 1], [2, 1]]
    np.testing.assert_allclose(target, own, rtol=0, atol=1e-12)
