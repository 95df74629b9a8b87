"""The fifth lesson's checks: right answers however spelled, and the commonest mistakes written in other ways."""

import numpy as np
import pytest
from spelled import asked_of

from lesson.checks import backprop as checks
from lesson.nn.softmax import softmax, softmax_backward


def nudged_copies(function, x, step):
    gradient = np.zeros(x.size)
    for i in range(x.size):
        nudge = np.zeros(x.size)
        nudge[i] = step
        nudge = nudge.reshape(x.shape)
        gradient[i] = (function(x + nudge) - function(x - nudge)) / step / 2
    return gradient.reshape(x.shape)


def by_lists(function, x, step):
    def slope(place):
        nudge = np.where(np.arange(x.size).reshape(x.shape) == place, step, 0.0)
        return (function(x + nudge) - function(x - nudge)) / (2 * step)

    return np.reshape([slope(place) for place in range(x.size)], x.shape).tolist()


def nudged_in_place(function, x, step):
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + step
        above = function(x)
        x[place] = old - step
        gradient[place] = (above - function(x)) / (2 * step)
        x[place] = old
    return gradient


def nudged_for_good(function, x, step):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] = x[i] + step
        above = function(x)
        x[i] = x[i] - step - step
        gradient[i] = 0.5 * (above - function(x)) / step
    return gradient


def two_names(function, x, step):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        above = below = x
        above[i] += step
        below[i] -= step
        gradient[i] = (function(above) - function(below)) / (2 * step)
    return gradient


def forward_difference(function, x, step):
    now, gradient = function(x), np.zeros_like(x)
    for i in np.ndindex(x.shape):
        other = np.array(x)
        other[i] += step
        gradient[i] = (function(other) - now) / step
    return gradient


def rows_nudged(function, x, step):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i] += step
        below[i] -= step
        gradient[i] = (function(above) - function(below)) / (2 * step)
    return gradient


def jacobian(y):
    return np.diag(y) - np.outer(y, y)


def through_jacobians(d_y, y):
    rows = zip(d_y.reshape(-1, y.shape[-1]), y.reshape(-1, y.shape[-1]), strict=True)
    return np.reshape([jacobian(share) @ d for d, share in rows], y.shape)


def through_diagonals(d_y, y):
    rows = zip(d_y.reshape(-1, y.shape[-1]), y.reshape(-1, y.shape[-1]), strict=True)
    return np.reshape([np.diag(np.diag(jacobian(share))) @ d for d, share in rows], y.shape)


def entropy(logits, targets):
    shares = softmax(logits)
    shares[range(len(targets)), targets] -= 1
    return shares / len(targets)


def attention_by_einsum(d_output, record, scale=True, through=softmax_backward):
    q, k, v, weights, _ = record
    d_value = np.einsum("...ts,...tm->...sm", weights, d_output)
    d_scores = through(np.einsum("...tm,...sm->...ts", d_output, v), weights)
    d_scores = d_scores / np.sqrt(q.shape[-1]) if scale else d_scores
    return np.einsum("...ts,...sk->...tk", d_scores, k), np.einsum("...ts,...tk->...sk", d_scores, q), d_value


def reversed_axes(d_output, record):
    d_weights = d_output @ record.v.T
    d_scores = softmax_backward(d_weights, record.weights) * record.scale
    return d_scores @ record.k, d_scores.T @ record.q, record.weights.T @ d_output


def collected(weight, batches, gradient, rate):
    for pieces in batches:
        weight = weight - rate * np.sum([gradient(weight, piece) for piece in pieces], axis=0)
    return weight


def never_emptied(weight, batches, gradient, rate):
    total = np.zeros_like(weight)
    for pieces in batches:
        for piece in pieces:
            total += gradient(weight, piece)
        weight = weight - rate * total
    return weight


def restless(weight, batches, gradient, rate):
    for pieces in batches:
        for piece in pieces:
            weight = weight - rate * gradient(weight, piece)
    return weight


def moved_too_early(weight, batches, gradient, rate):
    for pieces in batches:
        total = np.zeros_like(weight)
        for piece in pieces:
            total += gradient(weight, piece)
            weight = weight - rate * total
    return weight


def rows_taken(logits, targets):
    shares = softmax(logits)
    shares[targets] -= 1
    return shares / len(logits)


def left_early(weight, batches, gradient, rate):
    for pieces in batches:
        return weight - rate * sum(gradient(weight, piece) for piece in pieces)


def replaced(weight, batches, gradient, rate):
    for pieces in batches:
        for piece in pieces:
            total = gradient(weight, piece)
        weight = weight - rate * total
    return weight


def moved_in_place(weight, batches, gradient, rate):
    for pieces in batches:
        weight -= rate * sum(gradient(weight, piece) for piece in pieces)
    return weight


