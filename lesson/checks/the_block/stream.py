"""What the blocks write into the stream, and how many numbers one block is made of."""

from functools import partial

import numpy as np

from lesson import tree
from lesson.checks.core import Check, Mistake
from lesson.models.block import init_block
from lesson.models.config import ModelConfig

exercise = partial(Check, lesson="04-the-block")

NEIGHBOURS = "What a layer wrote is the stream after it minus the stream before it: stream[1:] - stream[:-1]."
LAYERS = "Layers are the first axis. Subtract neighbours along axis 0; words and numbers stay where they are."
TABLE = "Go down the table line by line: a map from I to O numbers has I times O weights, and O biases."

writes = exercise(
    name="writes",
    arguments=("stream",),
    cases=lambda rng: [(rng.normal(size=shape).cumsum(axis=0),) for shape in ((7, 5, 3), (4, 4, 4), (2, 1, 3))],
    answer=lambda stream: stream[1:] - stream[:-1],
    mistakes=(
        Mistake("Before minus after", lambda s: s[:-1] - s[1:], f"Yours has the other sign. {NEIGHBOURS}"),
        Mistake(
            "Change since the beginning",
            lambda s: s[1:] - s[0],
            f"That is what all layers so far wrote together. {NEIGHBOURS}",
        ),
        Mistake("Difference along the width", lambda s: np.diff(s, axis=-1), f"np.diff takes the last axis. {LAYERS}"),
        Mistake("Difference from word to word", lambda s: np.diff(s, axis=1), LAYERS),
        Mistake("The stream, not what was added", lambda s: s[1:], NEIGHBOURS),
        Mistake("The stream, not what was added", lambda s: s[:-1], NEIGHBOURS),
        Mistake(
            "The embedding counted as a layer",
            lambda s: np.diff(s, axis=0, prepend=0),
            "stream[0] is there before any layer wrote: L + 1 readings give L differences.",
        ),
        Mistake(
            "Sizes, not the writes",
            lambda s: np.linalg.norm(s[1:] - s[:-1], axis=-1),
            "Wanted are the differences themselves, (L, T, D), not how long they are.",
        ),
        Mistake("The first layer alone", lambda s: s[1] - s[0], f"There are L layers. {NEIGHBOURS}"),
        Mistake(
            "The first compared with the last",
            lambda s: s - np.roll(s, 1, axis=0),
            "At i = 0, stream[i - 1] is stream[-1], the last reading. Begin with 1: L differences, not L + 1.",
        ),
        Mistake("Last minus first", lambda s: s[-1] - s[0], f"That is what all layers wrote together. {NEIGHBOURS}"),
    ),
    hints=(
        "`stream[0]` is before the first layer, `stream[1]` after it. What did the first layer add?",
        "All readings but the first are `stream[1:]`, all but the last `stream[:-1]`.",
        "Subtract the second from the first of these two, `stream[1:]` and `stream[:-1]`: L differences at once.",
    ),
    solution="def writes(stream):\n    return stream[1:] - stream[:-1]",
    difficulty=1,
    importance=2,
    minutes=4,
)


def _count(width: int, num_heads: int, hidden_width: int) -> int:
    config = ModelConfig(1, width=width, num_heads=num_heads, hidden_width=hidden_width)
    return tree.count(init_block(np.random.default_rng(58), config))


count_parameters = exercise(
    name="count_parameters",
    arguments=("width", "num_heads", "hidden_width"),
    cases=lambda rng: [(10, 5, 7), (4, 4, 4), (32, 4, 128)],
    answer=_count,
    mistakes=(
        Mistake("No biases", lambda d, h, f: 4 * d * d + 2 * d * f + 4 * d, f"The biases are missing. {TABLE}"),
        Mistake(
            "No biases, and none in the norms",
            lambda d, h, f: 4 * d * d + 2 * d * f + 2 * d,
            f"The biases are missing. {TABLE}",
        ),
        Mistake(
            "No norms", lambda d, h, f: _count(d, h, f) - 4 * d, "Two norms, each with a weight and a bias, D wide."
        ),
        Mistake("One norm", lambda d, h, f: _count(d, h, f) - 2 * d, "There are two norms, one for each half."),
        Mistake("Norms without bias", lambda d, h, f: _count(d, h, f) - 2 * d, "A norm has a weight and a bias."),
        Mistake("Matrices alone", lambda d, h, f: 4 * d * d + 2 * d * f, f"Biases and norms are missing. {TABLE}"),
        Mistake("Matrices alone", lambda d, h, f: 3 * d * d + 2 * d * f, f"Attention has four maps. {TABLE}"),
        Mistake(
            "F taken as 4 D", lambda d, h, f: 12 * d * d, f"That rule holds for F = 4 D only, and roughly. {TABLE}"
        ),
        Mistake(
            "F taken as 4 D", lambda d, h, f: _count(d, h, 4 * d), "The hidden width F is given, 4 D is only usual."
        ),
        Mistake(
            "A bias for the key",
            lambda d, h, f: _count(d, h, f) + d,
            "The key has none here: it would add one number to all scores of a row, which softmax does not see.",
        ),
        Mistake(
            "No output map",
            lambda d, h, f: _count(d, h, f) - d * d - d,
            "Attention has four maps: after query, key and value, the heads' outputs go through one more.",
        ),
        Mistake(
            "Every head as wide as the model",
            lambda d, h, f: _count(d, h, f) + 3 * (h - 1) * d * d,
            "H heads share the width, D / H numbers each. Together they are as large as one head of width D.",
        ),
        Mistake(
            "Every head as wide as the model",
            lambda d, h, f: _count(d, h, f) + (h - 1) * (4 * d * d + 3 * d),
            "H heads share the width, D / H numbers each. Together they are as large as one head of width D.",
        ),
        Mistake(
            "One head counted",
            lambda d, h, f: _count(d, h, f) - 3 * (d * d - d * d // h),
            "The maps to query, key and value serve all heads at once, so they are D times D.",
        ),
        Mistake(
            "One feed-forward map",
            lambda d, h, f: _count(d, h, f) - d * f,
            "The feed-forward layer has two maps, one from D to F and one back.",
        ),
        Mistake(
            "Feed-forward biases forgotten",
            lambda d, h, f: _count(d, h, f) - d - f,
            "Its first map has F biases, its second D.",
        ),
        Mistake(
            "Attention's biases forgotten",
            lambda d, h, f: _count(d, h, f) - 3 * d,
            "Query, value and output have D each.",
        ),
        Mistake(
            "Feed-forward biases both as wide as the hidden layer",
            lambda d, h, f: _count(d, h, f) - d + f,
            "A map has as many biases as numbers come out of it: F of the first map, D of the second.",
        ),
    ),
    hints=(
        "Add up the lines of the table. Which of them does the number of heads change?",
        "Attention: four maps of D times D, three with D biases. Feed-forward: `2 * D * F` weights, F + D biases.",
        "`attention = 4 * width**2 + 3 * width`; then `feed`, and `norms = 2 * 2 * width`; return their sum.",
    ),
    solution="""\
def count_parameters(width, num_heads, hidden_width):
    attention = 4 * width**2 + 3 * width
    feed = 2 * width * hidden_width + hidden_width + width
    norms = 2 * 2 * width
    return attention + feed + norms""",
    difficulty=2,
    importance=1,
    minutes=6,
)
