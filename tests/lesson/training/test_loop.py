"""The loop: reports, stopping, going on bit for bit, the best weights, and numbers that are not finite."""

from itertools import islice

import numpy as np
import pytest
from small_model import Batch, draw, init, objective

from lesson import tree
from lesson.training import (
    NotFinite,
    adamw,
    adamw_sparing,
    begin,
    cosine,
    frozen,
    load_training,
    momentum,
    save_training,
    sgd,
    shuffled,
    still,
    train,
    train_steps,
    warm_up,
)


def start(optimiser, seed=58):
    rng = np.random.default_rng(seed)
    return begin(init(rng), optimiser, rng)


def assert_same_state(a, b):
    assert (a.step, a.rng_state, a.best_score, a.best_step) == (b.step, b.rng_state, b.best_score, b.best_step)
    for part in ("params", "best_params", "optimiser_state"):
        one, other = getattr(a, part), getattr(b, part)
        tree.map(lambda x, y: np.testing.assert_array_equal(x, y, strict=True), one, other)


def test_training_learns_and_reports_every_step():
    optimiser = adamw(0.05)
    reports = list(train_steps(objective, draw, optimiser, start(optimiser), until=60))
    assert [report.step for report in reports] == [report.state.step for report in reports] == list(range(1, 61))
    assert np.mean([report.loss for report in reports[-10:]]) < 0.5 * np.mean([report.loss for report in reports[:5]])
    assert all(report.gradient_norm > 0 and report.score is None for report in reports)


def test_a_step_is_done_only_when_it_is_asked_for():
    asked = []
    optimiser = sgd(0.1)
    steps = train_steps(
        objective, lambda rng, step: asked.append(step) or draw(rng, step), optimiser, start(optimiser), 9
    )
    assert asked == []
    assert [report.step for report in islice(steps, 3)] == asked == [1, 2, 3]


def test_the_callback_sees_every_step_and_stops_training():
    optimiser, seen = sgd(0.1), []
    state = train(
        objective, draw, optimiser, start(optimiser), 50, on_step=lambda r: seen.append(r) or np.bool_(r.step == 7)
    )
    assert [report.step for report in seen] == [1, 2, 3, 4, 5, 6, 7]
    assert state is seen[-1].state
    assert train(objective, draw, optimiser, start(optimiser), 5, on_step=seen.append).step == 5


def test_an_interrupt_keeps_what_was_learned():
    def interrupt(report):
        if report.step == 4:
            raise KeyboardInterrupt

    optimiser = sgd(0.1)
    state = train(objective, draw, optimiser, start(optimiser), 50, on_step=interrupt)
    assert_same_state(state, train(objective, draw, optimiser, start(optimiser), 4))


EXAMPLES = draw(np.random.default_rng(3), 1, 22)
SETTINGS = {
    "adamw": (adamw(warm_up(5, cosine(0.05, 30))), draw, {"largest_norm": 0.5}),
    "groups": (adamw_sparing("*bias", 0.05), draw, {"evaluate": lambda params: -norm_of(params), "every": 4}),
    "frozen": (frozen("embedding", momentum(0.05)), shuffled(EXAMPLES, 4, seed=1), {}),
    "epochs": (sgd(0.5), shuffled(EXAMPLES, 5, seed=1), {"largest_norm": 1.0}),
}


def norm_of(params):
    return float(np.abs(params["layers"]["0"]["weight"]).sum())


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("stop", [0, 1, 7, 29])
def test_a_run_that_was_stopped_and_saved_goes_on_bit_for_bit(setting, stop, tmp_path):
    optimiser, draw_batch, options = SETTINGS[setting]
    losses = []
    whole = train(
        objective, draw_batch, optimiser, start(optimiser), 30, on_step=lambda r: losses.append(r.loss), **options
    )
    first = start(optimiser)
    if stop:
        first = train(objective, draw_batch, optimiser, first, 30, on_step=lambda r: r.step == stop, **options)
    assert first.step == stop
    save_training(tmp_path / "training.npz", first, {"name": setting})
    resumed, config = load_training(tmp_path / "training.npz", like=start(optimiser, seed=1))
    assert_same_state(resumed, first)
    assert config == {"name": setting}
    again = []
    end = train(objective, draw_batch, optimiser, resumed, 30, on_step=lambda r: again.append(r.loss), **options)
    assert_same_state(end, whole)
    assert again == losses[stop:]


def test_taking_a_state_up_twice_gives_the_same_twice():
    optimiser = adamw(0.05)
    state = train(objective, draw, optimiser, start(optimiser), 5)
    ends = [train(objective, draw, optimiser, state, 9) for _ in range(2)]
    assert_same_state(*ends)


