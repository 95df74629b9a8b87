"""Reversal: an encoder-decoder that says eight digits backwards, in seconds."""

from lesson import tasks
from lesson.models.config import Seq2SeqConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, warm_up


def reverse(seed: int = 0, *, length: int = 8, steps: int = 120, batch: int = 32, **settings) -> Recipe:
    """Reverse digits with one layer of encoder and one of decoder.

    Position t of the answer must look at position length - 1 - t of the question. Learned positions find that in less
    than half the steps that sinusoids take. settings: those of Seq2SeqConfig.
    """
    task = tasks.reverse(length)
    model = {"width": 32, "num_layers": 1, "num_heads": 4, "hidden_width": 64, "positions": "learned", "longest": 16}
    config = Seq2SeqConfig(len(task.vocabulary), **(model | settings))
    return make_recipe(seed, task, config, warm_up(10, cosine(0.01, steps)), steps, batch)
