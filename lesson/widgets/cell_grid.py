"""A table of cells to press, each on or off: one control whose value is all of them."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
import traitlets
from ipywidgets.widgets.widget_bool import ToggleButtonStyle

ON, OFF = "✓", "–"


class CellGrid(ipywidgets.GridBox):
    """Cells with a word before each row and above each column; `value` is rows of booleans, T times S.

    Tab goes from cell to cell, the space bar presses one. Setting `value` moves all cells and is one change, not many.
    hint: what a cell says of its row and column, such as "{row} may attend to {column}"
    """

    value = traitlets.Tuple()

    def __init__(self, value: np.ndarray, rows: Sequence[str], columns: Sequence[str], hint: str):
        if np.shape(value) != (len(rows), len(columns)):
            raise ValueError(f"wanted cells ({len(rows)}, {len(columns)}), got {np.shape(value)}")
        # One layout and one style for all: every model of its own is a message to the page.
        shared = {"layout": ipywidgets.Layout(width="auto", min_width="0", margin="1px"), "style": ToggleButtonStyle()}
        self.cells = [
            [ipywidgets.ToggleButton(tooltip=hint.format(row=row, column=column), **shared) for column in columns]
            for row in rows
        ]
        super().__init__(
            [_word(""), *map(_word, columns), *self._rows(rows)],
            # No column is `auto`: it would take all the room there is, and push words and cells apart.
            layout=ipywidgets.Layout(grid_template_columns=f"64px repeat({len(columns)}, 44px)"),
        )
        self._moving = False
        self.value = as_rows(value)
        self._move_cells()
        for cell in self._all():
            cell.observe(self._read_cells, names="value")
        self.observe(self._move_cells, names="value")

    def _rows(self, rows: Sequence[str]) -> list[ipywidgets.Widget]:
        return [widget for row, cells in zip(rows, self.cells, strict=True) for widget in (_word(row), *cells)]

    def _all(self) -> list[ipywidgets.ToggleButton]:
        return [cell for row in self.cells for cell in row]

    def _read_cells(self, _change: object = None) -> None:
        if not self._moving:
            self.value = tuple(tuple(cell.value for cell in row) for row in self.cells)

    def _move_cells(self, _change: object = None) -> None:
        self._moving = True
        try:
            for cell, on in zip(self._all(), (on for row in self.value for on in row), strict=True):
                cell.value, cell.description = on, ON if on else OFF
        finally:
            self._moving = False


def as_rows(cells: np.ndarray) -> tuple[tuple[bool, ...], ...]:
    """Write an array of booleans as a grid's value."""
    return tuple(tuple(bool(cell) for cell in row) for row in cells)


def _word(text: str) -> ipywidgets.Label:
    return ipywidgets.Label(text, layout=ipywidgets.Layout(justify_content="center", margin="0"))
