"""What training makes small: from a model's config to a function (params, batch, rng) -> (loss, grads, kept).

The loss is the mean surprise over the `kept` tokens (or texts) of a batch; the generator feeds dropout, if any.
"""

from collections.abc import Callable

from lesson.models.classifier import classifier, classifier_backward
from lesson.models.config import ClassifierConfig, LanguageModelConfig, Seq2SeqConfig
from lesson.models.language_model import language_model, language_model_backward
from lesson.models.seq2seq import seq2seq, seq2seq_backward
from lesson.nn.loss import cross_entropy, cross_entropy_backward


def seq2seq_objective(config: Seq2SeqConfig, smoothing: float = 0.0) -> Callable:
    """Surprise of an encoder-decoder at each next token of the target, all from one pass (teacher forcing).

        cross_entropy(seq2seq(source, target_0 ... target_T-1), target_1 ... target_T)        Williams & Zipser 1989

    A batch is (source (B, S), target (B, T)), the target from its first token to its last.
    """

    def objective(params, batch, rng=None):
        source, target = batch
        logits, cache = seq2seq(params, source, target[..., :-1], config, rng=rng)
        loss, loss_cache = cross_entropy(logits, target[..., 1:], smoothing, config.pad)
        _, grads = seq2seq_backward(cross_entropy_backward(1.0, loss_cache), cache)
        return float(loss), grads, loss_cache.count

    return objective


def language_model_objective(
    config: LanguageModelConfig, smoothing: float = 0.0, mask: Callable | None = None
) -> Callable:
    """Surprise of a language model at the token that follows each.

    A batch is (source (B, T), target (B, T)): the target holds what follows each source token, padding where nothing is
    asked. mask(source) -> may_attend (..., T, T), for those who want to see what happens with a wrong one.
    """

    def objective(params, batch, rng=None):
        source, target = batch
        may_attend = None if mask is None else mask(source)
        logits, cache = language_model(params, source, config, rng=rng, may_attend=may_attend)
        loss, loss_cache = cross_entropy(logits, target, smoothing, config.pad)
        _, grads = language_model_backward(cross_entropy_backward(1.0, loss_cache), cache)
        return float(loss), grads, loss_cache.count

    return objective


def classifier_objective(config: ClassifierConfig, smoothing: float = 0.0) -> Callable:
    """Surprise of a classifier at each text's label. A batch is (source (B, S), labels (B,))."""

    def objective(params, batch, rng=None):
        source, labels = batch
        logits, cache = classifier(params, source, config, rng=rng)
        loss, loss_cache = cross_entropy(logits, labels, smoothing)
        _, grads = classifier_backward(cross_entropy_backward(1.0, loss_cache), cache)
        return float(loss), grads, loss_cache.count

    return objective
