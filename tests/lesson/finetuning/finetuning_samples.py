"""Small models with batches, one of each kind, for what fine-tuning must hold on all of them."""

import numpy as np

from lesson.models.classifier import classifier, init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import init_language_model, language_model
from lesson.models.objectives import classifier_objective, language_model_objective, seq2seq_objective
from lesson.models.seq2seq import init_seq2seq, seq2seq
from lesson.tasks import Examples

SIZES = {"width": 6, "num_layers": 2, "num_heads": 2, "hidden_width": 10, "positions": "learned", "longest": 9}
CONFIGS = {
    "classifier": ClassifierConfig(11, num_labels=3, **SIZES),
    "lexicon": ClassifierConfig(11, lexicon_scale=0.5, **SIZES),
    "language_model": LanguageModelConfig(11, **SIZES),
    "tied": LanguageModelConfig(11, tied=True, **SIZES),
    "seq2seq": Seq2SeqConfig(11, **SIZES),
    "shared": Seq2SeqConfig(11, shared=True, tied=True, norm_first=False, **SIZES),
}
_OBJECTIVES = {
    ClassifierConfig: classifier_objective,
    LanguageModelConfig: language_model_objective,
    Seq2SeqConfig: seq2seq_objective,
}


def sample(name, count=8, seed=0):
    """Draw (params, config, examples) of one kind, the lexicon included where there is one."""
    config, rng = CONFIGS[name], np.random.default_rng(seed)
    source = rng.integers(1, 11, (count, 5))
    if isinstance(config, ClassifierConfig):
        opinions = None if config.lexicon_scale is None else rng.normal(size=11)
        return init_classifier(rng, config, opinions), config, Examples(source, source[:, 0] % config.num_labels)
    init = init_seq2seq if isinstance(config, Seq2SeqConfig) else init_language_model
    return init(rng, config), config, Examples(source, source[:, ::-1].copy())


def objective_of(config):
    return _OBJECTIVES[type(config)](config)


def logits_of(params, config, examples):
    if isinstance(config, Seq2SeqConfig):
        return seq2seq(params, *examples, config)[0]
    read = classifier if isinstance(config, ClassifierConfig) else language_model
    return read(params, examples.source, config)[0]
