"""Look inside a model: what it attends to, what its answers rest on, and which of the two can be believed.

Arrays in, arrays out: a method is given a `Question` and keeps nothing.

What attention explains, and what not. `tests/bench/faithfulness.py` asks for the causes of right answers where they are
known, and counts how many of a method's top tokens are among them: 1 is all of them. Medians over five seeds:

                                  reverse    induction    sentiment
    attention of the last layer   1.00       0.64         0.41
    attention rollout             1.00       0.84         0.41
    leave one out                 1.00       0.81         0.66
    chance                        0.12       0.29         0.25

Attention says where a model looks. When it then copies what stands there (reverse), that is the cause. Through two
layers (induction) the last one looks at tokens that hold others' news by then: only all layers together tell whose. And
when the answer is made of what was read, after the looking (sentiment), weights say little: they do not know whether a
token was for or against, nor that its effect was undone elsewhere. Nor does the order of weights tell how much the
answer would suffer: its rank correlation with leaving tokens out is at most 0.35. So read attention as a question, and
take the token, the head or the layer away to have it answered. That answer has its limits too: of two tokens that say
the same, neither is missed; and a head that looks at the cause may be one of several, none of which is missed alone.
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
from lesson.interpret.induction import induction_score
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
    "induction_score",
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
