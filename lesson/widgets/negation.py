"""Put a "not" before each word of a text, and see whom it concerns: to a trained reader, and to the first one."""

import ipywidgets
import numpy as np

from lesson.models.reader import Reader
from lesson.models.tiny import TinyTransformerClassifier
from lesson.plots.pictures import heatmap_picture
from lesson.plots.summary import summarise
from lesson.plots.svg import number, side_by_side
from lesson.plots.verdicts import verdict_picture
from lesson.tokenizer import split_words
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import tell_apart
from lesson.words import later, say

MOST_WORDS = 8
NAMES = later("trained"), later("lesson 1")


def place_a_not(reader: Reader, text: str = "product great service support", place: int = 0) -> Explorer:
    """Make the widget: a text, a slider that puts a "not" before one of its words, two verdicts and the heatmap."""
    first = TinyTransformerClassifier()

    def draw(text: str, place: int) -> tuple[str, str]:
        return draw_negation(reader, first, text, place)

    box = ipywidgets.Text(
        value=text,
        description=say("Text"),
        placeholder="product great service support",
        tooltip=say("The picture follows while you type"),
        continuous_update=True,
        layout=wide(),
    )
    slider = ipywidgets.IntSlider(
        value=place,
        min=0,
        max=MOST_WORDS,
        description=say('"not" at'),
        tooltip=say('Before which word the "not" is put; 0 is nowhere'),
        layout=wide(),
    )
    return Explorer(say("Place a not."), draw, text=box, place=slider)


def draw_negation(reader: Reader, first: TinyTransformerClassifier, text: str, place: int) -> tuple[str, str]:
    """Return both readers' verdicts for each place of a "not", with the heatmap for one of them, and the same in words.

    place: 0 for no "not", 1 for the first word. Raises ValueError for a text without a word.
    """
    every = split_words(text)
    words = every[:MOST_WORDS]
    if not words:
        raise ValueError(say("wanted a word at least, got an empty text"))
    at = min(place, len(words))
    texts = [" ".join(words), *(" ".join([*words[:i], "not", *words[i:]]) for i in range(len(words)))]
    shares = np.stack([each.predict_proba_batch(texts)[:, 1] for each in (reader, first)], axis=1)
    told = tell_apart(words)
    rows, names = [say("as it is"), *(f"not {word}" for word in words)], list(map(say, NAMES))
    reading = reader.read(texts[at])
    pictures = (
        verdict_picture(rows, shares, names, reader.labels, at),
        heatmap_picture(reading.attention, reading.tokens),
    )
    both = {"trained": number(shares[at, 0]), "first": number(shares[at, 1])}
    said = [
        say("{text}: {label} {trained} (trained), {first} (lesson 1).", text=texts[at], label=reader.labels[1], **both)
    ]
    said += _notes(reader, every, place)
    said += [_who_turns(name, told, verdicts) for name, verdicts in zip(names, shares.T, strict=True)]
    said.append(summarise(reading.attention, tell_apart(reading.tokens)))
    return side_by_side(*pictures), "\n".join(said)


def _notes(reader: Reader, every: list[str], place: int) -> list[str]:
    """Say what was left out, or not understood."""
    words, notes = every[:MOST_WORDS], []
    if len(every) > len(words):
        notes.append(say("Only the first {some} of {all} words are read here.", some=len(words), all=len(every)))
    if place > len(words):
        told = say(
            'There is no word {place}; the "not" stands before the last, word {last}.', place=place, last=len(words)
        )
        notes.append(told)
    if unknown := [word for word in words if word not in reader.token_to_id]:
        notes.append(say("It never learned {words}, and reads <unk>.", words=", ".join(dict.fromkeys(unknown))))
    return notes


def _who_turns(name: str, words: list[str], verdicts: np.ndarray) -> str:
    """Say before which words a "not" changes the verdict."""
    turned = [
        f"'{word}'" for word, verdict in zip(words, verdicts[1:], strict=True) if (verdict > 0.5) != (verdicts[0] > 0.5)
    ]
    low, high = number(verdicts[1:].min()), number(verdicts[1:].max())
    span = say("{low} to {high}", low=low, high=high)
    if low == high:
        span = say("{low} wherever it stands", low=low)
    told = {"name": name, "span": span}
    if not turned:
        return say('{name}: a "not" turns the verdict nowhere; with one, it says {span}.', **told)
    if len(turned) == len(words):
        return say('{name}: a "not" turns the verdict anywhere; with one, it says {span}.', **told)
    before = say(" and ").join(turned)
    return say('{name}: a "not" turns the verdict before {words}; with one, it says {span}.', words=before, **told)
