"""Markup typed into any text box of any widget stays text, in the picture and in the words below it."""

import re
from pathlib import Path

import pytest

ipywidgets = pytest.importorskip("ipywidgets")

from lesson import recipes, widgets  # noqa: E402
from lesson.models.reader import Reader  # noqa: E402
from lesson.models.tiny import TinyTransformerClassifier  # noqa: E402

TYPED = ("<img src=x onerror=alert(1)>", "</svg><script>alert(1)</script>", "\"><b onclick='alert(1)'>great", "not <b>")
#: what our pictures and words are made of; a word of the reader's own, `<unk>`, is markup too if it is not escaped
DRAWN = {"br", "circle", "div", "g", "line", "path", "polygon", "rect", "svg", "text", "title"}


def reader() -> Reader:
    recipe = recipes.start_from("sentiment")
    return Reader(recipe.params, recipe.config, recipe.task.vocabulary)


#: each module that has a text box, and the widget it makes
WITH_TEXT = {
    "negation": lambda: widgets.place_a_not(reader()),
    "sentence": lambda: widgets.type_a_sentence(
        TinyTransformerClassifier(vocab=["<unk>", *" ".join(TYPED).lower().split()])
    ),
}


def test_no_text_box_is_missing_here():
    folder = Path(widgets.__file__).parent
    boxes = re.compile(r"ipywidgets\.(?:Text|Textarea|Combobox|TagsInput)\(")
    assert {path.stem for path in folder.glob("*.py") if boxes.search(path.read_text())} == set(WITH_TEXT)


@pytest.mark.parametrize("make", WITH_TEXT.values(), ids=WITH_TEXT)
def test_what_is_typed_stays_text(make):
    widget = make()
    boxes = [one for one in widget.controls.values() if isinstance(one, ipywidgets.Text)]
    assert boxes
    for box in boxes:
        for text in TYPED:
            box.value = text
            shown = widget.picture.value + widget.children[-1].value
            assert set(re.findall(r"</?([^\s/>]+)", shown)) <= DRAWN, text
            assert "&lt;" in shown, text
