"""Pre- and post-norm differ in the norm's place and in nothing else, and the table says what came of it."""

import numpy as np
import pytest

from lesson import recipes, tree
from lesson.recipes.depth import VARIANTS


def test_all_variants_start_from_the_same_weights_and_see_the_same_batches():
    made = [recipes.depth(5, norm_first=norm_first, warm_up_steps=steps) for norm_first, steps in VARIANTS]
    first = tree.flatten(made[0].params)
    for other in made[1:]:
        leaves = tree.flatten(other.params)
        assert first.keys() - leaves.keys() <= {"decoder/norm/weight", "decoder/norm/bias"}
        for path, leaf in leaves.items():
            np.testing.assert_array_equal(leaf, first[path])
        assert other.start.rng_state == made[0].start.rng_state
        np.testing.assert_array_equal(other.held_out.source, made[0].held_out.source)


@pytest.mark.parametrize(("norm_first", "warm_up_steps", "rate"), [(True, 50, 0.0002), (False, 0, 0.01)])
def test_the_schedule_is_the_one_that_was_asked_for(norm_first, warm_up_steps, rate):
    recipe = recipes.depth(norm_first=norm_first, warm_up_steps=warm_up_steps)
    assert recipe.config.norm_first is norm_first
    assert recipe.schedule(1) == pytest.approx(rate, rel=1e-3)
    assert recipe.schedule(recipe.steps) == pytest.approx(0, abs=1e-12)
    assert recipe.largest_norm == np.inf


@pytest.mark.parametrize("seed", range(3))
def test_at_the_start_gradients_are_larger_with_the_norm_outside_and_most_so_at_the_top(seed):
    # Xiong et al. 2020, theorem 1: with the norm inside, depth makes the last layer's gradient smaller.
    pre, post = (
        recipes.layer_gradient_norms(recipes.depth(seed, norm_first=norm_first)) for norm_first in (True, False)
    )
    assert len(pre) == len(post) == 6
    assert min(post) > max(pre)
    assert post[-1] > 2 * pre[-1]
    assert pre[-1] < pre[0]


def test_the_table_holds_every_variant_with_its_losses():
    told = []
    rows = recipes.compare_norms(1, told.append, steps=4, batch=4, num_layers=2)
    assert rows == told
    assert [row.name for row in rows] == [
        "pre-norm, warm-up of 50",
        "pre-norm, no warm-up",
        "post-norm, warm-up of 50",
        "post-norm, no warm-up",
    ]
    losses = []
    recipes.depth(1, norm_first=False, warm_up_steps=0, steps=4, batch=4, num_layers=2).train(
        on_step=lambda report: losses.append(report.loss)
    )
    assert rows[3].losses == tuple(losses)
    assert len(rows[3].gradient_norms) == 2
    assert 0 < rows[3].score < 0.5


def test_fewer_digits_make_a_shorter_run():
    recipe = recipes.depth(length=4)
    # Four digits, a separator, four digits and the end, of which the first nine are read.
    assert recipe.held_out.source.shape == (1000, 9) == recipe.held_out.target.shape
