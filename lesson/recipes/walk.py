"""A walk: a language model whose best possible loss is known, so that a leak shows as a loss too good to be true."""

from collections.abc import Callable
from dataclasses import replace

from lesson import tasks
from lesson.models.config import LanguageModelConfig
from lesson.models.objectives import language_model_objective
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, warm_up


def walk(seed: int = 0, *, mask: Callable | None = None, steps: int = 150, batch: int = 32, **settings) -> Recipe:
    """Go on from digit to digit, each 1 to 3 further: at best a loss of log 3, and one digit of three foreseen.

    mask(ids (B, T)) -> (..., T, T): who may attend to whom in training. By default nobody attends to the future; when
    the model is judged, or writes, nobody ever does. settings: those of LanguageModelConfig.
    """
    task = tasks.walk()
    model = {"width": 32, "num_layers": 1, "num_heads": 2, "hidden_width": 64}
    config = LanguageModelConfig(len(task.vocabulary), **(model | settings))
    recipe = make_recipe(seed, task, config, warm_up(10, cosine(0.01, steps)), steps, batch)
    return recipe if mask is None else replace(recipe, objective=language_model_objective(config, mask=mask))
