"""The leak's story, true from every seed: a loss too good to be true, and nothing that it can do."""

import numpy as np
import pytest

from lesson import recipes
from lesson.models.continuation import continue_text
from lesson.models.generate import generate
from lesson.models.sample import sampling
from lesson.nn.masks import causal_mask
from lesson.tasks.sequences import FIRST_DIGIT

pytestmark = pytest.mark.slow


def leaky_mask(ids):
    return causal_mask(ids.shape[-1], ids.shape[-1], offset=1)


def trained(**settings):
    """The mean training loss of the last 20 steps, the loss on what is held out with its past alone, allowed steps."""
    honest, recipe, losses = recipes.walk(seed=settings["seed"]), recipes.walk(**settings), []
    params = recipe.train(on_step=lambda report: losses.append(report.loss)).params
    prompt = FIRST_DIGIT + np.repeat(np.arange(10), 20)[:, np.newaxis]
    written = generate(
        continue_text(params, prompt, recipe.config), 11, choose=sampling(), rng=np.random.default_rng(0)
    )
    steps = np.diff(np.concatenate([prompt, written], axis=1)) % 10
    return np.mean(losses[-20:]), honest.objective(params, honest.held_out)[0], np.isin(steps, (1, 2, 3)).mean()


@pytest.mark.parametrize("seed", [58, 3])
def test_an_honest_model_comes_close_to_the_best_possible_loss_and_walks_as_it_should(seed):
    last, held_out, allowed = trained(seed=seed)
    assert np.log(3) - 0.03 < last < np.log(3) + 0.05
    assert np.log(3) < held_out < np.log(3) + 0.05
    assert allowed > 0.96


@pytest.mark.parametrize("seed", [58, 3])
def test_a_leaky_model_has_no_loss_left_and_knows_nothing(seed):
    last, held_out, allowed = trained(seed=seed, mask=leaky_mask)
    assert last < 0.02
    assert held_out > 2 * np.log(10) - 1
    assert allowed < 0.15


def test_a_mask_changes_what_is_trained_and_not_what_is_judged():
    honest, leaky = recipes.walk(seed=1), recipes.walk(seed=1, mask=leaky_mask)
    assert honest.evaluate(honest.params) == leaky.evaluate(honest.params)
    batch = honest.draw(np.random.default_rng(0), 1)
    assert honest.objective(honest.params, batch)[0] != leaky.objective(honest.params, batch)[0]