RIGHT = [
    ("finite_difference", nudged_copies),
    ("finite_difference", by_lists),
    (
        "linear_backward",
        lambda d, x, w: (np.einsum("no,io->ni", d, w), np.einsum("ni,no->io", x, d), np.ones(len(d)) @ d),
    ),
    ("linear_backward", lambda d, x, w: (d @ w.T, (d.T @ x).T.tolist(), sum(d))),
    ("softmax_backward", through_jacobians),
    ("softmax_backward", lambda d, y: d * y - y * np.sum(d * y, -1)[..., None]),
    ("cross_entropy_backward", entropy),
    ("cross_entropy_backward", lambda z, t: (softmax(z) - (np.arange(z.shape[1]) == t[:, None])) / len(z)),
    ("scores_backward", lambda d, q, k: ((d / q.shape[1] ** 0.5) @ k, (q.T @ d).T / q.shape[1] ** 0.5)),
    ("attention_backward", attention_by_einsum),
    ("descend", collected),
]
WRONG = [
    ("finite_difference", "One side only", forward_difference),
    ("finite_difference", "The nudge was not taken back", nudged_for_good),
    ("finite_difference", "Both names for one array", two_names),
    ("finite_difference", "Whole rows nudged", rows_nudged),
    ("finite_difference", "All entries nudged at once", lambda f, x, h: (f(x + h) - f(x - h)) / h / 2),
    ("finite_difference", "Divided by h, not by 2 h", lambda f, x, h: 2 * nudged_in_place(f, x, h)),
    ("finite_difference", "Another step than the one given", lambda f, x, h: nudged_in_place(f, x, 1e-6)),
    ("finite_difference", "Divided by 2, but multiplied by h", lambda f, x, h: nudged_copies(f, x, h) * h**2),
    ("cross_entropy_backward", "One taken off whole rows", rows_taken),
    (
        "attention_backward",
        "Weights and their gradient exchanged",
        lambda d, r: attention_by_einsum(d, r, through=lambda d_y, y: d_y * (y - (d_y * y).sum(-1, keepdims=True))),
    ),
    ("descend", "A step after each piece", moved_too_early),
    ("linear_backward", "Bias gradient forgotten", lambda d, x, w: (d @ w.T, x.T @ d, np.zeros_like(d[0]))),
    ("linear_backward", "Bias gradient not summed", lambda d, x, w: (d @ w.T, x.T @ d, d.copy())),
    ("linear_backward", "Bias gradient summed over the wrong axis", lambda d, x, w: (d @ w.T, x.T @ d, d.sum(-1))),
    (
        "linear_backward",
        "Averaged over the rows, not summed",
        lambda d, x, w: (d @ w.T, np.mean(x[:, :, None] * d[:, None], axis=0), d.mean(0)),
    ),
    ("linear_backward", "Weight gradient transposed", lambda d, x, w: (d @ w.T, (x.T @ d).T, d.sum(0))),
    ("linear_backward", "Weight not transposed", lambda d, x, w: (d @ w, x.T @ d, np.sum(d, axis=0))),
    ("softmax_backward", "The diagonal of the Jacobian only", through_diagonals),
    ("softmax_backward", "The sum left out", lambda d, y: y * d),
    ("softmax_backward", "Summed over the wrong axis", lambda d, y: y * (d - (d * y).sum(0))),
    ("softmax_backward", "Lost axis", lambda d, y: y * (d - np.vecdot(d, y))),
    ("softmax_backward", "Sign turned round", lambda d, y: y * ((d * y).sum(-1, keepdims=True) - d)),
    ("softmax_backward", "Softmax taken once more", lambda d, y: through_jacobians(d, softmax(y))),
    ("cross_entropy_backward", "Summed, not averaged", lambda z, t: softmax(z) - np.eye(z.shape[1])[t]),
    ("cross_entropy_backward", "Sign turned round", lambda z, t: (np.eye(z.shape[1])[t] - softmax(z)) / len(t)),
    ("cross_entropy_backward", "Averaged over all entries", lambda z, t: (softmax(z) - np.eye(z.shape[1])[t]) / z.size),
    ("scores_backward", "Scale forgotten", lambda d, q, k: (d @ k, (q.T @ d).T)),
    (
        "scores_backward",
        "Gradient of the key transposed",
        lambda d, q, k: (d @ k / q.shape[1] ** 0.5, q.T @ d / q.shape[1] ** 0.5),
    ),
    ("scores_backward", "Divided by K, not by its root", lambda d, q, k: (d @ k / len(k.T), d.T @ q / len(k.T))),
    ("attention_backward", "Scale forgotten", lambda d, r: attention_by_einsum(d, r, scale=False)),
    (
        "attention_backward",
        "Softmax: the diagonal only",
        lambda d, r: attention_by_einsum(d, r, through=through_diagonals),
    ),
    ("attention_backward", "Softmax left out", lambda d, r: attention_by_einsum(d, r, through=lambda d_y, y: d_y)),
    ("attention_backward", "Heads turned over as well", reversed_axes),
    (
        "attention_backward",
        "The value's gradient first",
        lambda d, r: attention_by_einsum(d, r)[::-1][:1] + attention_by_einsum(d, r)[:2],
    ),
    ("descend", "Stale gradients", never_emptied),
    ("descend", "A step after each piece", restless),
    ("descend", "Only the first batch", left_early),
    ("descend", "Only the last piece counts", replaced),
]


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


@pytest.mark.parametrize(("exercise", "answer"), [("descend", moved_in_place)])
def test_a_weight_that_was_moved_for_the_caller_is_not_right(exercise, answer):
    verdict = getattr(checks, exercise)(answer)
    assert (verdict.status, verdict.mistake) == ("not right", "Input changed") and "`weight`" in repr(verdict)


def test_each_exercise_of_the_lesson_is_judged():
    assert set(checks.__all__) == {name for name, _ in RIGHT} and len(checks.__all__) == 7
