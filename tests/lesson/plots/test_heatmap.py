"""The matplotlib heatmap and the way figures reach the page."""

import base64
import struct

import numpy as np
import pytest

from lesson.plots import draw_heatmap, show

figures = pytest.importorskip("matplotlib.figure")
WEIGHTS = np.array([[0.25, 0.75, 0.0], [0.5, 0.25, 0.25]])


@pytest.fixture
def axes():
    return figures.Figure().subplots()


def test_each_cell_has_its_shade_and_its_number(axes):
    assert draw_heatmap(axes, WEIGHTS, ["not", "boring"], ["a", "b", "c"]) is axes
    assert [text.get_text() for text in axes.texts] == ["0.25", "0.75", "0.00", "0.50", "0.25", "0.25"]
    shades = axes.images[0].get_array()
    assert shades.shape == (2, 3, 3)
    assert shades[0, 1].sum() < shades[0, 0].sum() < shades[0, 2].sum()
    np.testing.assert_array_equal(shades[0, 0], shades[1, 1])


def test_rows_and_columns_are_named(axes):
    draw_heatmap(axes, WEIGHTS, ["not", "boring"], ["a", "b", "c"])
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["not", "boring"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["a", "b", "c"]


def test_words_must_fit_the_cells(axes):
    with pytest.raises(ValueError, match=r"wanted weights \(1, 1\), a cell or more, got \(2, 3\)"):
        draw_heatmap(axes, WEIGHTS, ["one"])


def test_a_figure_is_shown_with_its_words_and_let_go(monkeypatch, capsys):
    display = pytest.importorskip("IPython.display")
    import IPython.display

    pyplot = pytest.importorskip("matplotlib.pyplot")
    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda *things, **options: shown.append((things, options)))
    assert display
    pyplot.switch_backend("agg")
    figure, axes = pyplot.subplots()
    draw_heatmap(axes, WEIGHTS, ["not", "boring"], ["a", "b", "c"])
    show(figure, "'not' attends most to 'b'.")
    ((bundle,), options), *more = shown
    assert not more and not pyplot.get_fignums()
    assert bundle["text/plain"] == options["metadata"]["image/png"]["alt"] == "'not' attends most to 'b'."
    # Text already: the browser's kernel would send raw bytes on as a dict of numbers.
    picture = base64.b64decode(bundle["image/png"])
    assert picture.startswith(b"\x89PNG")
    assert min(struct.unpack(">II", picture[16:24])) > 100
    assert b"matplotlib" not in picture
    assert capsys.readouterr().out == "'not' attends most to 'b'.\n"


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="wanted a text that says what the picture shows"):
        show(figures.Figure(), "  ")
