"""The exercises of "Generate well": right answers, inputs, and the mistakes people really make."""

from lesson.checks.generation.caching import cached_step
from lesson.checks.generation.choosing import top_k, top_p
from lesson.checks.generation.lengths import length_score
from lesson.checks.generation.searching import beam_step
from lesson.checks.generation.tempering import tempered
from lesson.checks.generation.writing import greedy

__all__ = ["beam_step", "cached_step", "greedy", "length_score", "tempered", "top_k", "top_p"]
