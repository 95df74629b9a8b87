"""The exercises of "Heads and masks": right answers, inputs, and the mistakes people really make."""

from lesson.checks.heads_and_masks.heads import merge_heads, multi_head, split_heads
from lesson.checks.heads_and_masks.leaks import who_notices
from lesson.checks.heads_and_masks.masks import causal_mask, masked_softmax, padding_mask

__all__ = [
    "causal_mask",
    "masked_softmax",
    "merge_heads",
    "multi_head",
    "padding_mask",
    "split_heads",
    "who_notices",
]
