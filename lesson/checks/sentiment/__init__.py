"""The exercises of "Sentiment that must attend": right answers, inputs, and the mistakes people really make."""

from lesson.checks.sentiment.answers import confusion
from lesson.checks.sentiment.counting import lexicon_score, negated_score
from lesson.checks.sentiment.encoding import encode
from lesson.checks.sentiment.joining import merge_pair
from lesson.checks.sentiment.pieces import most_frequent_pair
from lesson.checks.sentiment.pooling import mean_pool

__all__ = [
    "confusion",
    "encode",
    "lexicon_score",
    "mean_pool",
    "merge_pair",
    "most_frequent_pair",
    "negated_score",
]
