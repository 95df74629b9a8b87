"""Type a sentence, and see what the small classifier attends to and what it decides."""

import ipywidgets
import numpy as np

from lesson.models.tiny import Reading, TinyTransformerClassifier
from lesson.plots.pictures import heatmap_picture, share_picture
from lesson.plots.summary import summarise
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.words import say

MOST_WORDS = 16


def type_a_sentence(classifier: TinyTransformerClassifier | None = None, text: str = "not boring") -> Explorer:
    """Make the widget: a text box, below it the heatmap of the sentence and the probability of each label."""
    classifier = classifier or TinyTransformerClassifier()

    def draw(text: str) -> tuple[str, str]:
        return draw_sentence(classifier, text)

    box = ipywidgets.Text(
        value=text,
        description=say("Sentence"),
        placeholder="great product",
        tooltip=say("The picture follows while you type"),
        continuous_update=True,
        layout=wide(),
    )
    return Explorer(say("Type a sentence."), draw, text=box)


def draw_sentence(classifier: TinyTransformerClassifier, text: str) -> tuple[str, str]:
    """Return the heatmap of a text as the classifier reads it, and in words what it decides and attends to.

    Only the first words of a long text are read, and the summary says so: a heatmap of more cannot be made out.
    """
    ids = classifier.tokenize(text)
    # Cut where the classifier cuts: its tokens, written out and read again, are the same tokens.
    known = dict(enumerate(classifier.vocab))
    reading = classifier.read(" ".join(known.get(token, "<unk>") for token in ids[:MOST_WORDS]))
    said = [_decision(reading)]
    if len(ids) > MOST_WORDS:
        said.append(say("Only the first {some} of {all} words are read here.", some=MOST_WORDS, all=len(ids)))
    if not ids:
        said.append(say("There is no word to read, so it reads <pad>."))
    if unknown := ids[:MOST_WORDS].count(classifier.token_to_id["<unk>"]):
        counts = {"some": unknown, "all": len(reading.tokens)}
        said.append(say("Words it does not know, and cannot tell apart: {some} of {all}.", **counts))
    said.append(summarise(reading.attention, reading.tokens))
    certainty = share_picture(list(reading.probs), np.array(list(reading.probs.values())))
    return side_by_side(certainty, heatmap_picture(reading.attention, reading.tokens)), "\n".join(said)


def _decision(reading: Reading) -> str:
    likeliest_first = sorted(reading.probs.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{label} {number(probability)}" for label, probability in likeliest_first) + "."
