"""Hold a gradient of attention against differences, entry by entry, at any step, with a bug or without."""

from collections.abc import Callable
from typing import NamedTuple

import ipywidgets
import numpy as np

from lesson.checks.backprop import attention_backward
from lesson.checks.core import SECONDS
from lesson.checks.trial import attempt
from lesson.nn.attention import AttentionCache, scaled_dot_product_attention, scaled_dot_product_attention_backward
from lesson.plots.agreement import ENOUGH, agreement_picture, decimals_agreed, valley_picture
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer, wide
from lesson.widgets.weights import choose
from lesson.words import later, say

NAMES = ("d_query", "d_key", "d_value")
STEPS = ("0.1", "0.01", "0.001", *(f"1e-{n:02d}" for n in range(4, 15)))
PACKAGES, YOURS, RIDDLE = later("the package's"), later("yours"), later("a riddle")
#: names that fit beside a slider, and what the exercise calls these mistakes
BUGS = {
    later("no scale"): "Scale forgotten",
    later("no scale for key"): "Scale forgotten for the key",
    later("no softmax"): "Softmax left out",
    later("diagonal only"): "Softmax: the diagonal only",
    later("wrong axis"): "Softmax over the wrong axis",
    later("no weights"): "The value's gradient without the weights",
    later("nothing to key"): "Nothing goes back to the key",
    later("heads turned"): "Heads turned over as well",
}


class Place(NamedTuple):
    """Where the gradient is taken: the three inputs, and what the output is multiplied by before it is summed."""

    inputs: tuple[np.ndarray, np.ndarray, np.ndarray]
    projection: np.ndarray

    @property
    def record(self) -> AttentionCache:
        return scaled_dot_product_attention(*self.inputs)[1]


def check_a_gradient(yours: Callable | None = None) -> Explorer:
    """Make the widget: whose gradient, which step, nudges to one side or both, and all steps at once.

    yours(d_output, record) -> (d_query, d_key, d_value), a learner's function, asked once; anything may come back
    """
    place = a_place()
    gradients = all_gradients(place, yours)

    def draw(gradient: int, step: int, one_sided: bool, valley: bool) -> tuple[str, str]:
        return draw_check(place, list(gradients)[gradient], gradients, step, one_sided, valley)

    return Explorer(
        say("Check a gradient."),
        draw,
        gradient=choose(
            say("Gradient"), list(map(say, gradients)), say("Whose gradient is checked: arrow keys go to the next")
        ),
        step=choose(say("Step"), STEPS, say("How far each entry is nudged: arrow keys go to the next power of ten")),
        one_sided=_box(say("Nudge to one side only"), say("Differences of one side, f(x + h) - f(x), instead of both")),
        valley=_box(say("Show the error at all steps"), say("A curve of the largest error at each of the steps")),
    )


def a_place() -> Place:
    """Three queries, four keys and values, two numbers each: small enough to see every entry."""
    rng = np.random.default_rng(58)
    q, k, v, projection = (rng.normal(size=(rows, 2)) for rows in (3, 4, 4, 3))
    return Place((q, k, v), projection)


def all_gradients(place: Place, yours: Callable | None = None) -> dict[str, tuple | str]:
    """Give by name the gradients of the package, of the learner, and of each bug.

    Where a learner's function has none to give there stands why.
    """
    found = {PACKAGES: scaled_dot_product_attention_backward(place.projection, place.record)}
    if yours is not None:
        found[YOURS] = _asked(yours, place)
    wrong = {mistake.name: mistake.wrong for mistake in attention_backward.mistakes}
    found |= {short: wrong[name](place.projection, place.record) for short, name in BUGS.items()}
    return found | {RIDDLE: _riddle(place.projection, place.record)}


def _riddle(d_output: np.ndarray, record: AttentionCache) -> tuple:
    """Go back wrong at one place: every row takes off the sum of the first."""
    q, k, v, weights, scale = record
    d_weights = d_output @ v.mT
    d_scores = weights * (d_weights - np.vecdot(d_weights, weights)[0]) * scale
    return d_scores @ k, d_scores.mT @ q, weights.mT @ d_output


def _asked(yours: Callable, place: Place) -> tuple | str:
    trial = attempt(yours, (place.projection, place.record), SECONDS)
    if not trial.answered:
        if trial.error:
            return say("your function raised {error}", error=trial.error)
        return say("your function did not end") if trial.late else say("your function returns nothing yet")
    if not _fits(trial.value, place):
        shapes = ", ".join(str(x.shape) for x in place.inputs)
        return say("your function has to return three gradients of shapes {shapes}", shapes=shapes)
    return trial.value


