"""The exercises of "Backprop you can trust": right answers, inputs, and the mistakes people really make."""

from lesson.checks.backprop.differences import finite_difference
from lesson.checks.backprop.layers import linear_backward, softmax_backward
from lesson.checks.backprop.steps import descend
from lesson.checks.backprop.surprise import cross_entropy_backward
from lesson.checks.backprop.through_attention import attention_backward, scores_backward

__all__ = [
    "attention_backward",
    "cross_entropy_backward",
    "descend",
    "finite_difference",
    "linear_backward",
    "scores_backward",
    "softmax_backward",
]
