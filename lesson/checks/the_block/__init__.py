"""The exercises of "The block": right answers, inputs, and the mistakes people really make."""

from lesson.checks.the_block.parts import feed_forward, layer_norm
from lesson.checks.the_block.stream import count_parameters, writes
from lesson.checks.the_block.wired import post_norm_block, pre_norm_block

__all__ = ["count_parameters", "feed_forward", "layer_norm", "post_norm_block", "pre_norm_block", "writes"]