def test_the_best_weights_are_those_that_scored_highest():
    scores = {4: 0.2, 8: 0.9, 12: 0.5, 16: 0.9, 18: np.nan}
    asked, weights = iter(scores.items()), {}

    def evaluate(params):
        step, score = next(asked)
        weights[step] = params
        return score

    optimiser = adamw(0.05)
    reports = list(train_steps(objective, draw, optimiser, start(optimiser), 18, evaluate=evaluate, every=4))
    assert {report.step: report.score for report in reports if report.score is not None} == pytest.approx(
        scores, nan_ok=True
    )
    last = reports[-1].state
    assert (last.best_score, last.best_step) == (0.9, 8)
    assert last.best_params is weights[8]
    tree.map(np.testing.assert_array_equal, weights[8], reports[7].state.params)


def test_without_a_score_the_best_weights_are_those_of_the_lowest_loss():
    optimiser = adamw(0.3)
    reports = list(train_steps(objective, draw, optimiser, start(optimiser), 25))
    losses = [report.loss for report in reports]
    best, last = int(np.argmin(losses)), reports[-1].state
    assert best > 0
    assert (last.best_score, last.best_step) == (-losses[best], best)
    # The loss of a step is that of the weights before its update.
    tree.map(np.testing.assert_array_equal, last.best_params, reports[best - 1].state.params)


def spoiled(at, spoil):
    """The objective, with its loss and gradients spoiled at one step."""
    calls = []

    def spoiling(params, batch, rng):
        calls.append(1)
        loss, grads, kept = objective(params, batch, rng)
        return (*spoil(loss, grads), kept) if len(calls) == at else (loss, grads, kept)

    return spoiling


def with_gradient(value):
    def spoil(loss, grads):
        weight = grads["layers"]["0"]["weight"].copy()
        weight[2, 1] = value
        return loss, {**grads, "layers": {"0": {**grads["layers"]["0"], "weight": weight}}}

    return spoil


@pytest.mark.parametrize(
    ("spoil", "sentence", "path"),
    [
        (
            with_gradient(np.nan),
            "the gradient of 'layers/0/weight' holds a number that is not finite",
            "layers/0/weight",
        ),
        (with_gradient(-np.inf), "the gradient of 'layers/0/weight' holds", "layers/0/weight"),
        (with_gradient(1e300), "the largest gradient is that of 'layers/0/weight'", "layers/0/weight"),
        (lambda loss, grads: (np.nan, grads), "the loss is nan and the largest gradient is that of '", None),
        (lambda loss, grads: (np.inf, grads), "the loss is inf and", None),
    ],
)
def test_training_stops_at_what_is_not_finite_and_keeps_the_rest(spoil, sentence, path):
    optimiser = adamw(0.05)
    before = train(objective, draw, optimiser, start(optimiser), 6)
    with pytest.raises(NotFinite) as stopped:
        train(spoiled(7, spoil), draw, optimiser, start(optimiser), 20, largest_norm=np.inf)
    assert str(stopped.value).startswith("training stopped at step 7: ")
    assert sentence in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert stopped.value.step == 7
    assert stopped.value.path == path or path is None
    assert_same_state(stopped.value.state, before)


def test_weights_that_are_not_finite_are_named():
    params = init(np.random.default_rng(1))
    params["embedding"]["weight"][3] = np.nan
    with pytest.raises(NotFinite, match="the weights of 'embedding/weight' hold a number that is not finite"):
        train(objective, draw, still(), begin(params, still(), np.random.default_rng(1)), 20)


def test_a_generator_that_cannot_be_saved_is_refused():
    with pytest.raises(ValueError, match=r"wanted a generator of PCG64, .* got MT19937"):
        begin({}, sgd(0.1), np.random.Generator(np.random.MT19937(1)))


def test_evaluation_comes_at_least_now_and_then():
    with pytest.raises(ValueError, match="wanted every of 1 or more, got 0"):
        train(objective, draw, sgd(0.1), start(sgd(0.1)), 5, every=0)


def test_batches_are_what_the_examples_are():
    assert isinstance(shuffled(EXAMPLES, 4, seed=1)(None, 1), Batch)


def test_the_training_log_is_the_same_on_every_machine():
    optimiser, log = adamw(warm_up(20, cosine(0.02, 400))), {}

    def note(report):
        if report.step % 80 == 0:
            log[report.step] = f"{report.loss:.4f} {report.gradient_norm:.4f}"

    train(objective, draw, optimiser, start(optimiser), 400, on_step=note, largest_norm=1.0)
    assert log == LOG


LOG = {80: "0.2953 0.1639", 160: "0.0326 0.0499", 240: "0.0193 0.0436", 320: "0.0526 0.0653", 400: "0.0571 0.0991"}
