"""Attention followed down through all layers: whose news does a word hold at the top?"""

from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.interpret.rollout import attention_rollout, with_residual
from lesson.nn.masks import causal_mask
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="09-is-attention-an-explanation")

RESIDUAL = "A layer adds to what a word holds already. Half of each row is the word itself: A / 2 + identity / 2."
ORDER = "The upper layer mixes what the lower one made: A @ rolled, the new layer on the left."
BELOW = "A layer adds to what a word holds by then, not to the bare word: half of `rolled`, not of the identity."
MULTIPLY = "A layer mixes what the layer below has mixed already: the tables are multiplied, one by one."


def _rolled(layers: list[np.ndarray], low_first: bool = True) -> np.ndarray:
    rolled = layers[0]
    for layer in layers[1:]:
        rolled = layer @ rolled if low_first else rolled @ layer
    return rolled


def _with_words(layers: np.ndarray, share: float) -> np.ndarray:
    rolled = words = np.eye(layers.shape[-1])
    for layer in layers:
        rolled = share * (layer @ rolled + words)
    return rolled


def _attentions(rng: np.random.Generator, layers: int, size: int, causal: bool) -> np.ndarray:
    return softmax(2 * rng.normal(size=(layers, size, size)), where=causal_mask(size) if causal else None)


rollout = exercise(
    name="rollout",
    arguments=("attentions",),
    cases=lambda rng: [(_attentions(rng, *shape),) for shape in ((2, 3, False), (3, 5, True), (1, 4, False))],
    answer=lambda attentions: attention_rollout(attentions)[-1],
    mistakes=(
        Mistake("Residual forgotten", lambda a: _rolled(list(a)), RESIDUAL),
        Mistake("Layers multiplied in the wrong order", lambda a: _rolled([*map(with_residual, a)], False), ORDER),
        Mistake("Layers multiplied in the wrong order", lambda a: _rolled(list(a), False), f"{ORDER} {RESIDUAL}"),
        Mistake(
            "Rows that no longer sum to 1",
            lambda a: _rolled([layer + np.eye(len(layer)) for layer in a]),
            "A row of attention sums to 1, and so does the identity's; added they sum to 2. Take half of each.",
        ),
        Mistake(
            "Residual only once",
            lambda a: with_residual(_rolled(list(a))),
            "Every layer has its residual: halve and add the identity before you multiply, not after.",
        ),
        Mistake("Residual of the words, not of the layer below", lambda a: _with_words(a, 0.5), BELOW),
        Mistake("Residual of the words, not of the layer below", lambda a: _with_words(a, 1.0), BELOW),
        Mistake("Layers averaged, not multiplied", lambda a: np.mean(a, axis=0), MULTIPLY),
        Mistake("Layers averaged, not multiplied", lambda a: with_residual(np.mean(a, axis=0)), MULTIPLY),
        Mistake("Layers added, not multiplied", lambda a: np.sum(a, axis=0), MULTIPLY),
        Mistake(
            "Multiplied cell by cell",
            lambda a: np.prod([with_residual(layer) for layer in a], axis=0),
            "`*` multiplies cell by cell. Whose news a word holds is a sum over the words between: use `@`.",
        ),
        Mistake(
            "The last layer alone",
            lambda a: with_residual(a[-1]),
            "That is what the last layer looks at. What stands there was mixed by the layers below: multiply them in.",
        ),
        Mistake(
            "Every layer returned", lambda a: attention_rollout(a), "Wanted is the top layer's table alone, (T, T)."
        ),
    ),
    hints=(
        "First one layer: what does a word hold after it, if half is its own and half is what it attended to?",
        "`A / 2 + np.eye(T) / 2` for each layer. Begin with the lowest; each further one multiplies from the left.",
        "`rolled = np.eye(T)`, then `for A in attentions: rolled = (A / 2 + np.eye(T) / 2) @ rolled`.",
    ),
    solution="""\
def rollout(attentions):
    size = attentions.shape[-1]
    rolled = np.eye(size)
    for attention in attentions:
        rolled = (attention / 2 + np.eye(size) / 2) @ rolled
    return rolled""",
    difficulty=2,
    importance=3,
    minutes=8,
)
