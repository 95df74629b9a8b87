"""What a model is taught and asked, looked at before the first step."""

import numpy as np

from lesson import tree
from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig, LanguageModelConfig, ModelConfig
from lesson.recipes.recipe import KINDS
from lesson.tasks import Examples
from lesson.training.flat import require_same_form


def fresh_params(rng: np.random.Generator, config: ModelConfig) -> dict:
    """Draw a model of a config's kind; a classifier's lexicon, if it has one, is silent."""
    if isinstance(config, ClassifierConfig):
        opinions = None if config.lexicon_scale is None else np.zeros(config.vocabulary)
        return init_classifier(rng, config, opinions)
    if type(config) not in KINDS:
        raise ValueError(f"wanted the config of a model that can be trained, got {type(config).__name__}")
    return KINDS[type(config)].init(rng, config)


def require_params(params: dict, config: ModelConfig) -> None:
    """Raise ValueError, naming a parameter, unless these are finite numbers in the form that the config asks for."""
    leaves = tree.flatten(params)
    for path, leaf in leaves.items():
        if not (isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f" and np.isfinite(leaf).all()):
            raise ValueError(f"parameters: wanted an array of finite numbers at {path!r}, got something else")
    require_same_form(tree.flatten(fresh_params(np.random.default_rng(0), config)), leaves, "parameters")


def require_examples(name: str, examples: Examples, config: ModelConfig) -> None:
    """Raise ValueError unless a model of this config can read all sources and be asked all targets.

    There must be at least one example; ids and labels must be in range, and fit the learned positions.
    """
    source, target = (np.asarray(each) for each in (examples.source, examples.target))
    sources, targets = (len(np.atleast_1d(each)) for each in (source, target))
    if not sources or sources != targets:
        raise ValueError(f"{name}: wanted examples, at least one, got {sources} sources and {targets} targets")
    _require_ids(f"{name}: source", source, config)
    if isinstance(config, ClassifierConfig):
        if target.ndim != 1:
            raise ValueError(f"{name}: wanted one label for each source, got an array of shape {target.shape}")
        _require_range(f"{name}: wanted labels", target, config.num_labels)
        return
    # What is said last is never read.
    _require_ids(f"{name}: target", target if isinstance(config, LanguageModelConfig) else target[..., :-1], config)
    _require_range(f"{name}: target: wanted token ids", target, config.vocabulary)
    if isinstance(config, LanguageModelConfig) and target.shape != source.shape:
        raise ValueError(f"{name}: wanted a target for each token, got shapes {source.shape} and {target.shape}")
    asked = (target if isinstance(config, LanguageModelConfig) else target[:, 1:]) != config.pad
    if not asked.any(axis=1).all():
        raise ValueError(
            f"{name}: wanted a token to say in each target, got none in number {asked.any(axis=1).argmin()}"
        )


def _require_ids(name: str, ids: np.ndarray, config: ModelConfig) -> None:
    if ids.ndim != 2:
        raise ValueError(f"{name}: wanted token ids in an array B x T, got shape {ids.shape}")
    _require_range(f"{name}: wanted token ids", ids, config.vocabulary)
    longest = int((ids != config.pad).sum(axis=1).max())
    if config.positions == "learned" and longest > config.longest:
        raise ValueError(
            f"{name}: wanted at most {config.longest} tokens, for which there are positions, got {longest}"
        )


def _require_range(wanted: str, ids: np.ndarray, end: int) -> None:
    if ids.dtype.kind not in "iu":
        raise ValueError(f"{wanted} as whole numbers, got {ids.dtype}")
    stray = ids[(ids < 0) | (ids >= end)]
    if stray.size:
        raise ValueError(f"{wanted} from 0 to {end - 1}, got {stray[0]}")
