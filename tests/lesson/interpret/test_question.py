"""A question's score is what the logits say, and the knobs fade what they should."""

import numpy as np
import pytest
from asked import ALL, IDS, TARGET, V, classify, continue_text, write

from lesson import tree
from lesson.interpret import ask, score
from lesson.interpret.parts import forward_of, keep_layers
from lesson.interpret.question import give_rows, slopes
from lesson.models.config import ModelConfig


def test_the_score_is_the_answers_logit_against_the_mean_of_the_others():
    question = continue_text()
    logits, _ = forward_of(question.config)(question.params, *question.inputs, question.config)
    rows = logits[[0, 1], [3, 1]]
    wanted = [row[token] - np.delete(row, token).mean() for row, token in zip(rows, [3, 6], strict=True)]
    np.testing.assert_allclose(score(question), wanted, rtol=0, atol=1e-12)


def test_a_label_is_scored_against_the_other_labels():
    question = classify()
    logits, _ = forward_of(question.config)(question.params, *question.inputs, question.config)
    wanted = [logits[0, 2] - logits[0, :2].mean(), logits[1, 0] - logits[1, 1:].mean()]
    np.testing.assert_allclose(score(question), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_knobs_at_one_change_nothing(name):
    question = ALL[name]()
    keep = tuple(np.ones((5, *ids.shape)) for ids in question.inputs)
    faded = score(question, keep)
    assert faded.shape == (5, 2)
    np.testing.assert_allclose(faded, np.broadcast_to(score(question), (5, 2)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_knob_at_zero_is_a_row_of_the_baseline(norm_first):
    question = continue_text(norm_first=norm_first)._replace(baseline=np.linspace(-1, 1, 8))
    flat = tree.flatten(question.params)
    path = "decoder/embedding/token/weight"
    params = tree.unflatten(flat | {path: np.vstack([flat[path], question.baseline])})
    ids = IDS.copy()
    ids[:, 1] = V
    wanted = score(question._replace(params=params, inputs=(ids,)))
    assert np.abs(wanted - score(question)).min() > 1e-3
    np.testing.assert_allclose(score(question, (np.arange(4) != 1 * np.ones((2, 1)),)), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_slopes_are_those_of_small_steps(name):
    question = ALL[name]()._replace(baseline=np.linspace(-0.5, 0.5, 8))
    rng = np.random.default_rng(0)
    at = tuple(rng.uniform(0.3, 1, ids.shape) for ids in question.inputs)
    found, step = slopes(question, at), 1e-5
    for number, ids in enumerate(question.inputs):
        for place in range(ids.shape[1]):
            moved = [[each.copy() for each in at] for _ in range(2)]
            moved[0][number][:, place] += step
            moved[1][number][:, place] -= step
            wanted = (score(question, tuple(moved[0])) - score(question, tuple(moved[1]))) / (2 * step)
            np.testing.assert_allclose(found[number][:, place], wanted, rtol=1e-6, atol=1e-8)
    assert found[0][1, 3] == 0


def test_a_lexicons_word_fades_with_its_token():
    question = classify()
    silent = question._replace(params=question.params | {"lexicon": {"weight": np.zeros(V)}})
    keep = (np.array([[1.0, 0.0, 1.0, 1.0]] * 2),)
    opinion = question.params["lexicon"]["weight"][IDS] * np.array([1, 0, 1, 1]) * (IDS != 0)
    votes = 0.6 * opinion.sum(axis=-1)[:, None] * np.array([-1, 1, 0])
    wanted = score(silent, keep) + (votes * question.readout).sum(axis=-1)
    np.testing.assert_allclose(score(question, keep), wanted, rtol=0, atol=1e-12)


def test_own_rows_leave_padding_alone():
    question = write()
    _, (source, target) = give_rows(question, (np.zeros((2, 4, 8)), np.zeros((2, 3, 8))))
    assert source[1, 3] == 0 and source.size - 1 == len(np.unique(source[source > 0]))
    assert target.min() >= V


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"inputs": (IDS,)}, "wanted inputs for encoder and decoder, got 1"),
        ({"answer": np.array([1])}, r"wanted an answer \(2,\) and a place \(2,\)"),
        ({"place": None}, r"wanted an answer \(2,\) and a place \(2,\), got \(2,\) and \(\)"),
        ({"place": np.array([0, 3])}, "wanted places from 0 to 2"),
        ({"answer": np.array([1, V])}, "wanted ids from 0 to 8, got 1 to 9"),
        ({"baseline": np.zeros(3)}, r"wanted a baseline \(8,\), got \(3,\)"),
        ({"config": ModelConfig(V)}, "wanted one of ClassifierConfig"),
    ],
)
def test_what_does_not_fit_is_refused(change, wanted):
    question = write()
    fits = {"inputs": (IDS, TARGET), "answer": np.array([1, 2]), "place": np.array([0, 1]), "config": question.config}
    with pytest.raises(ValueError, match=wanted):
        ask(question.params, **(fits | change))


@pytest.mark.parametrize(("start", "stop"), [(-1, None), (2, 1), (0, 3)])
def test_layers_that_are_not_there_cannot_be_kept(start, stop):
    with pytest.raises(ValueError, match="wanted 0 <= start <= stop <= 2 layers"):
        keep_layers(continue_text().params, "decoder", start, stop)
