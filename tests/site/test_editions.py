"""The live edition in the browser: cells to type, notes for the speaker, pictures that unfold."""

from pathlib import Path

import nbformat
from coursekit.notebooks.editions import live

LESSON = Path(__file__).parents[2] / "notebooks" / "01-attention-by-hand.ipynb"


def test_the_live_edition_is_what_the_build_made_and_its_pictures_are_drawn(lab):
    wanted = live(nbformat.read(LESSON, as_version=4))
    lab.open(f"live/{LESSON.name}")
    cells = lab.cells()
    assert [cell["source"] for cell in cells] == [cell.source for cell in wanted.cells]
    at = next(i for i, cell in enumerate(wanted.cells) if "<img" in cell.source)
    cell = lab.element(at)
    assert not cell.locator(".jp-RenderedMarkdown img").is_visible()
    cell.locator("summary").click()
    picture = cell.locator(".jp-RenderedMarkdown img")
    picture.wait_for(state="visible")
    lab.page.wait_for_function("image => image.complete && image.naturalWidth > 100", arg=picture.element_handle())
    assert len(picture.get_attribute("alt")) > 40
    note = next(i for i, cell in enumerate(wanted.cells) if cell.source.startswith("> **Speaker notes**"))
    assert lab.element(note).locator("blockquote strong").first.inner_text() == "Speaker notes"
    text = next(i for i, cell in enumerate(wanted.cells) if "<pre>" in cell.source)
    lab.element(text).locator("summary").click()
    assert lab.element(text).locator(".jp-RenderedMarkdown pre").inner_text().strip() == "Ready."
