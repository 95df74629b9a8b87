"""The mask to click: weights and ways that are those of the package, and cells that answer to hand and button alike."""

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("ipywidgets")

from lesson.nn.attention import scaled_dot_product_attention
from lesson.nn.masks import causal_mask, causal_padding_mask, padding_mask, reach
from lesson.widgets.cell_grid import OFF, ON, CellGrid, as_rows
from lesson.widgets.mask import SHARES, TOKENS, click_the_mask, well_known_masks

IDS = np.array([7, 8, 9, 10, 0])


def cell(widget, row, column):
    return widget.controls["cells"].cells[row][column]


def press(widget, name):
    next(button for button in widget.buttons if button.description == name).click()


def told_weights(summary):
    """The weights of each sentence about a word; a word that is not named has none."""
    lines = summary.splitlines()[1:6]
    return np.array([[float(dict(re.findall(r"'(\S+)' (\d\.\d+)", line)).get(t, 0)) for t in TOKENS] for line in lines])


def test_the_numbers_at_first():
    first = click_the_mask().summary
    np.testing.assert_allclose(told_weights(first), np.array(SHARES) / 10, atol=1e-9)
    assert first.startswith("Mask: everything.\n'it' attends to 'it' 0.4000, 'is' 0.2000,")
    assert first.endswith("After 2 layers, 'bad' is known to 'it', 'is', 'not', 'bad' and '<pad>'.")


def test_the_buttons_set_the_packages_masks():
    masks = well_known_masks(TOKENS)
    np.testing.assert_array_equal(masks["causal"], causal_mask(5))
    np.testing.assert_array_equal(masks["causal, no padding"], causal_padding_mask(IDS, 0))
    np.testing.assert_array_equal(masks["no padding"], np.broadcast_to(padding_mask(IDS, 0), (5, 5)))
    np.testing.assert_array_equal(masks["one back"], causal_mask(5) & causal_mask(5, 5, offset=1).T)
    widget = click_the_mask()
    for name, mask in masks.items():
        press(widget, name)
        assert widget.controls["cells"].value == as_rows(mask)
        assert [[c.value for c in row] for row in widget.controls["cells"].cells] == mask.tolist()
        assert widget.summary.startswith(f"Mask: {name}.\n")


@pytest.mark.parametrize("seed", range(5))
def test_any_mask_gives_the_packages_weights_and_ways(seed):
    rng = np.random.default_rng(seed)
    mask, layers, followed = rng.random((5, 5)) < 0.5, int(rng.integers(1, 5)), int(rng.integers(5))
    widget = click_the_mask()
    for (row, column), on in np.ndenumerate(mask):
        cell(widget, row, column).value = bool(on)
    widget.controls["layers"].value, widget.controls["followed"].value = layers, followed
    # Keys of the unit matrix turn queries into scores; the scale is taken back.
    queries = np.log(SHARES) * np.sqrt(5)
    _, cache = scaled_dot_product_attention(queries, np.eye(5), np.eye(5), mask)
    np.testing.assert_allclose(told_weights(widget.summary), cache.weights, atol=6e-5)
    known = widget.summary.splitlines()[-1].partition("is known to")[2]
    assert re.findall(r"'([^']+)'", known) == [
        t for t, k in zip(TOKENS, reach(mask, layers)[:, followed], strict=True) if k
    ]


def test_a_word_that_may_ask_nobody_gets_zeros():
    widget = click_the_mask()
    for column in range(5):
        cell(widget, 1, column).value = False
    assert "'is' attends to nothing: all its weights are 0." in widget.summary
    assert "nan" not in widget.picture.value.lower()


def test_a_leak_reaches_one_word_further_with_every_layer():
    widget = click_the_mask()
    press(widget, "leaky")
    widget.controls["followed"].value = 3
    for layers, first in ((1, "'not'"), (2, "'is'"), (3, "'it'")):
        widget.controls["layers"].value = layers
        assert f"'bad' is known to {first}, " in widget.summary


def test_fifty_moves_end_where_one_would_have():
    widget, rng, slowest = click_the_mask(), np.random.default_rng(0), 0.0
    for move in range(50):
        begun = time.process_time()
        if move % 10 == 9:
            widget.buttons[move // 10].click()
        else:
            pressed = cell(widget, *rng.integers(0, 5, 2))
            pressed.value = not pressed.value
        slowest = max(slowest, time.process_time() - begun)
    target = widget.controls["cells"].value
    once = click_the_mask()
    once.controls["cells"].value = target
    assert (widget.picture.value, widget.summary) == (once.picture.value, once.summary)
    assert slowest < 0.4


def test_a_button_draws_once_and_makes_nothing_new():
    import ipywidgets

    widget, drawn = click_the_mask(), []
    widget.picture.observe(lambda change: drawn.append(change), names="value")
    before = len(ipywidgets.widgets.widget._instances)
    press(widget, "causal")
    press(widget, "everything")
    assert len(drawn) == 2
    assert len(ipywidgets.widgets.widget._instances) == before


def test_a_cell_shows_its_state_by_a_sign_and_says_what_it_is():
    widget = click_the_mask()
    pressed = cell(widget, 3, 2)
    assert (pressed.description, pressed.tooltip) == (ON, "'bad' may attend to 'not'")
    pressed.value = False
    assert pressed.description == OFF and widget.controls["cells"].value[3][2] is False


def test_every_control_can_be_found_and_both_pictures_have_names():
    widget = click_the_mask()
    controls = *widget.buttons, widget.controls["layers"], widget.controls["followed"]
    assert all(control.description and control.tooltip for control in controls)
    assert len({one.tooltip for row in widget.controls["cells"].cells for one in row}) == 25
    pictures = ElementTree.fromstring(widget.picture.value).findall("{*}svg")
    assert len(pictures) == 2 and all(picture.attrib["aria-label"] for picture in pictures)


def test_words_stand_beside_their_cells_and_all_fits_a_telephone():
    columns = click_the_mask().controls["cells"].layout.grid_template_columns
    first, count, each = map(int, re.fullmatch(r"(\d+)px repeat\((\d+), (\d+)px\)", columns).groups())
    assert count == 5 and first + count * each <= 320


def test_words_are_escaped_in_every_place():
    widget = click_the_mask(("<b>", "&", "<pad>"), np.ones((3, 3)))
    ElementTree.fromstring(widget.picture.value)
    assert "<b>" not in widget.picture.value and "<b>" not in widget.children[-1].value


@pytest.mark.parametrize("shares", [np.ones((4, 5)), np.zeros((5, 5))])
def test_shares_that_do_not_fit_are_refused(shares):
    with pytest.raises(ValueError, match=r"wanted shares above zero \(5, 5\), got "):
        click_the_mask(shares=shares)


def test_a_grid_wants_a_cell_for_each_pair():
    with pytest.raises(ValueError, match=r"wanted cells \(1, 2\), got \(2, 1\)"):
        CellGrid(np.ones((2, 1)), ["a"], ["b", "c"], "{row} {column}")
