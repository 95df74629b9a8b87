"""What is measured against each other computes the same: outputs, loss, gradients, and the weights after some steps."""

import numpy as np
import pytest
import textbook
from textbook_weights import build, gradients, parameters_of

from lesson import tree
from lesson.models.config import Seq2SeqConfig
from lesson.models.objectives import seq2seq_objective
from lesson.models.seq2seq import init_seq2seq, seq2seq
from lesson.tasks import reverse
from lesson.training import adam


@pytest.fixture
def example():
    task, rng = reverse(6, shortest=3), np.random.default_rng(0)
    config = Seq2SeqConfig(len(task.vocabulary), width=12, num_heads=3, hidden_width=7)
    params = tree.map(lambda leaf: leaf + 0.1 * rng.standard_normal(leaf.shape), init_seq2seq(rng, config))
    return config, params, task.draw(rng, 5)


def test_the_same_logits(example):
    config, params, (source, target) = example
    expected, _ = seq2seq(params, source, target, config)
    kept = target != config.pad
    assert np.allclose(build(params, config.num_heads).forward(source, target)[kept], expected[kept], atol=1e-10)


def test_the_same_loss_and_gradients(example):
    config, params, batch = example
    loss, grads, _ = seq2seq_objective(config)(params, batch)
    model = build(params, config.num_heads)
    assert model.loss_and_gradients(*batch) == pytest.approx(loss, abs=1e-10)
    expected, got = tree.flatten(grads), tree.flatten(gradients(model))
    assert expected.keys() == got.keys()
    for path in expected:
        assert np.allclose(got[path], expected[path], rtol=0, atol=1e-10), path


def test_the_same_weights_after_some_steps(example):
    config, params, batch = example
    model, optimiser, objective = build(params, config.num_heads), adam(0.01), seq2seq_objective(config)
    their_optimiser, state = textbook.Adam(parameters_of(model), 0.01), optimiser.init(params)
    assert sum(parameter.value.size for parameter in parameters_of(model)) == tree.count(params)
    for _ in range(5):
        loss, grads, _ = objective(params, batch)
        params, state = optimiser.update(grads, state, params)
        assert model.loss_and_gradients(*batch) == pytest.approx(loss, abs=1e-9)
        their_optimiser.update()
