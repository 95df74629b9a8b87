"""Runs that are known to learn, each from a seed: `recipes.reverse(seed=0).train()`.

Those that the course ships are trained already: `recipes.start_from("reverse")`.
"""

from lesson.recipes.addition import addition
from lesson.recipes.depth import compare_norms, depth, layer_gradient_norms
from lesson.recipes.induction import induction, one_layer_as_large
from lesson.recipes.judges import continuations_right, labels_right, write, writings_right
from lesson.recipes.recipe import Recipe, make_recipe
from lesson.recipes.reverse import reverse
from lesson.recipes.reviews import hide_words, reviews
from lesson.recipes.sentiment import goods, sentiment
from lesson.recipes.tales import tales
from lesson.recipes.trained import start_from
from lesson.recipes.walk import walk

__all__ = [
    "Recipe",
    "addition",
    "compare_norms",
    "continuations_right",
    "depth",
    "goods",
    "hide_words",
    "induction",
    "labels_right",
    "layer_gradient_norms",
    "make_recipe",
    "one_layer_as_large",
    "reverse",
    "reviews",
    "sentiment",
    "start_from",
    "tales",
    "walk",
    "write",
    "writings_right",
]
