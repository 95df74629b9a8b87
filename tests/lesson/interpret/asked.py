"""Small questions of every kind of model, for several tests; the last token of the second row is padding."""

import numpy as np

from lesson import tree
from lesson.interpret import ask
from lesson.interpret.parts import keep_layers
from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model
from lesson.models.seq2seq import init_seq2seq

V = 9
IDS = np.array([[5, 2, 7, 2], [8, 1, 3, 0]])
OTHER_IDS = np.array([[4, 2, 6, 1], [2, 5, 5, 0]])
TARGET = np.array([[1, 4, 6], [1, 3, 2]])
SIZES = {"width": 8, "num_heads": 2, "hidden_width": 12, "longest": 8, "activation": "gelu"}


def classify(opinions=True, ids=IDS, **settings):
    config = ClassifierConfig(V, num_labels=3, lexicon_scale=0.6 if opinions else None, **(SIZES | settings))
    rng = np.random.default_rng(0)
    params = init_classifier(rng, config, rng.standard_normal(V) if opinions else None)
    return ask(_moved(params, rng), config, (ids,), np.array([2, 0]))


def continue_text(ids=IDS, **settings):
    config = LanguageModelConfig(V, **(SIZES | settings))
    rng = np.random.default_rng(1)
    return ask(_moved(init_language_model(rng, config), rng), config, (ids,), np.array([3, 6]), np.array([3, 1]))


def write(ids=IDS, **settings):
    config = Seq2SeqConfig(V, **(SIZES | settings))
    rng = np.random.default_rng(2)
    params = _moved(init_seq2seq(rng, config), rng)
    return ask(params, config, (ids, TARGET), np.array([3, 6]), np.array([2, 1]))


def bag():
    """A classifier of no layers and no norm: the score is a sum of what each token says, whatever its neighbours."""
    question = classify(opinions=False, norm_first=False, positions="none")
    return question._replace(params=keep_layers(question.params, "encoder", 0, 0))


def said_in_bag(question):
    """What each token of the bag adds to the score."""
    params, (ids,) = question.params, question.inputs
    is_token = ids != 0
    rows = params["encoder"]["embedding"]["token"]["weight"][ids] * np.sqrt(question.config.width)
    votes = np.einsum("bsd,dl,bl->bs", rows, params["output"]["weight"], question.readout)
    return votes * is_token / is_token.sum(axis=-1, keepdims=True)


ALL = {
    "classifier": classify,
    "post-norm": lambda: classify(norm_first=False, positions="rotary"),
    "language model": lambda: continue_text(positions="alibi"),
    "tied": lambda: continue_text(tied=True, positions="learned", num_key_heads=1),
    "seq2seq": write,
    "one table": lambda: write(shared=True, tied=True),
}


def _moved(params, rng):
    return tree.map(lambda leaf: leaf + 0.2 * rng.standard_normal(leaf.shape), params)
