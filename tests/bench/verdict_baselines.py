"""What a classifier that is fine-tuned has to be better than."""

from collections.abc import Callable, Sequence

import numpy as np

from lesson import TinyTransformerClassifier
from lesson.tasks import Examples, Task

# How little the regression is held back; tried in turn.
STRENGTHS = (0.1, 1.0, 10.0, 100.0)


def texts_of(task: Task, source: np.ndarray) -> list[str]:
    """Write rows of ids as texts."""
    return [" ".join(task.vocabulary.decode(row)) for row in source]


def majority(labels: np.ndarray, asked: np.ndarray) -> float:
    """Always say the label that most examples have; of a tie, the lower."""
    return float((asked == np.bincount(labels).argmax()).mean())


def ancestor(texts: Sequence[str], asked: np.ndarray) -> float:
    """Let the first classifier answer as it came: it does not learn."""
    return float((TinyTransformerClassifier().predict_proba_batch(texts).argmax(axis=1) == asked).mean())


def word_counts(learn: tuple, choose: tuple, judge: tuple) -> float:
    """Weigh words and pairs of words (TF-IDF), and learn by logistic regression.

    learn, choose, judge: texts and their labels. How strong the regression is, is chosen as a model's weights are: by
    the same questions. Labels that are all the same leave nothing to learn: that one is then said.
    """
    if len(np.unique(learn[1])) == 1:
        return majority(learn[1], judge[1])
    return max((_fit(strength, learn) for strength in STRENGTHS), key=lambda model: model(*choose))(*judge)


def _fit(strength: float, learn: tuple) -> Callable[[Sequence[str], np.ndarray], float]:
    # Not needed where no baseline is asked for.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+"), LogisticRegression(C=strength, max_iter=1000)
    )
    return model.fit(*learn).score


def as_pair(task: Task, examples: Examples) -> tuple[list[str], np.ndarray]:
    """Give texts and their labels."""
    return texts_of(task, examples.source), examples.target
