"""Recipes are what they say: reproducible, within their budgets, and judged by what they never saw."""

import dataclasses

import numpy as np
import pytest

from lesson import recipes, tasks, tree
from lesson.models.classifier import classifier
from lesson.models.config import ModelConfig
from lesson.models.language_model import language_model
from lesson.training import cosine, warm_up

MAKERS = {
    "reverse": recipes.reverse,
    "sentiment": recipes.sentiment,
    "goods": recipes.goods,
    "induction": recipes.induction,
    "one_layer_as_large": recipes.one_layer_as_large,
    "addition": recipes.addition,
    "depth": recipes.depth,
    "walk": recipes.walk,
    "tales": recipes.tales,
}


def losses_of(recipe, steps):
    seen = []
    recipe.train(on_step=lambda report: seen.append(report.loss) or report.step == steps)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_a_few_steps_lower_the_loss_on_what_is_held_out(name):
    recipe = MAKERS[name](seed=4)
    # Who negates whom takes longer to find than which tokens there are.
    enough = {"sentiment": 100, "goods": 150}.get(name, 25)
    held_out = tasks.Examples(*(array[:100] for array in recipe.held_out))
    before, after = (
        recipe.objective(params, held_out, None)[0]
        for params in (recipe.params, recipe.train(on_step=lambda report: report.step == enough).params)
    )
    assert after < 0.85 * before


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_judged_is_never_trained_on(name):
    recipe = MAKERS[name](seed=2)
    rng = np.random.default_rng(5)
    trained = np.concatenate([recipe.draw(rng, step).source for step in range(1, 41)])
    asked = recipe.held_out.source
    assert len(asked) == 1000
    assert recipe.task.is_test(asked).all()
    seen = {row.tobytes() for row in np.ascontiguousarray(recipe.task.content(trained))}
    assert len(seen) > 500
    assert not seen & {row.tobytes() for row in np.ascontiguousarray(recipe.task.content(asked))}


@pytest.mark.parametrize("name", MAKERS)
def test_the_seed_settles_all(name):
    first, again, other = (losses_of(MAKERS[name](seed=seed, batch=8), 3) for seed in (7, 7, 8))
    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_the_questions_do_not_depend_on_the_model():
    small = recipes.reverse(seed=1, width=8, num_heads=1)
    np.testing.assert_array_equal(small.held_out.source, recipes.reverse(seed=1).held_out.source)


@pytest.mark.parametrize(("name", "most"), [("reverse", 25_000), ("sentiment", 3_000)])
def test_models_stay_within_their_budget(name, most):
    assert tree.count(MAKERS[name]().params) <= most


def test_one_layer_is_as_large_as_two():
    one, two = (tree.count(make().params) for make in (recipes.one_layer_as_large, recipes.induction))
    assert two <= one < 1.01 * two


def test_settings_change_the_model_and_the_run():
    recipe = recipes.reverse(length=5, steps=3, batch=2, positions="sinusoidal", norm_first=False)
    assert (recipe.config.positions, recipe.config.norm_first, recipe.config.width) == ("sinusoidal", False, 32)
    assert recipe.draw(np.random.default_rng(0), 1).source.shape == (2, 5)
    assert len(list(recipe.train_steps())) == 3
    assert recipe.train().step == 3
    assert recipe.schedule(10) == 0
    assert "norm" not in recipe.params["encoder"]


def test_training_scores_when_asked_to():
    scores = [report.score for report in recipes.sentiment(steps=4).train_steps(evaluate=lambda _: 0.25, every=2)]
    assert scores == [None, 0.25, None, 0.25]


def test_clipping_is_the_recipes_own_unless_it_is_asked_for():
    recipe = recipes.reverse(steps=1)

    def first_update(**settings):
        return recipe.train(**settings).optimiser_state["mean"]

    free = first_update(largest_norm=np.inf)
    length = next(recipe.train_steps()).gradient_norm
    assert length > 1
    np.testing.assert_allclose(first_update(), free / length, rtol=1e-12)


def test_an_encoder_decoder_is_judged_by_what_it_writes():
    recipe = recipes.reverse(seed=3)
    source, target = recipe.held_out
    said = recipes.write(recipe.params, recipe.config, source[:9], 9)
    assert said.shape == (9, 9)
    # What an untrained model writes becomes the truth for some: their share is the score.
    truth = target.copy()
    truth[:9, 1:] = said
    judged = dataclasses.replace(recipe, held_out=tasks.Examples(source[:20], truth[:20]))
    assert recipe.evaluate(recipe.params) == 0
    assert recipes.writings_right(recipe.params, recipe.config, judged.held_out) == 9 / 20


@pytest.mark.parametrize(("name", "model"), [("induction", language_model), ("sentiment", classifier)])
def test_other_models_are_judged_by_their_likeliest_answer(name, model):
    recipe = MAKERS[name](seed=3)
    source, target = recipe.held_out
    likeliest = model(recipe.params, source, recipe.config)[0].argmax(-1)
    asked = target > 0 if name == "induction" else np.ones(target.shape, bool)
    assert recipe.evaluate(recipe.params) == pytest.approx((likeliest == target)[asked].mean(), abs=1e-15)
    assert 0 < recipe.evaluate(recipe.params) < 0.7


def test_a_model_that_nobody_judges_is_refused():
    task, schedule = tasks.reverse(), warm_up(2, cosine(0.1, 5))
    with pytest.raises(ValueError, match=r"wanted one of Seq2SeqConfig, .*, got ModelConfig"):
        recipes.make_recipe(0, task, ModelConfig(13), schedule, steps=5, batch=2)


def test_goods_speak_of_journeys_without_having_met_their_words():
    _, travel = tasks.goods_and_travel()
    recipe = recipes.goods()
    assert recipe.task.vocabulary.tokens == travel.vocabulary.tokens
    rng = np.random.default_rng(5)
    met = np.unique(np.concatenate([recipe.draw(rng, step).source for step in range(1, 41)]))
    assert not {travel.vocabulary.id(word) for word in ("cosy", "shabby", "moon", "elephant")} & set(met)
