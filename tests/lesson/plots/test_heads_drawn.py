"""Heads and layers: each cell where it belongs, and each said in words."""

import numpy as np
import pytest

from lesson.plots import draw_heads, draw_rollout, summarise_heads, summarise_rollout
from lesson.plots.heatmap import shades

figures = pytest.importorskip("matplotlib.figure")
WORDS = ["not", "bad", "film"]
WEIGHTS = {f"encoder/{layer}/attention": np.random.default_rng(layer).dirichlet(np.ones(3), (2, 3)) for layer in (0, 1)}


def ticks(labels):
    return [label.get_text() for label in labels]


def test_every_head_has_its_heatmap():
    grid = draw_heads(figures.Figure(), WEIGHTS, WORDS)
    assert grid.shape == (2, 2)
    for (row, head), axes in np.ndenumerate(grid):
        wanted = shades(WEIGHTS[f"encoder/{row}/attention"][head])
        np.testing.assert_array_equal(axes.images[0].get_array(), wanted)


def test_words_stand_at_the_edges():
    grid = draw_heads(figures.Figure(), WEIGHTS, WORDS, list("abc"))
    assert [axes.get_title() for axes in grid[0]] == ["head 1", "head 2"]
    assert [axes.get_ylabel() for axes in grid[:, 0]] == list(WEIGHTS)
    assert ticks(grid[1, 0].get_yticklabels()) == WORDS and ticks(grid[1, 0].get_xticklabels()) == list("abc")
    assert not any(ticks(grid[0, 1].get_xticklabels()) + ticks(grid[1, 1].get_yticklabels()))


def test_the_largest_weight_of_each_head_is_said():
    weights = {"a": np.array([[[0.1, 0.9], [0.8, 0.2]], [[0.5, 0.5], [0.3, 0.7]]])}
    assert summarise_heads(weights, ["x", "y"], ["k", "l"]).splitlines() == [
        "a, head 1: 'x' to 'l' (0.9000).",
        "a, head 2: 'y' to 'l' (0.7000).",
    ]


@pytest.mark.parametrize("weights", [{}, {"a": np.ones((2, 2))}, {"a": np.ones((1, 2, 2)), "b": np.ones((1, 2, 3))}])
def test_heads_of_several_shapes_are_refused(weights):
    with pytest.raises(ValueError, match=r"wanted weights \(H, T, S\), one shape for all attentions"):
        summarise_heads(weights, ["x", "y"])
    with pytest.raises(ValueError, match=r"wanted weights \(H, T, S\), one shape for all attentions"):
        draw_heads(figures.Figure(), weights, ["x", "y"])


def test_the_lowest_layer_is_at_the_bottom():
    rollout = np.array([[0.25, 0.75], [0.5, 0.5]])
    axes = figures.Figure().subplots()
    assert draw_rollout(axes, rollout, ["x", "y"]) is axes
    assert ticks(axes.get_yticklabels()) == ["layer 2", "layer 1"]
    assert [text.get_text() for text in axes.texts] == ["0.50", "0.50", "0.25", "0.75"]


def test_a_rollout_whose_words_do_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"wanted weights \(1, 3\), a cell or more, got \(1, 2\)"):
        summarise_rollout(np.ones((1, 2)), WORDS)
