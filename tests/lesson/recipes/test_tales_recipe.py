"""What a lesson tells of the tales' model holds for more than one seed."""

import numpy as np
import pytest

from lesson import recipes, tasks
from lesson.models.beam import beam_search
from lesson.models.continuation import continue_text
from lesson.models.generate import generate
from lesson.models.sample import sampling
from lesson.tasks.tales import FULL_STOP, WORDS

pytestmark = pytest.mark.slow

STOP = WORDS.id(FULL_STOP)


@pytest.fixture(scope="module", params=[58, 3])
def model(request):
    recipe = recipes.tales(seed=request.param)
    return recipe, recipe.train().params


def told(ids):
    return " ".join(WORDS.decode(ids))


def test_the_model_is_nearly_as_good_as_the_truth(model):
    recipe, params = model
    loss = recipe.objective(params, recipe.held_out)[0]
    source = recipe.held_out.source
    best = -np.mean([tasks.tale_log_probability(WORDS.decode(row)[1:]) for row in source]) / (source.shape[1] - 1)
    assert best - 0.01 < loss < best + 0.03


def test_wider_beams_find_better_tales_and_the_penalty_turns_the_winner(model):
    recipe, params = model
    text = continue_text(params, np.array([[STOP]]), recipe.config)
    assert told(generate(text, 12, STOP)[0]) == "the dog sleeps ."
    for width, penalty, wanted in (
        (1, 0.0, "the dog sleeps ."),
        (2, 0.0, "nobody sleeps ."),
        (3, 0.0, "nobody sleeps ."),
        (2, 1.0, "nobody sleeps ."),
        (3, 1.0, "once upon a time there was a fox ."),
    ):
        assert told(beam_search(text, 12, width, STOP, penalty).ids[0, 0]) == wanted


def test_heat_makes_mistakes_and_the_nucleus_takes_them_back(model):
    recipe, params = model
    texts = continue_text(params, np.full((300, 1), STOP), recipe.config)
    allowed = {}
    for settings in ((0.5, None), (1.5, None), (1.5, 0.9)):
        ids = generate(texts, 16, STOP, sampling(settings[0], top_p=settings[1]), np.random.default_rng(58))
        allowed[settings] = np.mean([np.isfinite(tasks.tale_log_probability(WORDS.decode(row))) for row in ids])
    assert allowed[0.5, None] > 0.97 and allowed[1.5, 0.9] > 0.97 and allowed[1.5, None] < 0.9
