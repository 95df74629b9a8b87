"""Where the norm stands, six layers deep: before each sub-layer or after it, with and without a warm-up."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from lesson import tasks
from lesson.models.config import LanguageModelConfig
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.training import cosine, norm, warm_up

VARIANTS = ((True, 50), (True, 0), (False, 50), (False, 0))


class DepthRow(NamedTuple):
    """What came of one variant.

    gradient_norms: each layer's before the first step, the lowest layer first
    losses: the mean loss of each tenth of the steps   score: the share of right tokens at the end
    """

    norm_first: bool
    warm_up_steps: int
    gradient_norms: tuple[float, ...]
    losses: tuple[float, ...]
    score: float

    @property
    def name(self) -> str:
        """The variant in words."""
        where = "pre-norm" if self.norm_first else "post-norm"
        return f"{where}, {f'warm-up of {self.warm_up_steps}' if self.warm_up_steps else 'no warm-up'}"


def depth(
    seed: int = 0,
    *,
    norm_first: bool = True,
    warm_up_steps: int = 50,
    rate: float = 0.01,
    steps: int = 200,
    batch: int = 32,
    length: int = 8,
    **settings,
) -> Recipe:
    """Reverse digits, eight unless told, with a decoder alone, six layers deep, gradients unclipped.

    Clipping would hide what is to be seen here. settings: those of LanguageModelConfig.
    """
    task = tasks.reverse(length)
    as_text = replace(task, generate=lambda rng, count: tasks.as_language(task.generate(rng, count)))
    model = {"width": 32, "num_layers": 6, "num_heads": 4, "hidden_width": 64, "positions": "learned", "longest": 24}
    config = LanguageModelConfig(len(task.vocabulary), **(model | {"norm_first": norm_first} | settings))
    schedule = warm_up(warm_up_steps, cosine(rate, steps)) if warm_up_steps else cosine(rate, steps)
    return make_recipe(seed, as_text, config, schedule, steps, batch, largest_norm=np.inf)


def layer_gradient_norms(recipe: Recipe) -> tuple[float, ...]:
    """Measure each layer's gradient at the start, on one batch: the quantity of Xiong et al. 2020, section 3.3.

    The recipe's model is a language model. Returns one norm a layer, the lowest layer first.
    """
    rng = np.random.default_rng(0)
    _, grads, _ = recipe.objective(recipe.params, recipe.draw(rng, 1), rng)
    return tuple(norm(grads["decoder"][str(layer)]) for layer in range(recipe.config.num_layers))


def compare_norms(
    seed: int = 0, on_row: Callable[[DepthRow], object] = lambda row: None, steps: int = 200, **settings
) -> list[DepthRow]:
    """Train all four variants from the same start and on the same batches; on_row is told each as it is done."""
    rows = []
    for norm_first, warm_up_steps in VARIANTS:
        recipe = depth(seed, norm_first=norm_first, warm_up_steps=warm_up_steps, steps=steps, **settings)
        losses: list[float] = []
        end = recipe.train(on_step=lambda report, losses=losses: losses.append(report.loss))
        tenths = tuple(float(np.mean(part)) for part in np.array_split(losses, min(10, steps)))
        score = recipe.evaluate(end.params)
        rows.append(DepthRow(norm_first, warm_up_steps, layer_gradient_norms(recipe), tenths, score))
        on_row(rows[-1])
    return rows
