"""The exercises of "Is attention an explanation?": right answers, inputs, and the mistakes people really make."""

from lesson.checks.explanation.heads import ablate_head, induction_score
from lesson.checks.explanation.scored import deletion_curve, precision
from lesson.checks.explanation.taken_out import leave_one_out, patch
from lesson.checks.explanation.through_layers import rollout

__all__ = [
    "ablate_head",
    "deletion_curve",
    "induction_score",
    "leave_one_out",
    "patch",
    "precision",
    "rollout",
]
