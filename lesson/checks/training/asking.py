"""What the decoder asks the encoder, and what it is given and asked itself."""

from functools import partial

import numpy as np

from lesson import tasks
from lesson.checks.core import Check, Mistake
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.masks import causal_mask
from lesson.nn.softmax import softmax

exercise = partial(Check, lesson="06-train-an-encoder-decoder")

ASKER = "The decoder asks and the encoder answers: w_query meets the decoder's rows, w_key and w_value the encoder's."
SHIFT = "At every place the decoder is given a token and has to say the next one, so answers start one place later."
COPY = f"Given a token, this model has to say the same token: it learns to copy what it sees. {SHIFT}"
LAST = "Nothing follows <eos>, so it is never given; and it has to be said, or the model never learns to stop."


def _attend(queries: np.ndarray, keys: np.ndarray, values: np.ndarray, **mask: np.ndarray) -> np.ndarray:
    return scaled_dot_product_attention(queries, keys, values, **mask)[0]


def _sees_the_past_alone(d: np.ndarray, e: np.ndarray, q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    return _attend(d @ q, e @ k, e @ v, may_attend=causal_mask(len(d), len(e)))


cross_attention = exercise(
    name="cross_attention",
    arguments=("decoder_rows", "encoder_rows", "w_query", "w_key", "w_value"),
    cases=lambda rng: [
        tuple(rng.normal(size=shape) for shape in ((t, d), (s, d), (d, k), (d, k), (d, k)))
        for t, s, d, k in ((3, 5, 7, 2), (4, 4, 4, 4), (1, 11, 5, 3))
    ],
    answer=lambda d, e, q, k, v: _attend(d @ q, e @ k, e @ v),
    mistakes=(
        Mistake("Decoder and encoder exchanged", lambda d, e, q, k, v: _attend(e @ q, d @ k, d @ v), ASKER),
        Mistake("Self-attention of the decoder", lambda d, e, q, k, v: _attend(d @ q, d @ k, d @ v), ASKER),
        Mistake("Self-attention of the encoder", lambda d, e, q, k, v: _attend(e @ q, e @ k, e @ v), ASKER),
        Mistake("Values from the decoder", lambda d, e, q, k, v: _attend(d @ q, e @ k, d @ v), ASKER),
        Mistake("Keys from the decoder", lambda d, e, q, k, v: _attend(d @ q, d @ k, e @ v), ASKER),
        Mistake("Query and key tables exchanged", lambda d, e, q, k, v: _attend(d @ k, e @ q, e @ v), ASKER),
        Mistake(
            "No scaling",
            lambda d, e, q, k, v: softmax(d @ q @ (e @ k).T) @ e @ v,
            "Cross-attention is scaled as well: divide the scores by the square root of the width K of a query.",
        ),
        Mistake(
            "A causal mask on the source",
            _sees_the_past_alone,
            "The whole source is there from the start, so every row may attend to all of it. Only targets have a past.",
        ),
    ),
    hints=(
        "Lesson 1's head made query, key and value of one x. Now there are two: who asks, and who is asked?",
        "The output has a row for each row of the decoder, so the queries come from there; the rest does not.",
        "`scaled_dot_product_attention(decoder_rows @ w_query, encoder_rows @ w_key, ...)`, and of its pair the first.",
    ),
    solution="""\
def cross_attention(decoder_rows, encoder_rows, w_query, w_key, w_value):
    query = decoder_rows @ w_query
    key, value = encoder_rows @ w_key, encoder_rows @ w_value
    output, _ = scaled_dot_product_attention(query, key, value)
    return output""",
    difficulty=1,
    importance=3,
    minutes=5,
)


def some_targets(rng: np.random.Generator, count: int, length: int, shortest: int) -> np.ndarray:
    """Draw answers of several lengths, from `<bos>` to `<eos>` and padded."""
    return tasks.reverse(length, shortest).draw(rng, count).target


teacher_forcing = exercise(
    name="teacher_forcing",
    arguments=("target",),
    cases=lambda rng: [(some_targets(rng, 3, 5, 5),), (some_targets(rng, 6, 4, 4),), (some_targets(rng, 5, 9, 1),)],
    answer=lambda target: (target[:, :-1], target[:, 1:]),
    returns=("given", "answers"),
    mistakes=(
        Mistake(
            "Teacher forcing without the shift",
            lambda target: (target, target),
            COPY,
        ),
        Mistake(
            "Teacher forcing without the shift",
            lambda target: (target[:, :-1], target[:, :-1]),
            COPY,
        ),
        Mistake("Teacher forcing without the shift", lambda target: (target[:, 1:], target[:, 1:]), COPY),
        Mistake(
            "Given and answers exchanged",
            lambda target: (target[:, 1:], target[:, :-1]),
            f"This model is given what it has to say, and says what it was given before. {SHIFT}",
        ),
        Mistake("<eos> never asked for", lambda target: (target[:, :-2], target[:, 1:-1]), LAST),
        Mistake(
            "<bos> never given",
            lambda target: (target[:, 1:-1], target[:, 2:]),
            "Then nothing asks for the first token, and nothing is there to begin from when the model writes alone.",
        ),
        Mistake("<eos> given", lambda target: (target, target[:, 1:]), LAST),
        Mistake(
            "Shifted along the batch",
            lambda target: (target[:-1], target[1:]),
            "The first axis counts examples: that pairs one example with the next one. Cut the second: target[:, ...].",
        ),
        Mistake(
            "Rolled round",
            lambda target: (target, np.roll(target, -1, axis=1)),
            "np.roll brings <bos> back in at the end, as if it followed <eos>. Cut instead.",
        ),
    ),
    hints=(
        "Both are the target, each without one of its columns. Which column is never given? Which is never asked for?",
        "`<bos>` is given and never asked for; the last column has nothing after it.",
        "`given` is `target[:, :-1]`. The answers are the same length and begin one place later.",
    ),
    solution="""\
def teacher_forcing(target):
    return target[:, :-1], target[:, 1:]""",
    difficulty=1,
    importance=3,
    minutes=4,
)
