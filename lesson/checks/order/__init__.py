"""The exercises of "Order": positions that are added, turned or subtracted, and the ways they go wrong.

The first input's sizes differ in every axis, so that a wrong one shows; then come equal sizes, where shapes hide it.
"""

from lesson.checks.order.added import attend_in_order
from lesson.checks.order.subtracted import alibi_bias
from lesson.checks.order.turned import rotary_attention, rotate
from lesson.checks.order.waves import shift_matrix, sinusoids

__all__ = ["alibi_bias", "attend_in_order", "rotary_attention", "rotate", "shift_matrix", "sinusoids"]
