"""Tales: a language model small enough to train while one waits, of texts whose chances are known word by word."""

from lesson import tasks
from lesson.models.config import LanguageModelConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, warm_up


def tales(seed: int = 0, *, steps: int = 200, batch: int = 32, **settings) -> Recipe:
    """Tell tales of one sentence, after some 200 steps nearly as often each as they were told in training.

    settings: those of LanguageModelConfig
    """
    task = tasks.tales(length=20)
    model = {"width": 32, "num_layers": 1, "num_heads": 2, "hidden_width": 64, "positions": "rotary"}
    config = LanguageModelConfig(len(task.vocabulary), **(model | settings))
    return make_recipe(seed, task, config, warm_up(10, cosine(0.015, steps)), steps, batch)
