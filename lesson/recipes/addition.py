"""Addition: an encoder-decoder that adds numbers of three digits, units first, carries and all."""

from lesson import tasks
from lesson.models.config import Seq2SeqConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, warm_up


def addition(
    seed: int = 0, *, digits: int = 3, units_first: bool = True, steps: int = 900, batch: int = 64, **settings
) -> Recipe:
    """Add two numbers; no pair that is judged was ever seen, in either order.

    Watch the loss stay where it is and then fall: the thousands are known at once, units and hundreds follow, and the
    tens come last. settings: those of Seq2SeqConfig.
    """
    task = tasks.addition(digits, units_first)
    model = {"width": 48, "num_layers": 1, "num_heads": 4, "hidden_width": 96, "positions": "learned", "longest": 16}
    config = Seq2SeqConfig(len(task.vocabulary), **(model | settings))
    return make_recipe(seed, task, config, warm_up(20, cosine(0.005, steps)), steps, batch)
