"""The film reviewer learns from films' ratings and the lexicon's hearsay, never from what it is judged by."""

import numpy as np
import pytest

from lesson import recipes, tasks, tree
from lesson.models.classifier import classifier
from lesson.tasks.reviews_words import blurred


@pytest.fixture(scope="module")
def recipe():
    return recipes.reviews(seed=1, steps=60)


def test_it_is_small_and_starts_as_the_lexicon_has_it(recipe):
    assert tree.count(recipe.params) * 4 < 1_000_000
    products = tasks.reviews("products").test.examples
    said = classifier(recipe.params, products.source, recipe.config)[0].argmax(axis=-1)
    lexicon = products.source.size and recipe.task.opinions[products.source].sum(axis=1) > 0
    assert (said == lexicon).mean() > 0.85


@pytest.mark.slow
def test_sixty_steps_are_better_than_the_start(recipe):
    assert recipe.evaluate(recipe.train().params) > recipe.evaluate(recipe.params) + 0.01


def test_every_batch_is_half_films_half_products_and_nothing_is_from_the_test_parts(recipe):
    rng = np.random.default_rng(0)
    batches = [recipe.draw(rng, step) for step in range(1, 30)]
    assert {len(batch.target) for batch in batches} == {64}
    known = set()
    for domain in ("films", "products"):
        ids = tasks.reviews(domain).train.ids
        # Hiding keeps the number of words, so lengths in a batch must be those of training sentences, alike.
        known |= set((ids != 0).sum(axis=1))
    assert {int(length) for batch in batches for length in (batch.source != 0).sum(axis=1)} <= known
    spread = [np.ptp((batch.source[:32] != 0).sum(axis=1)) for batch in batches]
    assert np.median(spread) <= 3, "sentences of like length waste no padding"


def test_the_seed_settles_all():
    losses = [[report.loss for report in recipes.reviews(seed, steps=3, batch=8).train_steps()] for seed in (0, 0, 1)]
    assert losses[0] == losses[1] != losses[2]


def test_hiding_words_adds_copies_and_keeps_the_first():
    task = tasks.reviews("products")
    few = task.draw(np.random.default_rng(0), 6)
    more = recipes.hide_words(task, few, copies=2)
    assert more.source.shape == (18, few.source.shape[1]) and (more.target == np.tile(few.target, 3)).all()
    assert (more.source[:6] == few.source).all() and (more.source[6:] != np.tile(few.source, (2, 1))).any()
    assert ((more.source != 0) == np.tile(few.source != 0, (3, 1))).all()
    assert (recipes.hide_words(task, few, 2, seed=1).source != more.source).any()


def test_hidden_words_keep_their_step_and_frequent_words_stay():
    task = tasks.reviews("products")
    known = task.vocabulary
    words = ["great", "the", "not", "junk", "player", "<not +2>"]
    ids = np.tile(known.encode(words), (400, 1))
    hidden = blurred(ids, np.random.default_rng(0), known, task.opinions)
    seen = [{known.tokens[token] for token in column} for column in hidden.T]
    assert seen[0] == {"great", "<+4>"} and seen[1] == {"the"} and seen[5] == {"<not +2>"}
    assert 0.5 < (hidden[:, 0] != ids[:, 0]).mean() < 0.7
