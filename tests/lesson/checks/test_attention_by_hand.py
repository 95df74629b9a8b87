"""Plant each classic mistake and see it named; spell the right answer in several ways and see it pass."""

import numpy as np
import pytest
from spelled import asked_of

from lesson.checks import attention_by_hand as checks
from lesson.checks import every_check

LESSON = "attention_by_hand"


def stable(scores, axis=-1):
    shares = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return shares / np.sum(shares, axis=axis, keepdims=True)


def naive(scores, axis=-1):
    shares = np.exp(scores)
    return shares / shares.sum(axis, keepdims=True)


def rowwise(scores):
    return [list(np.exp(row - max(row)) / sum(np.exp(row - max(row)))) for row in scores]


def by_loops(query, key, value):
    output = np.zeros((len(query), value.shape[1]))
    for i, q in enumerate(query):
        weights = stable(np.array([q.dot(k) for k in key]) / query.shape[1] ** 0.5)
        for weight, v in zip(weights, value, strict=True):
            output[i] += weight * v
    return output


RIGHT = [
    ("scores", lambda query, key: query @ key.T),
    ("scores", lambda query, key: np.einsum("tk,sk->ts", query, key)),
    ("scores", lambda query, key: np.dot(key, query.T).T),
    ("scores", lambda query, key: (query[:, None] * key[None]).sum(-1)),
    ("scores", lambda query, key: [[sum(q * k) for k in key] for q in query]),
    ("softmax", stable),
    ("softmax", rowwise),
    ("softmax", lambda x: np.exp(x - np.logaddexp.reduce(x, axis=-1, keepdims=True))),
    ("softmax", lambda x: stable(x.T, axis=0).T),
    ("attention", by_loops),
    ("attention", lambda q, k, v: stable(q @ k.T / np.sqrt(k.shape[-1])) @ v),
    ("attention", lambda q, k, v: stable((q * q.shape[1] ** -0.25) @ (k * q.shape[1] ** -0.25).T) @ v),
    ("attention", lambda q, k, v: (v.T @ stable(k @ q.T / np.sqrt(k.shape[-1]), axis=0)).T),
    ("head", lambda x, a, b, c: by_loops(x @ a, x @ b, x @ c)),
    ("head", lambda x, a, b, c: stable(x @ (a @ b.T) @ x.T / np.sqrt(a.shape[1])) @ x @ c),
    ("most_attended", lambda weights: weights.argmax(axis=1)),
    ("most_attended", lambda weights: [list(row).index(max(row)) for row in weights]),
    ("most_attended", lambda weights: np.argsort(weights)[:, -1]),
]

