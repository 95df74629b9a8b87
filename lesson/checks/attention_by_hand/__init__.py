"""The exercises of "Attention by hand": right answers, inputs, and the mistakes people really make.

Shapes of the first input are distinct primes, so that a wrong axis shows; a square one follows, where shapes hide a
missing transpose; the last has scores so large that a careless exponential overflows.
"""

from lesson.checks.attention_by_hand.mixed import attention, head
from lesson.checks.attention_by_hand.shares import most_attended, scores, softmax

__all__ = ["attention", "head", "most_attended", "scores", "softmax"]
