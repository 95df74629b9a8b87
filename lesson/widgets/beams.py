"""Let a beam search grow step by step, and see what it keeps, what it drops, and what that costs."""

import ipywidgets
import numpy as np

from lesson.models.beam import BeamStep, beam_steps
from lesson.models.continuation import Continuation
from lesson.models.sample import temper
from lesson.plots.beams import Branch, beam_picture
from lesson.plots.svg import number
from lesson.tokenizer import Vocabulary
from lesson.widgets.explorer import Explorer, wide
from lesson.words import later, say, say_count

WIDEST, MOST_STEPS, DROPPED, LEAST = 4, 10, 2, 0.001
ENDED = later("(ended)")


def grow_the_beams(continuation: Continuation, vocabulary: Vocabulary, stop: int) -> Explorer:
    """Make the widget: the tree of a search from one prompt, with the width, the steps and both dials to turn.

    continuation: of one row   stop: the token that ends a text        Raises ValueError for several rows.
    """
    if len(continuation.prompt) != 1:
        raise ValueError(f"wanted one prompt to go on from, got {len(continuation.prompt)}")

    def draw(width: int, steps: int, penalty: float, temperature: float) -> tuple[str, str]:
        return draw_beams(continuation, vocabulary, stop, width, steps, penalty, temperature)

    return Explorer(
        say("Grow the beams."),
        draw,
        width=ipywidgets.IntSlider(
            value=1,
            min=1,
            max=WIDEST,
            description=say("Width"),
            tooltip=say("How many beginnings are kept at each step; 1 is greedy"),
            layout=wide(),
        ),
        steps=ipywidgets.IntSlider(
            value=MOST_STEPS,
            min=1,
            max=MOST_STEPS,
            description=say("Steps"),
            tooltip=say("How many words are written at most"),
            layout=wide(),
        ),
        penalty=_dial(
            0.0, 0.0, 1.5, say("Penalty"), say("Length penalty: 0 compares probabilities, more helps longer texts")
        ),
        temperature=_dial(1.0, 0.2, 3.0, say("Heat"), say("Temperature that all scores of the model are divided by")),
    )


def draw_beams(
    continuation: Continuation,
    vocabulary: Vocabulary,
    stop: int,
    width: int,
    steps: int,
    penalty: float,
    temperature: float,
) -> tuple[str, str]:
    """Return the tree of a search, and in words what it came to, what was dropped, and what greedy would have done."""
    heated = heat(continuation, temperature)
    search = list(beam_steps(heated, steps, width, stop, penalty))
    greedy = list(beam_steps(heated, steps, 1, stop))[-1]
    rows = branches(search, vocabulary, penalty)
    kept = [_told(search[-1], place, vocabulary) for place in range(search[-1].finished.shape[1])]
    dropped = _best_dropped(rows)
    texts = {"texts": "; ".join(kept)}
    said = [
        say_count(
            "Kept after {count} step, best first: {texts}.",
            "Kept after {count} steps, best first: {texts}.",
            len(rows),
            **texts,
        )
    ]
    lost = {"texts": "; ".join(dropped)}
    said.append(say("The best dropped at step {texts}.", **lost) if dropped else say("Nothing likely was dropped."))
    alone = {"text": _told(greedy, 0, vocabulary)}
    said.append(say("Width 1, greedy, comes to {text}.", **alone) if width > 1 else say("This is greedy."))
    return beam_picture(rows, vocabulary.tokens[continuation.prompt[0, -1]]), "\n".join(said)


def heat(continuation: Continuation, temperature: float) -> Continuation:
    """Divide all scores that a model will give by a temperature."""

    def advance(state, ids):
        logits, state = continuation.advance(state, ids)
        return temper(logits, temperature), state

    return continuation._replace(advance=advance)


def branches(search: list[BeamStep], vocabulary: Vocabulary, penalty: float) -> list[list[Branch]]:
    """Make the tree's rows of one row's search: all that was kept, then the likeliest of what was dropped."""
    rows, winner = [], 0
    for step in reversed(range(len(search))):
        kept = _kept(search[step], search[step - 1] if step else None, vocabulary)
        kept[winner] = kept[winner]._replace(winning=True)
        winner = kept[winner].parent
        before = search[step - 1].beams.log_probability[0] if step else np.zeros(1)
        rows.insert(0, kept + _dropped(search[step], before, step + 1, vocabulary, penalty))
    return rows


def _kept(step: BeamStep, before: BeamStep | None, vocabulary: Vocabulary) -> list[Branch]:
    had_ended = np.zeros(1, bool) if before is None else before.finished[0]
    return [
        Branch(
            say(ENDED) if had_ended[parent] else vocabulary.tokens[token], float(np.exp(log_probability)), int(parent)
        )
        for parent, token, log_probability in zip(
            step.parents[0], step.beams.ids[0, :, -1], step.beams.log_probability[0], strict=True
        )
    ]


def _dropped(step: BeamStep, before: np.ndarray, length: int, vocabulary: Vocabulary, penalty: float) -> list[Branch]:
    """List the best that were not kept, those aside that hardly any text would be."""
    scores = step.considered[0].copy()
    scores[step.parents[0], step.beams.ids[0, :, -1]] = -np.inf
    found = []
    for place in np.argsort(-scores, axis=None, kind="stable")[:DROPPED]:
        parent, token = divmod(int(place), scores.shape[1])
        # What an ended text was given is padding, and its probability stays what it was.
        ended = vocabulary.tokens[token] == vocabulary.tokens[0]
        log_probability = before[parent] if ended else scores[parent, token] * ((5 + length) / 6) ** penalty
        if np.isfinite(scores[parent, token]) and np.exp(log_probability) >= LEAST:
            word = say(ENDED) if ended else vocabulary.tokens[token]
            found.append(Branch(word, float(np.exp(log_probability)), parent, kept=False))
    return found


def _told(step: BeamStep, place: int, vocabulary: Vocabulary) -> str:
    text = " ".join(vocabulary.decode(step.beams.ids[0, place]))
    probability, score = np.exp(step.beams.log_probability[0, place]), step.beams.score[0, place]
    unended = "" if step.finished[0, place] else " ..."
    return say(
        "'{text}' with probability {probability}, score {score}",
        text=f"{text}{unended}",
        probability=number(probability, 3),
        score=number(score, 2),
    )


def _best_dropped(rows: list[list[Branch]]) -> list[str]:
    """Say of each step, with its number, the best text that was dropped there."""
    told, above = [], [""]
    for step, row in enumerate(rows, start=1):
        texts = [f"{above[branch.parent]} {branch.word}".strip() for branch in row]
        dropped = (place for place, branch in enumerate(row) if not branch.kept)
        told += [f"{step}: '{texts[place]}' {number(row[place].probability, 3)}" for place in list(dropped)[:1]]
        above = texts
    return told


def _dial(value: float, smallest: float, largest: float, description: str, tooltip: str) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value, min=smallest, max=largest, step=0.1, description=description, tooltip=tooltip, layout=wide()
    )
