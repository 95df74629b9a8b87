"""What the kinds of models have in common, so that every method is written once for all of them."""

from collections.abc import Callable

import numpy as np

from lesson.models.classifier import classifier, classifier_backward
from lesson.models.config import ClassifierConfig, LanguageModelConfig, ModelConfig, Seq2SeqConfig
from lesson.models.language_model import language_model, language_model_backward
from lesson.models.seq2seq import seq2seq, seq2seq_backward

_KINDS = {
    ClassifierConfig: (classifier, classifier_backward, ("encoder",)),
    LanguageModelConfig: (language_model, language_model_backward, ("decoder",)),
    Seq2SeqConfig: (seq2seq, seq2seq_backward, ("encoder", "decoder")),
}


def forward_of(config: ModelConfig) -> Callable:
    """Find the model of a config: (params, *inputs, config, gates) -> (logits, cache)."""
    return _kind(config)[0]


def backward_of(config: ModelConfig) -> Callable:
    """Find its backward pass: (d_logits, cache) -> (None, grads)."""
    return _kind(config)[1]


def parts_of(config: ModelConfig) -> tuple[str, ...]:
    """Name the stacks of a model in the order of its inputs."""
    return _kind(config)[2]


def table_paths(params: dict, config: ModelConfig) -> tuple[str, ...]:
    """Name the table of tokens that each input is read with; one table may serve both."""
    shared = "embedding" in params
    return tuple(f"{'' if shared else f'{part}/'}embedding/token/weight" for part in parts_of(config))


def read_logits(readout: np.ndarray, logits: np.ndarray, config: ModelConfig) -> np.ndarray:
    """Add up logits times factors: over labels, or over places and tokens."""
    axes = (-1,) if isinstance(config, ClassifierConfig) else (-2, -1)
    return np.sum(logits[..., : readout.shape[-1]] * readout, axis=axes)


def count_layers(params: dict, part: str) -> int:
    """Count the layers of "encoder" or "decoder"."""
    return sum(key.isdigit() for key in params[part])


def keep_layers(params: dict, part: str, start: int = 0, stop: int | None = None) -> dict:
    """Take layers out of a model: those before `start` and from `stop` on. The rest keeps its order.

    Raises ValueError unless 0 <= start <= stop <= the number of layers.
    """
    count = count_layers(params, part)
    stop = count if stop is None else stop
    if not 0 <= start <= stop <= count:
        raise ValueError(f"wanted 0 <= start <= stop <= {count} layers, got start={start}, stop={stop}")
    rest = {name: branch for name, branch in params[part].items() if not name.isdigit()}
    layers = {str(number - start): params[part][str(number)] for number in range(start, stop)}
    return params | {part: rest | layers}


def require_same_padding(inputs: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...], config: ModelConfig) -> None:
    """Raise ValueError unless two runs have their tokens at the same places: only then can one stand in for another."""
    shapes = [[np.shape(ids) for ids in run] for run in (inputs, other)]
    if shapes[0] != shapes[1]:
        raise ValueError(f"wanted inputs of shapes {shapes[0]}, got {shapes[1]}")
    if any(((a == config.pad) != (np.asarray(b) == config.pad)).any() for a, b in zip(inputs, other, strict=True)):
        raise ValueError("wanted padding at the same places in both runs")


def _kind(config: ModelConfig) -> tuple:
    if type(config) not in _KINDS:
        wanted = ", ".join(kind.__name__ for kind in _KINDS)
        raise ValueError(f"wanted one of {wanted}, got {type(config).__name__}")
    return _KINDS[type(config)]
