"""Checks for the exercises: each compares a learner's function with the package's and says what it finds."""

from lesson.checks.attention_by_hand import attention, head, most_attended, scores
from lesson.checks.attention_by_hand import softmax_of_scores as softmax

__all__ = ["attention", "head", "most_attended", "scores", "softmax"]
