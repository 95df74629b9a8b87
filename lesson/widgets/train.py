"""Watch an encoder-decoder learn to reverse: the loss falls while its cross-attention turns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import ipywidgets
import numpy as np

from lesson import recipes
from lesson.models.gates import attention_weights
from lesson.models.seq2seq import seq2seq
from lesson.plots.curve import curve_picture
from lesson.plots.pictures import heatmap_picture
from lesson.plots.svg import number, side_by_side
from lesson.recipes import Recipe
from lesson.tasks import Examples
from lesson.training import adamw, begin, cosine, warm_up
from lesson.widgets.explorer import wide
from lesson.widgets.live import LiveTraining, Run, choose_rate
from lesson.words import later, say

ZERO, TRAINED = later("zero"), later("the trained weights")
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
CROSS_ATTENTION = "decoder/0/cross_attention"
#: held-out questions that the model is judged by at every picture
QUESTIONS = 100
#: seconds to wait after a step where one wants to watch
SLOW = 0.05


def train_live() -> LiveTraining:
    """Make the widget: where to start from, the highest rate, the steps of warm-up, clipping, and how fast to go."""
    return LiveTraining(
        say("Train live."),
        begin_reverse,
        start=ipywidgets.ToggleButtons(
            options=[(say(start), start) for start in (ZERO, TRAINED)],
            description=say("Start from"),
            tooltip=say("Random weights, or those the course ships"),
        ),
        rate=choose_rate(RATES, say("The highest learning rate: arrow keys go to the next")),
        warm=ipywidgets.IntSlider(
            value=10,
            min=1,
            max=60,
            description=say("Warm-up"),
            tooltip=say("Steps until the rate is reached"),
            layout=wide(),
        ),
        clipped=_box(True, say("Clip the gradient to length 1"), say("Shorten a gradient that is longer than 1")),
        slow=_box(True, say("Slowly, to watch"), say("Wait a twentieth of a second after each step")),
    )


def begin_reverse(start: str, rate: float, warm: int, clipped: bool, slow: bool) -> Run:
    """Write a training down: `recipes.reverse` with another start, schedule or clipping.

    Raises ValueError when the trained weights are asked for and not there.
    """
    recipe = _recipe(recipes.reverse)
    schedule = warm_up(warm, cosine(rate, recipe.steps))
    optimiser = adamw(schedule, decay=0.0, keep=(0.9, 0.98))
    first = _recipe(recipes.start_from, "reverse").params if start == TRAINED else recipe.params
    rng = np.random.default_rng()
    rng.bit_generator.state = recipe.start.rng_state
    recipe = replace(
        recipe,
        start=begin(first, optimiser, rng),
        schedule=schedule,
        optimiser=optimiser,
        largest_norm=1.0 if clipped else np.inf,
    )
    params = [first]

    def steps() -> Iterator[float]:
        for report in recipe.train_steps():
            params[0] = report.state.params
            yield report.loss

    def draw(losses: Sequence[float]) -> tuple[str, str]:
        markup, told = draw_reverse(recipe, params[0], losses)
        return markup, f"{settings}\n{told}"

    settings = say(
        "From {start}: rate {rate}, steps of warm-up {warm}, {clipping}, {pace}.",
        start=say(start),
        rate=f"{rate:g}",
        warm=warm,
        clipping=say("gradients clipped") if clipped else say("gradients not clipped"),
        pace=say("slowly") if slow else say("fast"),
    )
    return Run(recipe.steps, steps(), draw, SLOW if slow else 0.0)


def draw_reverse(recipe: Recipe, params: dict, losses: Sequence[float]) -> tuple[str, str]:
    """Return the losses so far beside the cross-attention of a held-out question, and the same in words."""
    asked = Examples(*(array[:QUESTIONS] for array in recipe.held_out))
    source, target = asked
    _, cache = seq2seq(params, source, target[:, :-1], recipe.config)
    weights = attention_weights(cache)[CROSS_ATTENTION].mean(axis=1)
    # Where all digits differ, a row and a column of the picture are one digit each.
    clearest = max(range(len(source)), key=lambda question: len(set(source[question].tolist())))
    shown = source[clearest], target[clearest, 1:]
    digits, answer = (recipe.task.vocabulary.decode(row, keep_specials=True) for row in shown)
    # The end of an answer can be known from its place; each of the digits before it is one of ten.
    length = source.shape[1]
    chance = np.log(10) * length / (length + 1)
    curve = curve_picture(losses, recipe.steps, 3.5, chance=chance)
    heatmap = heatmap_picture(weights[clearest], answer, digits)
    share = (weights * recipe.task.causes(asked)).sum(axis=-1)[:, :length].mean()
    right = recipes.writings_right(params, recipe.config, asked)
    told = [
        say(
            "Of its cross-attention, {share} lies on the digit to be said (even shares: {even}).",
            share=number(share, 2),
            even=f"{1 / length:g}",
        ),
        say(
            "It writes {some} of {all} held-out answers without a mistake.",
            some=round(right * QUESTIONS),
            all=QUESTIONS,
        ),
    ]
    if losses:
        falls = {"loss": number(losses[-1], 2), "chance": number(chance, 2)}
        told.insert(0, say("Loss {loss} (guessing digits: {chance}).", **falls))
    return side_by_side(curve, heatmap), " ".join(told)


@cache
def _recipe(make: Callable[..., Recipe], *name: str) -> Recipe:
    """Write a recipe down once: drawing its questions takes longer than all else that a move has to do."""
    return make(*name)


def _box(value: bool, description: str, tooltip: str) -> ipywidgets.Checkbox:
    return ipywidgets.Checkbox(value=value, description=description, tooltip=tooltip, indent=False, layout=wide())
