"""Plans, adapters and when to stop: right answers however they are spelled, and the mistakes people make."""

import re

import numpy as np
import pytest
from spelled import asked_of

from lesson import recipes, tasks
from lesson.checks import fine_tuning as checks
from lesson.finetuning import FineTuning
from lesson.training import accumulated


def freeze(is_frozen, shrink_all=False):
    def step(weights, gradients, frozen, rate, decay):
        after = {path: w.copy() for path, w in weights.items()}
        for path in after:
            stands = any(is_frozen(path, name) for name in frozen)
            if shrink_all or not stands:
                after[path] -= rate * decay * after[path]
            if not stands:
                after[path] -= rate * gradients[path]
        return after

    return step


def below(path, name):
    return path[: len(name) + 1] == name + "/"


def rates(levels, rate, decay):
    found = [rate]
    while len(found) < levels:
        found.insert(0, found[0] * decay)
    return found


def two_paths(x, weight, down, up, alpha):
    y = np.einsum("bi,io->bo", x, weight)
    return y + np.einsum("bi,ir,ro->bo", x, down, up) * alpha / up.shape[0]


def scaled_at_both(x, weight, down, up, alpha):
    scale = alpha / down.shape[1]
    return x @ weight + (scale * (x @ down)) @ (scale * up)


def early(better=lambda new, best: new > best, first=0):
    def stop(scores, patience):
        best, kept, waited = scores[first], first, 0
        for epoch in range(first + 1, len(scores)):
            if better(scores[epoch], best):
                best, kept, waited = scores[epoch], epoch, 0
            else:
                waited += 1
                if waited == patience:
                    return kept, epoch
        return kept, len(scores) - 1

    return stop


def added_in_turn(gradients, tokens):
    mean, seen = np.zeros_like(gradients[0]), 0
    for g, n in zip(gradients, tokens, strict=True):
        seen += n
        mean = mean + (g - mean) * n / seen
    return mean


RIGHT = [
    ("frozen_step", freeze(below)),
    ("frozen_step", freeze(lambda path, name: re.match(f"{name}/", path))),
    ("layer_rates", rates),
    ("layer_rates", lambda n, rate, decay: np.geomspace(rate * decay ** (n - 1), rate, n)),
    ("decays", lambda paths: [p.endswith("weight") and "norm" not in p for p in paths]),
    ("decays", lambda paths: np.array([not re.search("bias|norm", p) for p in paths])),
    ("accumulate", added_in_turn),
    ("accumulate", lambda g, n: np.average(g, axis=0, weights=n)),
    ("lora", two_paths),
    ("lora", lambda x, w, a, b, alpha: x @ (w + a @ b * (alpha / len(b)))),
    ("init_lora", lambda rng, d, f, r: (rng.normal(0, d**-0.5, (d, r)), np.zeros((r, f)))),
    ("init_lora", lambda rng, d, f, r: (rng.standard_normal((d, r)) * np.sqrt(1 / d), 0 * np.ones((r, f)))),
    ("merge", lambda w, a, b, alpha: w + sum(np.outer(a[:, i], b[i]) for i in range(len(b))) * alpha / len(b)),
    ("stopped", early()),
]

