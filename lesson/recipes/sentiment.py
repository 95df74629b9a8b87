"""Sentiment with negation: a small encoder that reads what counting words cannot tell."""

from lesson import tasks
from lesson.models.config import ClassifierConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.tasks import Task
from lesson.training import cosine, warm_up


def sentiment(
    seed: int = 0, *, wide: bool = False, task: Task | None = None, steps: int = 500, batch: int = 64, **settings
) -> Recipe:
    """Judge texts whose "not" may or may not matter, with one layer and without a lexicon.

    wide: words beyond the first classifier's vocabulary   task: other labelled texts to judge
    settings: those of ClassifierConfig
    """
    task = tasks.sentiment(wide=wide) if task is None else task
    model = {"width": 16, "num_layers": 1, "num_heads": 2, "hidden_width": 32, "positions": "learned", "longest": 16}
    config = ClassifierConfig(len(task.vocabulary), **(model | settings))
    return make_recipe(seed, task, config, warm_up(20, cosine(0.01, steps)), steps, batch)


def goods(seed: int = 0, **settings) -> Recipe:
    """Judge texts about goods, with two layers and over the words that texts about journeys have too.

    What `tasks.goods_and_travel` is fine-tuned from. settings: as for `sentiment`
    """
    return sentiment(seed, **({"task": tasks.goods_and_travel()[0], "num_layers": 2} | settings))
