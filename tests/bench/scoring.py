"""How much cheaper is a text in a batch than alone?

Medians over rounds that alternate the two, so that a busy machine slows both. Runs natively and in Pyodide alike.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from lesson import DEFAULT_VOCAB, TinyTransformerClassifier


def make_texts(count: int, seed: int = 0) -> list[str]:
    """Draw texts of two to eight known words."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(DEFAULT_VOCAB[2:], rng.integers(2, 9))) for _ in range(count)]


def measure(batch: int = 256, rounds: int = 15) -> dict:
    """Score the same texts one by one and in one batch; give microseconds a text, their ratio, their difference."""
    classifier, texts = TinyTransformerClassifier(), make_texts(batch)
    alone, together = [], []
    for _ in range(rounds + 2):
        time_alone, one_by_one = _timed(lambda: [list(classifier.predict_proba(text).values()) for text in texts])
        time_together, at_once = _timed(lambda: classifier.predict_proba_batch(texts))
        alone.append(time_alone / batch * 1e6)
        together.append(time_together / batch * 1e6)
    # The first two rounds warm up caches, and in a browser its compiler.
    alone, together = alone[2:], together[2:]
    return {
        "batch": batch,
        "rounds": rounds,
        "words_per_text": "2-8",
        "one_by_one_us_per_text": round(statistics.median(alone), 2),
        "batch_us_per_text": round(statistics.median(together), 2),
        "ratio": round(statistics.median(np.divide(alone, together).tolist()), 2),
        "largest_difference": float(np.abs(np.array(one_by_one) - at_once).max()),
    }


def _timed(run: Callable) -> tuple[float, object]:
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def lines(figures: dict) -> list[str]:
    """Tell the figures, a line each."""
    return [f"{name:<24}{value}" for name, value in figures.items()]
