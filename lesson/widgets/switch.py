"""Switch heads off, and see at once what the others look at and how many answers are left."""

from functools import cache
from typing import NamedTuple

import ipywidgets
import numpy as np

from lesson.interpret import ask, fix_head, mean_heads
from lesson.models.config import LanguageModelConfig
from lesson.models.gates import attention_weights
from lesson.models.language_model import language_model
from lesson.nn.softmax import softmax
from lesson.plots.pictures import share_picture
from lesson.plots.svg import number, side_by_side
from lesson.plots.switches import switches_picture
from lesson.recipes import Recipe, continuations_right
from lesson.tasks import Examples
from lesson.widgets.cell_grid import CellGrid
from lesson.widgets.explorer import Explorer, wide
from lesson.words import later, say

TEXTS, JUDGED = 6, 200


class Look(NamedTuple):
    """What heads see from the end of a text, and what the model says there.

    weights (L * H, S)   letters: S words   right (S,): where the right answer stands
    said, wanted: a letter each, with the chance that the model gives it
    """

    weights: np.ndarray
    letters: list[str]
    right: np.ndarray
    said: tuple[str, float]
    wanted: tuple[str, float]


def switch_heads(recipe: Recipe) -> Explorer:
    """Make the widget: a switch for each head, what takes the place of one that is off, and a text to look at.

    recipe: a language model, such as `recipes.start_from("induction")`, whose held-out texts are read and judged
    Raises ValueError for another kind of model.
    """
    if not isinstance(recipe.config, LanguageModelConfig):
        raise ValueError(f"wanted the recipe of a language model, got one of {type(recipe.config).__name__}")
    layers, heads = (
        [say(name, number=i) for i in range(1, 1 + count)]
        for name, count in (
            (later("layer {number}"), recipe.config.num_layers),
            (later("head {number}"), recipe.config.num_heads),
        )
    )
    judged = Examples(*(ids[:JUDGED] for ids in recipe.held_out))
    averages = average_heads_of(recipe, judged)

    @cache
    def left(cells: tuple, average: bool) -> tuple[dict, float]:
        params = without_heads(recipe.params, np.array(cells), averages, average)
        return params, continuations_right(params, recipe.config, judged)

    def draw(cells: tuple, average: bool, text: int) -> tuple[str, str]:
        params, share = left(cells, average)
        return draw_heads(look(recipe, params, judged, text - 1), layers, heads, np.array(cells), share)

    return Explorer(
        say("Switch the heads."),
        draw,
        cells=CellGrid(np.ones((len(layers), len(heads)), dtype=bool), layers, heads, say("{row}, {column} is on")),
        average=ipywidgets.Checkbox(
            description=say("A head that is off says its average"),
            tooltip=say("What a head that is off says: its average over all texts if ticked, else nothing"),
            indent=False,
            layout=wide(),
        ),
        text=ipywidgets.IntSlider(
            value=1,
            min=1,
            max=TEXTS,
            description=say("Text"),
            tooltip=say("Which text to look at: arrow keys go to the next"),
            layout=wide(),
        ),
    )


def average_heads_of(recipe: Recipe, examples: Examples) -> dict[str, np.ndarray]:
    """Average what each head says over all texts: {"decoder/0/attention": (H, K), ...}."""
    source, _ = examples
    # Averages do not depend on what is asked.
    anything = np.zeros(len(source), dtype=int)
    return mean_heads(ask(recipe.params, recipe.config, (source,), anything, anything))


def without_heads(params: dict, on: np.ndarray, averages: dict[str, np.ndarray], average: bool) -> dict:
    """Give the model in which the heads that are not on (L, H) say nothing, or their average."""
    for (path, says), speaks in zip(averages.items(), on, strict=True):
        for head in np.flatnonzero(~speaks):
            params = fix_head(params, path, int(head), says[head] * average)
    return params


def look(recipe: Recipe, params: dict, examples: Examples, text: int) -> Look:
    """Let a model read one text as far as the last place where something is asked."""
    source, target = (ids[text] for ids in examples)
    end = np.flatnonzero(target != recipe.config.pad)[-1]
    source, wanted = source[: end + 1], int(target[end])
    logits, made = language_model(params, source, recipe.config)
    weights = np.concatenate([heads[:, -1] for heads in attention_weights(made).values()])
    chances, words = softmax(logits[-1]), recipe.task.vocabulary.tokens
    said, answer = ((words[i], float(chances[i])) for i in (int(chances.argmax()), wanted))
    return Look(weights, [words[i] for i in source], source == wanted, said, answer)


def draw_heads(seen: Look, layers: list[str], heads: list[str], on: np.ndarray, share: float) -> tuple[str, str]:
    """Return the share of right answers and what every head looks at, and the same in words.

    layers: L names   heads: H names   on (L, H)   share: of all questions answered right
    """
    on, names = on.reshape(-1), [f"{layer}, {head}" for layer in layers for head in heads]
    (said, its), (wanted, chance) = seen.said, seen.wanted
    pictures = (
        share_picture([say("all texts"), say("this text")], np.array([share, chance])),
        switches_picture(seen.weights, names, on, seen.letters, seen.right),
    )
    off = [name for name, speaks in zip(names, on, strict=True) if not speaks]
    left = {"heads": "; ".join(off) or say("none"), "share": f"{100 * share:.1f}"}
    asked = {"letter": seen.letters[-1], "said": said, "its": number(its), "right": wanted, "chance": number(chance)}
    lines = [say("Switched off: {heads}. Right answers in all texts: {share} %.", **left)]
    if said == wanted:
        lines.append(say("This text: what follows '{letter}'? It says '{said}' ({its}); right is '{right}'.", **asked))
    else:
        lines.append(
            say(
                "This text: what follows '{letter}'? It says '{said}' ({its}); right is '{right}' ({chance}).",
                **asked,
            )
        )
    lines += [_say(*each, seen) for each in zip(names, on, seen.weights, strict=True)]
    return side_by_side(*pictures), "\n".join(lines)


def _say(name: str, speaks: bool, row: np.ndarray, seen: Look) -> str:
    most = int(row.argmax())
    name = name[:1].upper() + name[1:]
    return say(
        "{head}: attends most to '{letter}', letter {place} of {count} ({share}), to the right answer {right}.",
        head=name if speaks else say("{head}, off", head=name),
        letter=seen.letters[most],
        place=most + 1,
        count=len(row),
        share=number(row[most], 2),
        right=number(row[seen.right].sum(), 2),
    )