WRONG = [
    ("scores", "Keys not transposed", lambda q, k: np.dot(q, k)),
    ("scores", "Rows and columns exchanged", lambda q, k: (q @ k.T).T),
    ("scores", "Multiplied, but not summed", np.multiply),
    ("scores", "Scaled too early", lambda q, k: q @ k.T / np.sqrt(k.shape[1])),
    ("softmax", "Softmax over the wrong axis", lambda x: stable(x, axis=0)),
    ("softmax", "Softmax over the wrong axis", lambda x: naive(x, axis=0)),
    ("softmax", "Divided by the sum of the whole table", lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum()),
    ("softmax", "Lost axis", lambda x: np.exp(x) / np.sum(np.exp(x), axis=1)),
    (
        "softmax",
        "Lost axis",
        lambda x: np.exp(x - x.max(1, keepdims=True)) / np.exp(x - x.max(1, keepdims=True)).sum(1),
    ),
    ("softmax", "Not divided", np.exp),
    ("softmax", "Not divided", lambda x: np.exp(x - x.max(axis=1, keepdims=True))),
    ("softmax", "No exponential", lambda x: x / x.sum(1, keepdims=True)),
    ("softmax", "Overflow", naive),
    ("softmax", "Overflow", lambda x: 1 / np.sum(np.exp(x)[:, None, :] / np.exp(x)[:, :, None], axis=-1)),
    ("softmax", "One maximum for all rows", lambda x: naive(x - np.amax(x))),
    ("attention", "No scaling", lambda q, k, v: stable(q @ k.T) @ v),
    ("attention", "No scaling", lambda q, k, v: naive(q @ k.T) @ v),
    ("attention", "Scaled by the width, not by its square root", lambda q, k, v: stable(q @ k.T / k.shape[1]) @ v),
    ("attention", "Multiplied by the root, not divided", lambda q, k, v: stable(q @ k.T * k.shape[1] ** 0.5) @ v),
    ("attention", "Scaled by the number of keys", lambda q, k, v: stable(q @ k.T / len(k) ** 0.5) @ v),
    ("attention", "Scaled by the number of queries", lambda q, k, v: stable(q @ k.T / len(q) ** 0.5) @ v),
    ("attention", "Scaled by the width of the values", lambda q, k, v: stable(q @ k.T / v.shape[1] ** 0.5) @ v),
    ("attention", "Scaled after the softmax", lambda q, k, v: stable(q @ k.T) @ v / np.sqrt(q.shape[1])),
    ("attention", "Softmax over the wrong axis", lambda q, k, v: naive(q @ k.T / np.sqrt(q.shape[1]), 0) @ v),
    ("attention", "No softmax", lambda q, k, v: q @ k.T @ v / np.sqrt(q.shape[1])),
    ("attention", "Values not mixed", lambda q, k, v: stable(q @ k.T / np.sqrt(q.shape[1]))),
    ("attention", "Keys mixed instead of values", lambda q, k, v: stable(q @ k.T / np.sqrt(q.shape[1])) @ k),
    ("attention", "Weights transposed", lambda q, k, v: stable(q @ k.T / np.sqrt(q.shape[1])).T.dot(v)),
    ("attention", "Keys not transposed", lambda q, k, v: stable(np.dot(q, k) / np.sqrt(q.shape[1])) @ v),
    ("attention", "Overflow", lambda q, k, v: naive(q @ k.T / np.sqrt(q.shape[1])) @ v),
    ("head", "Scaled by the square root of D, not of K", lambda x, a, b, c: stable(x @ a @ b.T @ x.T / 7**0.5) @ x @ c),
    ("head", "No scaling", lambda x, a, b, c: stable(x @ a @ b.T @ x.T) @ x @ c),
    (
        "head",
        "Scaled by the width, not by its square root",
        lambda x, a, b, c: stable(x @ a @ b.T @ x.T / a.shape[1]) @ x @ c,
    ),
    ("head", "Query and key exchanged", lambda x, a, b, c: by_loops(x @ b, x @ a, x @ c)),
    ("head", "Values not projected", lambda x, a, b, c: by_loops(x @ a, x @ b, x)),
    ("head", "Queries and keys not projected", lambda x, a, b, c: by_loops(x, x, x @ c)),
    ("head", "Keys mixed instead of values", lambda x, a, b, c: by_loops(x @ a, x @ b, x @ b)),
    ("most_attended", "Down the columns, not along the rows", lambda w: np.argmax(w, 0)),
    ("most_attended", "One answer for the whole table", np.argmax),
    ("most_attended", "The largest weight, not where it stands", lambda w: w.max(1)),
    ("most_attended", "The least attended", lambda w: np.argmin(w, 1)),
]


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


def test_every_mistake_of_the_tables_is_planted():
    planted = {(exercise, mistake) for exercise, mistake, _ in WRONG}
    listed = {(name, m.name) for lesson, name, check in every_check() for m in check.mistakes if lesson == LESSON}
    assert planted == listed


def test_an_unknown_mistake_shows_the_first_difference():
    verdict = checks.most_attended(
        lambda weights: weights.argmax(axis=-1) + np.array([0, 0, 1] + [0] * (len(weights) - 3))
    )
    assert verdict.mistake == ""
    assert "weights (3, 5): first difference at [2], wanted " in repr(verdict)


def test_a_wrong_shape_an_error_and_no_array_are_told():
    assert "wanted shape (3, 5), got (3, 5, 1)." in repr(checks.softmax(lambda x: stable(x)[..., None]))
    assert "it raised KeyError: 'k' (line 1 of the function)." in repr(checks.softmax(lambda x: {}["k"]))
    assert "wanted an array of shape (3, 5), got a str" in repr(checks.softmax(lambda x: "half"))
    assert "takes 0 positional arguments" in repr(checks.softmax(lambda: 1))


def test_right_numbers_from_a_spoiled_input_are_not_right():
    def spoil(scores):
        scores -= scores.max(axis=-1, keepdims=True)
        return naive(scores)

    verdict = checks.softmax(spoil)
    assert verdict.mistake == "Input changed"
    assert "`scores`" in repr(verdict)


def test_what_the_function_printed_is_mentioned(capsys):
    verdict = checks.softmax(lambda x: print("my scores are", x.shape) or stable(x))
    assert verdict and repr(verdict).endswith("It also printed, first of all: my scores are (3, 5)")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("thing", [None, 3, np.zeros(3), "my_softmax"])
def test_a_called_function_is_asked_for_uncalled(thing):
    verdict = checks.softmax(thing)
    assert verdict.status == "not yet" and type(thing).__name__ in repr(verdict)
