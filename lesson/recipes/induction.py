"""Induction: a language model that looks up what followed the last time, if it has two layers."""

from lesson import tasks
from lesson.models.config import LanguageModelConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, warm_up


def induction(seed: int = 0, *, steps: int = 500, batch: int = 32, **settings) -> Recipe:
    """Complete pairs of letters that every sequence invents anew.

    The first layer notes beside each letter the one before it, the second looks that note up: `num_layers=1` cannot.
    Rotary positions make "one place before" the same everywhere. settings: those of LanguageModelConfig.
    """
    task = tasks.induction()
    model = {"width": 32, "num_layers": 2, "num_heads": 2, "hidden_width": 64, "positions": "rotary"}
    config = LanguageModelConfig(len(task.vocabulary), **(model | settings))
    return make_recipe(seed, task, config, warm_up(20, cosine(0.01, steps)), steps, batch)


def one_layer_as_large(seed: int = 0, **settings) -> Recipe:
    """Give one layer as many parameters as the two have together, so that only depth is missing."""
    return induction(seed, **({"num_layers": 1, "hidden_width": 196} | settings))
