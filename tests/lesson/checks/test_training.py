"""Teaching and stepping: right answers however they are spelled, and the mistakes people make."""

import math

import numpy as np
import pytest
from spelled import asked_of

from lesson.checks import every_check
from lesson.checks import training as checks
from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.loss import cross_entropy
from lesson.nn.softmax import softmax


def attend(q, k, v):
    return softmax(q @ k.T / np.sqrt(k.shape[1])) @ v


def smooth_by_loops(targets, v, s, real=True, right=None, other=None):
    shares = np.zeros((*targets.shape, v))
    for i, j in np.ndindex(targets.shape):
        if targets[i, j] or not real:
            shares[i, j] = s / v if other is None else other
            shares[i, j, targets[i, j]] = 1 - s + s / v if right is None else right
    return shares


def surprise(logits, targets):
    return -np.log(softmax(logits)[(*np.indices(targets.shape), targets)])


def one_by_one(logits, targets):
    total, count = 0.0, 0
    for row, answer in zip(logits.reshape(-1, logits.shape[-1]), targets.ravel(), strict=True):
        if answer != 0:
            total += np.logaddexp.reduce(row) - row[answer]
            count += 1
    return total / count


def adam(w, g, m, v, t, rate, decay, b1=0.9, b2=0.999, eps=1e-8):
    m = m + (1 - b1) * (g - m)
    v = v + (1 - b2) * (np.square(g) - v)
    w = w - rate * decay * w
    return w - rate * (m / (1 - b1**t)) / (eps + (v / (1 - b2**t)) ** 0.5), m, v


def coupled(w, g, m, v, t, rate, decay):
    return adam(w, g + decay * w, m, v, t, rate, 0)


def uncorrected(w, g, m, v, t, rate, decay):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w * (1 - rate * decay) - rate * m / (np.sqrt(v) + 1e-8), m, v


def inside(w, g, m, v, t, rate, decay):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - rate * (m_hat * (v_hat + 1e-8) ** -0.5 + decay * w), m, v


def length(gradients):
    return np.linalg.norm(np.concatenate([g.ravel() for g in gradients.values()]))


def clip_by_if(gradients, largest):
    if length(gradients) <= largest:
        return gradients
    return {name: g / length(gradients) * largest for name, g in gradients.items()}


RIGHT = [
    ("cross_attention", lambda d, e, q, k, v: attend(d @ q, e @ k, e @ v)),
    ("cross_attention", lambda d, e, q, k, v: scaled_dot_product_attention(d @ q, e @ k, e)[0] @ v),
    ("teacher_forcing", lambda target: (target[..., :-1], target[..., 1:])),
    ("teacher_forcing", lambda target: (np.delete(target, -1, axis=1), np.delete(target, 0, axis=1))),
    ("smooth", smooth_by_loops),
    ("smooth", lambda t, v, s: ((np.arange(v) == t[..., None]) * (1 - s) + s / v) * (t > 0)[..., None]),
    ("loss", one_by_one),
    ("loss", lambda z, t: cross_entropy(z[t != 0], t[t != 0])[0]),
    ("adam_step", adam),
    ("decayed", lambda paths: [p for p in paths if p.endswith("weight") and "norm" not in p]),
    ("decayed", lambda paths: list(filter(lambda p: not ("norm" in p or "bias" in p), paths))),
    ("rate", lambda t, peak, warm, n: (t / warm if t < warm else 1) * peak * math.cos(math.pi * t / n / 2) ** 2),
    ("clip", clip_by_if),
    ("clip", lambda g, largest: {k: v * largest / max(largest, length(g)) for k, v in g.items()}),
]

