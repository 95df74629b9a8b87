"""What a learner writes is still there after the page was closed."""


def test_an_edit_outlives_a_reload(lab, first):
    lab.open(first)
    index = next(i for i, cell in enumerate(lab.cells()) if cell["cell_type"] == "code")
    editor = lab.element(index).locator(".cm-content")
    editor.click()
    lab.page.keyboard.press("Control+End")
    lab.page.keyboard.type("\nmine = 'kept'  # typed by a learner")
    # Nobody presses Save: the page does it by itself.
    dirty = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
    lab.page.wait_for_function(f"() => !({dirty})()", timeout=30_000)
    lab.reload()
    assert "typed by a learner" in lab.cells()[index]["source"]


def test_another_profile_sees_the_original(lab, first):
    lab.open(first)
    assert not any("typed by a learner" in cell["source"] for cell in lab.cells())