WRONG = [
    ("frozen_step", "Gradient set to zero, decay goes on", freeze(below, shrink_all=True)),
    ("frozen_step", "encoder/1 freezes encoder/10 too", freeze(lambda path, name: path[: len(name)] == name)),
    ("frozen_step", "A name found anywhere in the path", freeze(lambda path, name: name in path)),
    ("frozen_step", "Nothing frozen", freeze(lambda path, name: path == name)),
    ("frozen_step", "Frozen weights left out", lambda w, g, frozen, *pace: {
        path: leaf for path, leaf in freeze(below)(w, g, frozen, *pace).items()
        if not any(below(path, name) for name in frozen)}),
    ("layer_rates", "Decay in the wrong direction", lambda *given: rates(*given)[::-1]),
    ("layer_rates", "The top is slowed too", lambda n, rate, decay: rates(n + 1, rate, decay)[:-1]),
    ("layer_rates", "Equal steps, not equal factors", lambda n, rate, _: np.linspace(rate / n, rate, n)),
    ("decays", "Norms decay", lambda paths: ["weight" in p for p in paths]),
    ("decays", "Biases decay", lambda paths: [not any("norm" in part for part in p.split("/")) for p in paths]),
    ("decays", "Spared and decayed exchanged", lambda paths: [bool(re.search("bias$|norm/", p)) for p in paths]),
    ("accumulate", "Plain mean over the passes", lambda g, n: np.mean(g, axis=0)),
    ("accumulate", "Summed, not averaged", lambda g, n: sum(g)),
    ("accumulate", "Weighed, but not divided", lambda g, n: np.tensordot(n, g, axes=1)),
    ("lora", "LoRA scaled twice", scaled_at_both),
    ("lora", "Not scaled", lambda x, w, a, b, alpha: x @ (w + a @ b)),
    ("lora", "A and B exchanged", lambda x, w, a, b, alpha: x @ w + (x @ b) @ a * alpha / a.shape[1]),
    ("lora", "Not divided by the rank", lambda x, w, a, b, alpha: x @ (w + alpha * a @ b)),
    ("init_lora", "Both zero: nothing learns", lambda rng, d, f, r: (np.zeros((d, r)), np.zeros((r, f)))),
    ("init_lora", "Both random: the model changes at once",
     lambda rng, d, f, r: (rng.standard_normal((d, r)), rng.standard_normal((r, f)))),
    ("init_lora", "Random numbers not scaled", lambda rng, d, f, r: (rng.standard_normal((d, r)), np.zeros((r, f)))),
    ("init_lora", "Divided by the rows, not by their root",
     lambda rng, d, f, r: (rng.normal(scale=1 / d, size=(d, r)), np.zeros((r, f)))),
    ("merge", "LoRA scaled twice", lambda w, a, b, alpha: w + (alpha / len(b)) * a @ (b * alpha / len(b))),
    ("merge", "Not scaled", lambda w, a, b, alpha: w + a @ b),
    ("merge", "The weight forgotten", lambda w, a, b, alpha: (a @ b) * (alpha / len(b))),
    ("stopped", "Keeps the last, not the best", lambda scores, patience: early()(scores, patience)[1:] * 2),
    ("stopped", "An equal score counts as better", early(lambda new, best: new >= best)),
    ("stopped", "One epoch too patient", lambda scores, patience: early()(scores, patience + 1)),
    ("stopped", "The untouched model not kept", early(first=1)),
]  # fmt: skip


test_a_right_answer_is_right_however_it_is_spelled, test_a_planted_mistake_is_named = asked_of(checks, RIGHT, WRONG)


@pytest.mark.parametrize("scores", [[5, 5, 6, 4, 6, 7, 7, 2], [9, 4, 5, 6], [1, 2, 3], [3, 3, 3], [5, 4, 6, 5, 4, 7]])
@pytest.mark.parametrize("patience", [1, 2, 3])
def test_stopping_early_is_what_the_package_does(monkeypatch, scores, patience):
    """The exercise's answer is written down twice, and must be the same in both places."""
    said = iter(scores)
    monkeypatch.setattr(FineTuning, "evaluate", lambda self, params: next(said))
    _, travel = tasks.goods_and_travel()
    few, recipe = travel.draw(np.random.default_rng(0), 4), recipes.goods()
    phase = {"phase": 1, "frozen_layers": "embeddings+encoder", "learning_rate": 0.01, "epochs": len(scores) - 1}
    run = FineTuning({"discriminative_lrs": [phase], "patience": patience}, recipe.params, recipe.config, few, few)
    state = run.train()
    assert run.steps_an_epoch == 1
    assert (state.training.best_step, state.training.step) == checks.stopped.answer(scores, patience)


def test_accumulating_is_what_the_package_does():
    gradients, tokens = checks.accumulate.cases(np.random.default_rng(3))[0]
    objective = accumulated(lambda params, batch, rng: (0.0, {"w": gradients[batch]}, tokens[batch]))
    _, grads, _ = objective({}, range(len(tokens)), None)
    np.testing.assert_allclose(checks.accumulate.answer(gradients, tokens), grads["w"], rtol=1e-12)