WRONG = [
    ("cross_attention", "Decoder and encoder exchanged", lambda d, e, q, k, v: attend(e @ q, d @ k, d @ v)),
    ("cross_attention", "Self-attention of the decoder", lambda d, e, q, k, v: attend(d @ q, d @ k, d @ v)),
    ("cross_attention", "Values from the decoder", lambda d, e, q, k, v: attend(d @ q, e @ k, d @ v)),
    ("teacher_forcing", "Teacher forcing without the shift", lambda t: (t.copy(), t)),
    ("teacher_forcing", "Teacher forcing without the shift", lambda t: (t[:, 0:-1], t[:, 0:-1])),
    ("cross_attention", "No scaling", lambda d, e, q, k, v: softmax((d @ q) @ (e @ k).T) @ (e @ v)),
    ("teacher_forcing", "Teacher forcing without the shift", lambda t: (t[:, 1:], t[:, 1:])),
    ("smooth", "Ids taken for shares", lambda t, v, s: t * (1 - s) + s / v),
    ("loss", "Right token not picked at each place", lambda z, t: np.mean(-np.log(softmax(z)[range(len(t)), t]))),
    ("teacher_forcing", "<eos> never asked for", lambda t: (t[:, :-2], t[:, 1:-1])),
    ("teacher_forcing", "Shifted along the batch", lambda t: (t[:-1, :], t[1:, :])),
    ("teacher_forcing", "<eos> given", lambda t: (t, t[:, 1:])),
    ("smooth", "Smoothing summing to more than one", lambda t, v, s: smooth_by_loops(t, v, s, right=1 + s / v)),
    ("smooth", "Padding smoothed", lambda t, v, s: smooth_by_loops(t, v, s, real=False)),
    (
        "smooth",
        "Spread over the wrong tokens only",
        lambda t, v, s: smooth_by_loops(t, v, s, right=1 - s, other=s / (v - 1)),
    ),
    ("smooth", "The right token left out of the spreading", lambda t, v, s: smooth_by_loops(t, v, s, right=1 - s)),
    ("loss", "Padding counted", lambda z, t: surprise(z, t).mean()),
    ("loss", "Padding counted", lambda z, t: cross_entropy(z, t)[0]),
    ("loss", "Padding left out of the sum, not of the count", lambda z, t: surprise(z, t)[t > 0].sum() / t.size),
    ("loss", "Summed, not averaged", lambda z, t: np.sum(surprise(z, t) * (t > 0))),
    (
        "loss",
        "Each row averaged by itself",
        lambda z, t: np.mean([surprise(a, b)[b > 0].mean() for a, b in zip(z, t, strict=True)]),
    ),
    ("loss", "Overflow", lambda z, t: -np.log(at(np.exp(z) / np.exp(z).sum(-1, keepdims=True), t))[t > 0].mean()),
    ("loss", "Logarithm of zero", lambda z, t: surprise(z, t)[t > 0].mean()),
    ("adam_step", "Adam without bias correction", uncorrected),
    ("adam_step", "Epsilon inside the root", inside),
    ("adam_step", "Decay coupled to the gradient", coupled),
    ("adam_step", "The two shares exchanged", lambda *a: adam(*a, b1=0.999, b2=0.9)),
    ("adam_step", "No decay", lambda w, g, m, v, t, rate, decay: adam(w, g, m, v, t, rate, 0)),
    ("decayed", "Decay on the norms", lambda paths: [p for p in paths if not p.endswith("bias")]),
    ("decayed", "Decay on the norms", lambda paths: [p for p in paths if p.endswith("/weight")]),
    ("decayed", "Decay on everything", lambda paths: list(paths)),
    (
        "rate",
        "Step counted from 0",
        lambda t, p, w, n: min(1, (t - 1) / w) * p * 0.5 * (1 + np.cos(np.pi * (t - 1) / n)),
    ),
    ("rate", "Warm-up without an end", lambda t, p, w, n: t / w * p * 0.5 * (1 + math.cos(math.pi * t / n))),
    ("rate", "Not halved", lambda t, p, w, n: min(1, t / w) * p * (1 + math.cos(math.pi * t / n))),
    (
        "clip",
        "Each gradient clipped by itself",
        lambda g, largest: {k: v if length({k: v}) < largest else v * largest / length({k: v}) for k, v in g.items()},
    ),
    ("clip", "Each number clipped by itself", lambda g, most: {k: v.clip(-most, most) for k, v in g.items()}),
    ("clip", "Short gradients lengthened", lambda g, most: {k: v * most / length(g) for k, v in g.items()}),
]


def at(z, t):
    return np.take_along_axis(z, t[..., None], -1)[..., 0]


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


@pytest.mark.parametrize("name", checks.__all__)
def test_the_shown_solution_is_right(name):
    room = {"np": np, "scaled_dot_product_attention": scaled_dot_product_attention}
    check = getattr(checks, name)
    exec(check.solution, room)
    assert check(room[name])


def test_every_exercise_of_the_lesson_is_open_to_the_notebook():
    assert sorted(checks.__all__) == sorted(name for lesson, name, _ in every_check() if lesson == "training")


def test_each_exercise_knows_three_mistakes_at_least():
    assert all(len({m.name for m in getattr(checks, name).mistakes}) >= 3 for name in checks.__all__)
