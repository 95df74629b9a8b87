"""How much cheaper it is to write a text with keys and values kept than by reading everything anew for each token."""

import numpy as np
from clock import by_turns, median_ratio, milliseconds, seconds

from lesson.models.config import LanguageModelConfig
from lesson.models.continuation import continue_text
from lesson.models.generate import generate
from lesson.models.language_model import init_language_model

CONFIG = LanguageModelConfig(vocabulary=50)
TEXTS = 8


def measure(rounds: int = 5, limits: tuple[int, ...] = (16, 64, 128)) -> dict:
    """Write the same texts both ways, by turns; give times, their ratio, and whether the texts were the same."""
    rng = np.random.default_rng(0)
    params, prompt = init_language_model(rng, CONFIG), rng.integers(1, CONFIG.vocabulary, (TEXTS, 4))
    rows = []
    for limit in limits:
        taken, texts = _both_ways(params, prompt, limit, rounds)
        rows.append(
            {
                "tokens": limit,
                "kept": milliseconds(taken["kept"]),
                "anew": milliseconds(taken["anew"]),
                "times_cheaper": median_ratio(taken["anew"], taken["kept"]),
                "same_texts": bool(np.array_equal(texts["kept"], texts["anew"])),
            }
        )
    return {"setting": "language model, d=32, 2 layers, 8 texts, prompts of 4", "rounds": rounds, "rows": rows}


def lines(figures: dict) -> list[str]:
    """Tell the figures, a line for each length."""
    return [
        f"writing     {row['tokens']:>4} tokens  kept {row['kept']['median_ms']:9.2f} ms  anew "
        f"{row['anew']['median_ms']:9.2f} ms  {row['times_cheaper']} times cheaper"
        for row in figures["rows"]
    ]


def _both_ways(params: dict, prompt: np.ndarray, limit: int, rounds: int) -> tuple[dict, dict]:
    texts = {}

    def write(name, cached):
        texts[name] = generate(continue_text(params, prompt, CONFIG, cached), limit)

    ways = {
        "kept": lambda: seconds(lambda: write("kept", True)),
        "anew": lambda: seconds(lambda: write("anew", False)),
    }
    return by_turns(ways, rounds, warm_up=1), texts
