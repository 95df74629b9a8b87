"""Look inside a model: what it attends to, what its answers rest on, and which of the two can be believed.

Arrays in, arrays out: a method is given a `Question` and keeps nothing.
"""

from lesson.interpret.blame import gradient_times_input, integrated_gradients, leave_one_out
from lesson.interpret.faithful import (
    area,
    chance_precision,
    curve_at,
    deletion_curve,
    insertion_curve,
    precision,
    rank_correlation,
)
from lesson.interpret.flow import attention_flow, flow_through, max_flow
from lesson.interpret.heads import ablate_heads, fix_head, head_outputs, mean_heads, patch_heads
from lesson.interpret.looking import attention_blame, flow_blame, weights_of
from lesson.interpret.question import Question, ask, score, tokens_of
from lesson.interpret.rollout import attention_rollout, average_heads, with_residual
from lesson.interpret.stream import logit_lens, patch_stream, score_from

__all__ = [
    "Question",
    "ablate_heads",
    "area",
    "ask",
    "attention_blame",
    "attention_flow",
    "attention_rollout",
    "average_heads",
    "chance_precision",
    "curve_at",
    "deletion_curve",
    "fix_head",
    "flow_blame",
    "flow_through",
    "gradient_times_input",
    "head_outputs",
    "insertion_curve",
    "integrated_gradients",
    "leave_one_out",
    "logit_lens",
    "max_flow",
    "mean_heads",
    "patch_heads",
    "patch_stream",
    "precision",
    "rank_correlation",
    "score",
    "score_from",
    "tokens_of",
    "weights_of",
    "with_residual",
]
