"""How good a model is: the share of right answers, each kind of model asked in the way it is used."""

import numpy as np

from lesson.models.classifier import classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.continuation import continue_from_source
from lesson.models.generate import generate
from lesson.models.language_model import language_model
from lesson.tasks import Examples, exact_match, token_accuracy
from lesson.tasks.task import BEGIN_ID, END_ID


def write(params: dict, config: Seq2SeqConfig, source: np.ndarray, limit: int) -> np.ndarray:
    """Let an encoder-decoder answer sources (B, S) greedily, in at most `limit` tokens. Returns ids (B, U)."""
    return generate(continue_from_source(params, source, BEGIN_ID, config), limit, END_ID)


def writings_right(params: dict, config: Seq2SeqConfig, examples: Examples) -> float:
    """Count the answers, written without help, that are right from the first token to the last."""
    said = write(params, config, examples.source, examples.target.shape[1] - 1)
    return float(exact_match(said, examples.target).mean())


def continuations_right(params: dict, config: LanguageModelConfig, examples: Examples) -> float:
    """Count the right next tokens among those that are asked for, the true past being given."""
    logits, _ = language_model(params, examples.source, config)
    return token_accuracy(logits.argmax(axis=-1), examples.target)


def labels_right(params: dict, config: ClassifierConfig, examples: Examples) -> float:
    """Count the right labels."""
    logits, _ = classifier(params, examples.source, config)
    return float((logits.argmax(axis=-1) == examples.target).mean())
