"""One step of a text, with what was read before kept in a memory."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="07-generate-well")

PLACE = (
    "With so many keys in the memory, the new token stands at place len(keys): counted from 0, that is the next one."
)
ITSELF = "A token may attend to itself. Append its key and value to the memory first, then let the query ask."


def _cached_step(
    word: np.ndarray,
    places: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    weights: np.ndarray,
    place: Callable = lambda keys, places: places[len(keys)],
    key_place: Callable | None = None,
    scale: float | None = None,
    join: Callable = lambda past, new: np.vstack([past, new]),
) -> tuple:
    x = word + place(keys, places)
    x_key = x if key_place is None else word + key_place(keys, places)
    keys, values = join(keys, x_key @ weights[1]), join(values, x @ weights[2])
    return _ask(x @ weights[0], keys, values, scale), keys, values


def _ask(query: np.ndarray, keys: np.ndarray, values: np.ndarray, scale: float | None = None) -> np.ndarray:
    return softmax(keys @ query / np.sqrt(scale or len(query))) @ values


def _itself_left_out(word, places, keys, values, weights):
    _, new_keys, new_values = _cached_step(word, places, keys, values, weights)
    if not len(keys):
        return np.zeros(weights.shape[-1]), new_keys, new_values
    return _ask((word + places[len(keys)]) @ weights[0], keys, values), new_keys, new_values


def _arranged(arrange: Callable) -> Callable:
    """What comes out when the right (output, keys, values) and the old (keys, values) are handed on otherwise."""
    return lambda word, places, keys, values, weights: arrange(
        *_cached_step(word, places, keys, values, weights), keys, values
    )


def _order_of_weights(*order: int) -> Callable:
    return lambda word, places, keys, values, weights: _cached_step(word, places, keys, values, weights[list(order)])


cached_step = exercise(
    name="cached_step",
    arguments=("word", "places", "keys", "values", "weights"),
    returns=("output", "keys", "values"),
    cases=lambda rng: [
        (*(rng.normal(size=shape) for shape in ((d,), (p, d), (s, k), (s, k), (3, d, k))),)
        for d, p, s, k in ((7, 13, 5, 3), (4, 9, 4, 4), (6, 11, 0, 2))
    ],
    answer=_cached_step,
    mistakes=(
        Mistake("The token cannot see itself", _itself_left_out, ITSELF),
        Mistake("Always at place 0", partial(_cached_step, place=lambda keys, places: places[0]), PLACE),
        Mistake("Place of the token before", partial(_cached_step, place=lambda k, places: places[len(k) - 1]), PLACE),
        Mistake("Place of the token after", partial(_cached_step, place=lambda k, places: places[len(k) + 1]), PLACE),
        Mistake("Always at the last place", partial(_cached_step, place=lambda keys, places: places[-1]), PLACE),
        Mistake(
            "Place left out",
            partial(_cached_step, place=lambda keys, places: 0.0),
            f"Without its place the new token cannot be told from an equal one elsewhere. {PLACE}",
        ),
        Mistake(
            "Key without its place",
            partial(_cached_step, key_place=lambda keys, places: 0.0),
            "The place is added to the word once; query, key and value are all made of the sum.",
        ),
        Mistake(
            "Memory not longer",
            _arranged(lambda output, new_keys, new_values, keys, values: (output, keys, values)),
            "The output is right, but the next token needs this one's key and value: return the longer memory.",
        ),
        Mistake(
            "Oldest forgotten",
            partial(_cached_step, join=lambda past, new: np.vstack([past[1:], new])),
            "The memory grows by one at every token; what is thrown away cannot be attended to any more.",
        ),
        Mistake(
            "Newest overwritten",
            partial(_cached_step, join=lambda past, new: np.vstack([past[:-1], new])),
            "The memory grows by one at every token: append, do not replace.",
        ),
        Mistake(
            "Put in front",
            partial(_cached_step, join=lambda past, new: np.vstack([new, past])),
            "The output does not mind, but whoever reads the memory expects it in the order of the text: "
            "append at the end.",
        ),
        Mistake(
            "Keys and values exchanged",
            _arranged(lambda output, new_keys, new_values, keys, values: (output, new_values, new_keys)),
            "Return the output, then the keys, then the values.",
        ),
        Mistake("Weights in another order", _order_of_weights(1, 0, 2), "The order is query, key, value."),
        Mistake("Weights in another order", _order_of_weights(0, 2, 1), "The order is query, key, value."),
        Mistake(
            "Scaled by the width of the word",
            lambda word, *rest: _cached_step(word, *rest, scale=len(word)),
            "The scores are divided by the root of the width of a query, K, not of the word, D.",
        ),
        Mistake(
            "Not scaled", partial(_cached_step, scale=1.0), "Attention divides its scores by the root of the width K."
        ),
        Mistake(
            "A table of one row",
            _arranged(lambda output, new_keys, new_values, keys, values: (output[None], new_keys, new_values)),
            "One token asks, so one row comes out: (K,), not (1, K). Take [0] of it.",
        ),
        Mistake(
            "Output and record returned",
            lambda word, places, keys, values, weights: (
                scaled_dot_product_attention(
                    (word + places[len(keys)])[None] @ weights[0],
                    *_cached_step(word, places, keys, values, weights)[1:],
                ),
                *_cached_step(word, places, keys, values, weights)[1:],
            ),
            "The package's attention returns two things, the output and a record. Take the first.",
        ),
    ),
    hints=(
        "Four steps: add the place, make query, key and value, append two of them to the memory, let the query ask.",
        "The place is `places[len(keys)]`; `np.vstack([keys, key])` is the memory with one more row.",
        "With the longer keys, `scores = keys @ query / np.sqrt(len(query))`; then `softmax(scores) @ values`.",
    ),
    solution="""\
def cached_step(word, places, keys, values, weights):
    w_query, w_key, w_value = weights
    x = word + places[len(keys)]
    keys = np.vstack([keys, x @ w_key])
    values = np.vstack([values, x @ w_value])
    scores = keys @ (x @ w_query) / np.sqrt(w_query.shape[1])
    return softmax(scores) @ values, keys, values""",
    difficulty=2,
    importance=3,
    minutes=10,
)
