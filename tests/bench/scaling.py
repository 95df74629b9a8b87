"""What a step costs when the batch grows (linear), and what attention costs when the texts do (quadratic)."""

import math
import statistics
from collections.abc import Callable

import numpy as np
from clock import by_turns, seconds
from setting import draw_setting, lesson_step

from lesson.nn.attention import scaled_dot_product_attention, scaled_dot_product_attention_backward

BATCHES = (8, 16, 32, 64, 128)
LENGTHS = (16, 32, 64, 128, 256)
HEADS, HEAD_WIDTH, EXAMPLES = 4, 8, 4


def measure(rounds: int = 15) -> dict:
    """Time steps of several batch sizes by turns, and attention, forward and backward, over several lengths."""
    return {
        "rounds": rounds,
        "step_by_batch": _table(BATCHES, lambda batch: lesson_step(draw_setting(batch=batch)), rounds),
        "attention_by_length": _table(LENGTHS, attention_of_length, rounds),
    }


def attention_of_length(length: int) -> Callable[[], object]:
    """Make attention over so many positions, there and back: 4 examples, 4 heads, 8 numbers a head."""
    rng = np.random.default_rng(0)
    q, k, v, d_output = rng.standard_normal((4, EXAMPLES, HEADS, length, HEAD_WIDTH))

    def there_and_back():
        _, cache = scaled_dot_product_attention(q, k, v)
        return scaled_dot_product_attention_backward(d_output, cache)

    return there_and_back


def power(sizes: tuple[int, ...], times: list[float]) -> float:
    """Fit time ~ size^power: the slope of the line through the logarithms."""
    slope, _ = np.polyfit([math.log(size) for size in sizes], [math.log(each) for each in times], 1)
    return round(float(slope), 3)


def lines(figures: dict) -> list[str]:
    """Tell both tables, a line a size."""
    told = []
    for what, sign in (("step_by_batch", "batch"), ("attention_by_length", "length")):
        for row in figures[what]["rows"]:
            told.append(f"{what:<22}{sign} {row['size']:>4}{row['median_ms']:11.3f} ms")
        told.append(f"{what:<22}time ~ {sign}^{figures[what]['power']}, its upper half ^{figures[what]['power_above']}")
    return told


def _table(sizes: tuple[int, ...], make: Callable[[int], Callable], rounds: int) -> dict:
    runs = {str(size): make(size) for size in sizes}
    taken = by_turns({name: lambda run=run: seconds(run) for name, run in runs.items()}, rounds)
    medians = [statistics.median(taken[str(size)]) for size in sizes]
    rows = [
        {"size": size, "median_ms": round(each * 1e3, 4), "min_ms": round(min(taken[str(size)]) * 1e3, 4)}
        for size, each in zip(sizes, medians, strict=True)
    ]
    # Small sizes pay mostly for calls, which cost the same at any size.
    half = len(sizes) // 2
    return {"rows": rows, "power": power(sizes, medians), "power_above": power(sizes[half:], medians[half:])}
