"""It learns: to the end, on questions it never saw, and by the same numbers wherever it is trained."""

from pathlib import Path

import pytest

from lesson import recipes
from lesson.tasks import polarity_count

pytestmark = pytest.mark.slow

LOG = Path(__file__).with_name("reverse_log.txt")


def test_eight_digits_come_out_backwards():
    recipe = recipes.reverse(seed=0)
    assert recipe.evaluate(recipe.params) == 0
    assert recipe.evaluate(recipe.train().params) >= 0.99


def test_the_network_beats_the_lexicon_alone():
    recipe = recipes.sentiment(seed=0)
    source, target = recipe.held_out
    assert recipe.config.lexicon_scale is None
    assert "lexicon" not in recipe.params
    assert 0.45 < (polarity_count(recipe.task, source) == target).mean() < 0.55
    assert recipe.evaluate(recipe.train().params) >= 0.98


@pytest.mark.native
def test_two_layers_look_up_what_one_layer_cannot():
    two, one = recipes.induction(seed=2, steps=300), recipes.one_layer_as_large(seed=2, steps=300)
    assert two.evaluate(two.train().params) >= 0.98
    assert one.evaluate(one.train().params) <= 0.4


def test_every_line_of_a_log_of_400_steps_is_the_same_on_every_machine():
    recipe, log = recipes.reverse(seed=0, steps=400, batch=8, width=16, hidden_width=32, num_heads=2), []
    recipe.train(on_step=lambda r: log.append(f"{r.step:3d} loss {r.loss:.4f} gradient {r.gradient_norm:.4f}"))
    assert log == LOG.read_text(encoding="utf-8").splitlines()
