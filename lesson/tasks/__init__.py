"""Small tasks with exact answers, made from a seed: `tasks.reverse(length=8).draw(rng, 64)`."""

from lesson.tasks.addition import addition
from lesson.tasks.induction import induction
from lesson.tasks.reviews import Reviews, Snippets, reviews
from lesson.tasks.scores import confusion, exact_match, token_accuracy
from lesson.tasks.sentiment import polarity_count, sentiment
from lesson.tasks.sequences import copy, reverse, rotate, sort
from lesson.tasks.tales import tale_log_probability, tales
from lesson.tasks.task import Examples, Task, as_language
from lesson.tasks.travel import goods_and_travel
from lesson.tasks.walk import walk

__all__ = [
    "Examples",
    "Reviews",
    "Snippets",
    "Task",
    "addition",
    "as_language",
    "confusion",
    "copy",
    "exact_match",
    "goods_and_travel",
    "induction",
    "polarity_count",
    "reverse",
    "reviews",
    "rotate",
    "sentiment",
    "sort",
    "tale_log_probability",
    "tales",
    "token_accuracy",
    "walk",
]
