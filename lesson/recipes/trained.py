"""Trained weights that the course ships: a notebook takes them up, or trains them from zero, in one line either way."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np

from lesson import tree
from lesson.recipes.induction import induction, one_layer_as_large
from lesson.recipes.recipe import Recipe
from lesson.recipes.reverse import reverse
from lesson.recipes.reviews import reviews
from lesson.recipes.sentiment import goods, sentiment
from lesson.shipped import find
from lesson.training import load_checkpoint, save_checkpoint
from lesson.training.flat import fill, require_same_form

# `make checkpoints` trains them; a line here is all that another one needs.
SHIPPED: dict[str, Callable[[], Recipe]] = {
    "reverse": reverse,
    "reverse_without_positions": partial(reverse, positions="none"),
    "sentiment": sentiment,
    "sentiment_wide": partial(sentiment, wide=True),
    "goods": goods,
    "induction": induction,
    "induction_one_layer": one_layer_as_large,
    "reviews": reviews,
}


def start_from(name: str) -> Recipe:
    """Take up a recipe where its training ended: `params` are the trained weights, `train()` has nothing left to do.

    `recipes.reverse()` starts from zero, `recipes.start_from("reverse")` from the checkpoint; what follows is the same.
    Raises ValueError when the course ships no such checkpoint, or the file is missing, damaged or another model's.
    """
    _require_known(name)
    return load_trained(find(f"checkpoints/{name}.npz"), name)


def from_zero(name: str) -> Recipe:
    """Write down, untrained, the recipe that a checkpoint comes from; raises ValueError for a name that has none."""
    _require_known(name)
    return SHIPPED[name]()


def save_trained(path: str | Path, name: str, params: dict) -> None:
    """Write the weights that training ended with: in float32, unless that alone changed what the model gets right."""
    recipe, short = from_zero(name), _as_type(np.float32, params)
    same = recipe.evaluate(_as_type(np.float64, short)) == recipe.evaluate(params)
    save_checkpoint(path, short if same else params, _made_of(name, recipe))


def load_trained(path: str | Path, name: str) -> Recipe:
    """Read what `save_trained` wrote, in float64, as the recipe where its training ended.

    Raises ValueError when the file is damaged, or of another model than the recipe now makes.
    """
    recipe = from_zero(name)
    params, got = load_checkpoint(path)
    wanted = _made_of(name, recipe)
    for key in wanted:
        if got.get(key) != wanted[key]:
            raise ValueError(f"{path}: wanted weights of {key} {wanted[key]!r}, got {got.get(key)!r}")
    leaves = tree.flatten(params)
    require_same_form(tree.flatten(recipe.params), leaves, str(path))
    params = _as_type(np.float64, fill(recipe.params, leaves))
    end = recipe.start._replace(step=recipe.steps, params=params, best_params=params, best_step=recipe.steps)
    return replace(recipe, start=end)


def _require_known(name: str) -> None:
    if name not in SHIPPED:
        raise ValueError(f"wanted a checkpoint among {', '.join(SHIPPED)}, got {name!r}")


def _made_of(name: str, recipe: Recipe) -> dict:
    return {"checkpoint": name, "steps": recipe.steps, **asdict(recipe.config)}


def _as_type(number_type: type, params: dict) -> dict:
    return tree.map(lambda leaf: np.asarray(leaf, number_type), params)
