"""The exercises of "Generate well": right answers, inputs, and the mistakes people really make."""

from lesson.checks.generation.choosing import tempered, top_k, top_p
from lesson.checks.generation.searching import beam_step, length_score
from lesson.checks.generation.writing import cached_step, greedy

__all__ = ["beam_step", "cached_step", "greedy", "length_score", "tempered", "top_k", "top_p"]
