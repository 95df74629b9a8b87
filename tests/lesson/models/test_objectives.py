import dataclasses

import numpy as np
import pytest

from lesson import tree
from lesson.gradcheck import numerical_gradient
from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model
from lesson.models.objectives import classifier_objective, language_model_objective, seq2seq_objective
from lesson.models.seq2seq import init_seq2seq, seq2seq

V = 7
SIZES = {"width": 8, "num_heads": 2, "hidden_width": 12}
SOURCE = np.array([[4, 5, 6], [6, 4, 0]])
TARGET = np.array([[2, 6, 5, 4, 3], [2, 4, 6, 3, 0]])


def seq2seq_sample(**settings):
    config = Seq2SeqConfig(V, **SIZES, **settings)
    return init_seq2seq(np.random.default_rng(0), config), (SOURCE, TARGET), seq2seq_objective(config)


def language_model_sample(**settings):
    config = LanguageModelConfig(V, **SIZES, **settings)
    batch = (TARGET[:, :-1], TARGET[:, 1:])
    return init_language_model(np.random.default_rng(0), config), batch, language_model_objective(config)


def classifier_sample(**settings):
    config = ClassifierConfig(V, num_labels=3, **SIZES, **settings)
    return init_classifier(np.random.default_rng(0), config), (SOURCE, np.array([2, 0])), classifier_objective(config)


SAMPLES = [(seq2seq_sample, 7, V), (language_model_sample, 7, V), (classifier_sample, 2, 3)]


@pytest.mark.parametrize(("sample", "kept", "choices"), SAMPLES)
def test_a_model_that_knows_nothing_is_surprised_by_the_number_of_choices(sample, kept, choices):
    params, batch, objective = sample()
    loss, grads, count = objective(tree.zeros_like(params), batch)
    assert isinstance(loss, float)
    assert loss == pytest.approx(np.log(choices), abs=1e-12)
    assert count == kept
    tree.map(lambda leaf, grad: np.testing.assert_equal(grad.shape, leaf.shape), params, grads)


@pytest.mark.parametrize(("sample", "kept", "choices"), SAMPLES)
def test_the_gradients_are_those_of_the_loss(sample, kept, choices):
    params, batch, objective = sample(activation="gelu")
    _, grads, _ = objective(params, batch)
    rng = np.random.default_rng(1)
    direction = tree.map(lambda leaf: rng.standard_normal(leaf.shape), params)
    along = np.zeros(1)

    def moved():
        return objective(tree.map(lambda leaf, d: leaf + along[0] * d, params, direction), batch)[0]

    slope = sum(np.vdot(*pair) for pair in tree.flatten(tree.map(lambda g, d: (g, d), grads, direction)).values())
    np.testing.assert_allclose(numerical_gradient(moved, along), [slope], rtol=1e-7)


@pytest.mark.parametrize(("sample", "kept", "choices"), SAMPLES)
def test_one_step_downhill_lowers_the_loss(sample, kept, choices):
    params, batch, objective = sample()
    loss, grads, _ = objective(params, batch)
    assert objective(tree.map(lambda leaf, grad: leaf - 0.01 * grad, params, grads), batch)[0] < loss - 1e-3


@pytest.mark.parametrize(("sample", "kept", "choices"), SAMPLES)
def test_small_batches_weighted_by_what_they_kept_are_the_large_one(sample, kept, choices):
    params, batch, objective = sample()
    loss, grads, count = objective(params, batch)
    parts = [objective(params, tuple(array[row : row + 1] for array in batch)) for row in (0, 1)]
    assert sum(part[2] for part in parts) == count
    assert sum(part[0] * part[2] for part in parts) / count == pytest.approx(loss, abs=1e-12)
    summed = tree.map(lambda a, b: (a * parts[0][2] + b * parts[1][2]) / count, parts[0][1], parts[1][1])
    tree.map(lambda got, wanted: np.testing.assert_allclose(got, wanted, atol=1e-12), summed, grads)


def test_the_decoder_is_asked_for_the_next_token_and_never_told_it():
    params, batch, objective = seq2seq_sample()
    config = Seq2SeqConfig(V, **SIZES)
    logits, _ = seq2seq(params, SOURCE, TARGET, config)
    log_shares = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    wanted = [-log_shares[row, place, TARGET[row, place + 1]] for row in (0, 1) for place in range(4 - row)]
    assert objective(params, batch)[0] == pytest.approx(np.mean(wanted), abs=1e-12)


def test_dropout_and_smoothing_reach_the_loss():
    params, batch, objective = seq2seq_sample(dropout=0.5)
    first, second = (objective(params, batch, np.random.default_rng(seed))[0] for seed in (1, 2))
    assert len({first, second, objective(params, batch)[0]}) == 3
    config = Seq2SeqConfig(V, **SIZES)
    assert seq2seq_objective(config, smoothing=0.1)(params, batch)[0] != objective(params, batch)[0]


def test_a_silenced_lexicon_leaves_the_network_alone_and_is_not_moved():
    config = ClassifierConfig(V, num_labels=3, lexicon_scale=0.6, **SIZES)
    params = init_classifier(np.random.default_rng(0), config, opinions=np.arange(V) - 3.0)
    network = {name: params[name] for name in ("encoder", "output")}
    batch = (SOURCE, np.array([2, 0]))
    silent = classifier_objective(dataclasses.replace(config, lexicon_scale=0.0))(params, batch)
    without = classifier_objective(ClassifierConfig(V, num_labels=3, **SIZES))(network, batch)
    assert silent[0] == without[0]
    assert not silent[1]["lexicon"]["weight"].any()
    loud = classifier_objective(config)(params, batch)
    assert loud[0] != silent[0]
    # Padding has no opinion, though its id has one; ids 1 to 3 are in no text.
    assert loud[1]["lexicon"]["weight"][:4].tolist() == [0, 0, 0, 0]
    assert loud[1]["lexicon"]["weight"][4:].all()
