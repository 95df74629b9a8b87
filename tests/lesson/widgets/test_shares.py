"""Three shares of one whole: softmax's numbers, wherever the slider is left."""

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.widgets import share_a_whole


def test_it_says_the_shares_and_draws_them():
    widget = share_a_whole(2.0)
    assert widget.summary == "Shares: first 0.7870, second 0.1065, third 0.1065. Together they are 1."
    assert "0.7870" in widget.picture.value


def test_fifty_moves_leave_it_where_the_last_one_did():
    widget, fresh = share_a_whole(), share_a_whole(-1.5)
    for score in [*np.random.default_rng(58).uniform(-5, 5, 49), -1.5]:
        widget.controls["score"].value = score
    assert (widget.summary, widget.picture.value) == (fresh.summary, fresh.picture.value)


def test_a_share_never_reaches_the_whole():
    assert "first 0.9867" in share_a_whole(5.0).summary
    assert "first 0.0034" in share_a_whole(-5.0).summary