def _fits(made: object, place: Place) -> bool:
    shapes = [part.shape if isinstance(part, np.ndarray) else () for part in made] if isinstance(made, tuple) else []
    return shapes == [x.shape for x in place.inputs]


def differences(place: Place, step: float, one_sided: bool) -> list[np.ndarray]:
    """Measure the gradient of sum(projection * output) by nudging each entry of each input: three arrays."""
    measured = []
    for i, x in enumerate(place.inputs):
        # All nudges at once: a copy of the array for each of its entries, with that entry moved.
        nudges = step * np.eye(x.size).reshape(-1, *x.shape)
        above, below = (_output(place, i, x + nudges), _output(place, i, x if one_sided else x - nudges))
        moved = (place.projection * (above - below)).sum(axis=(-1, -2))
        measured.append((moved / (step if one_sided else 2 * step)).reshape(x.shape))
    return measured


def _output(place: Place, which: int, instead: np.ndarray) -> np.ndarray:
    inputs = [instead if i == which else x for i, x in enumerate(place.inputs)]
    return scaled_dot_product_attention(*inputs)[0]


def draw_check(
    place: Place, name: str, gradients: dict[str, tuple | str], step: int, one_sided: bool, valley: bool
) -> tuple[str, str]:
    """Return a map of agreement for each of the three gradients, the valley if wanted, and the same in words."""
    gradient = gradients[name]
    if isinstance(gradient, str):
        raise ValueError(gradient)
    measured = differences(place, float(STEPS[step]), one_sided)
    errors = [np.abs(one - other) for one, other in zip(gradient, measured, strict=True)]
    pictures = [agreement_picture(errors, NAMES)]
    nudged = {"name": say(name), "step": STEPS[step]}
    if one_sided:
        told = say("Gradient: {name}. Each entry nudged by {step}, to one side.", **nudged)
    else:
        told = say("Gradient: {name}. Each entry nudged by {step}, to both sides.", **nudged)
    said = [told, _count(errors)]
    said.append(_worst(errors, gradient, measured))
    if valley:
        worst = [_largest(gradient, differences(place, float(each), one_sided)) for each in STEPS]
        pictures.append(valley_picture(worst, step, STEPS, say("step")))
        said.append(_best(worst))
    return side_by_side(*pictures), " ".join(said)


def _largest(gradient: tuple, measured: list[np.ndarray]) -> float:
    return max(float(np.abs(one - other).max()) for one, other in zip(gradient, measured, strict=True))


def _best(worst: list[float]) -> str:
    enough = [step for step, error in zip(STEPS, worst, strict=True) if decimals_agreed(error) >= ENOUGH]
    if not enough:
        return say("At no step do {enough} decimals agree everywhere.", enough=ENOUGH)
    return say(
        "{enough} decimals agree everywhere at steps from {first} to {last}.",
        enough=ENOUGH,
        first=enough[0],
        last=enough[-1],
    )


def _count(errors: list[np.ndarray]) -> str:
    counts = [
        say("{part} {some} of {all}", part=part, some=(decimals_agreed(e) < ENOUGH).sum(), all=e.size)
        for e, part in zip(errors, NAMES, strict=True)
    ]
    return say("Marked, for fewer than {enough} decimals agree: {counts}.", enough=ENOUGH, counts=", ".join(counts))


def _worst(errors: list[np.ndarray], gradient: tuple, measured: list[np.ndarray]) -> str:
    which = int(np.argmax([error.max() for error in errors]))
    at = tuple(int(i) for i in np.unravel_index(errors[which].argmax(), errors[which].shape))
    says, found = number(gradient[which][at]), number(measured[which][at])
    if decimals_agreed(errors[which][at]) >= ENOUGH:
        return say("Everywhere the gradient and the differences agree.")
    return say(
        "They differ most at {place}: the gradient says {says}, the differences say {found}.",
        place=f"{NAMES[which]} {list(at)}",
        says=says,
        found=found,
    )


def _box(description: str, tooltip: str) -> ipywidgets.Checkbox:
    return ipywidgets.Checkbox(value=False, description=description, tooltip=tooltip, indent=False, layout=wide())
