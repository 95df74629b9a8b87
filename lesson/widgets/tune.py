"""Fine-tune live: freeze parts or add an adapter, and see what is learned and what is forgotten."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ipywidgets
import numpy as np

from lesson import recipes, tasks, tree
from lesson.finetuning import FineTuning, part_paths, projections
from lesson.models.config import ClassifierConfig
from lesson.plots.svg import number, side_by_side
from lesson.plots.tuning import Part, meter_picture, parts_in_words, parts_picture, scores_picture
from lesson.recipes import labels_right
from lesson.tasks import Examples
from lesson.widgets.explorer import wide
from lesson.widgets.live import LiveTraining, Run, choose_rate
from lesson.words import later, say

EXAMPLES, CHOOSE_BY, JUDGE_BY = 128, 100, 300
EPOCHS, BATCH = 40, 16
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
#: the parts with a switch, from the bottom to the top, as a playbook names them
PARTS = {
    later("embeddings"): "embeddings",
    later("layer 0"): "encoder[0]",
    later("layer 1"): "encoder[1]",
    later("head"): "head",
}
PLACES = {later("words"): "token", later("attention"): "query+value"}
NEW, OLD = later("journeys (new)"), later("goods (old)")


class Shelf(NamedTuple):
    """What every run starts from: a model of goods, examples of journeys, and who judges."""

    params: dict
    config: ClassifierConfig
    examples: Examples
    choose: Examples
    new: Examples
    old: Examples


def freeze_and_tune() -> LiveTraining:
    """Make the widget: a switch to freeze each part, an adapter's rank and place, and the rate."""
    switches = {
        name.replace(" ", "_"): ipywidgets.Checkbox(
            value=False,
            description=say("Freeze {part}", part=say(name)),
            tooltip=say("Let the weights of {part} stand still", part=say(name)),
            indent=False,
            layout=wide(),
        )
        for name in PARTS
    }
    return LiveTraining(
        say("Freeze and tune."),
        begin_tuning,
        **switches,
        rank=ipywidgets.IntSlider(
            value=0,
            min=0,
            max=8,
            description=say("Rank"),
            tooltip=say("The adapter's rank; 0 is no adapter"),
            layout=wide(),
        ),
        place=ipywidgets.ToggleButtons(
            options=[(say(place), place) for place in PLACES],
            description=say("Adapt"),
            tooltip=say("Beside which weights the adapter stands"),
        ),
        rate=choose_rate(RATES, say("The learning rate: arrow keys go to the next")),
    )


def begin_tuning(rank: int, place: str, rate: float, **frozen: bool) -> Run:
    """Write a run down: a playbook of one phase, on 128 examples; raises ValueError when nothing is left to move."""
    shelf, plan = shelved(), frozen_plan([name for name in PARTS if frozen[name.replace(" ", "_")]])
    phase = {"phase": 1, "learning_rate": rate, "epochs": EPOCHS}
    if rank:
        phase["adapter"] = f"LoRA rank={rank} on {PLACES[place]}"
    elif all(frozen.values()):
        raise ValueError(say("all parts are frozen and there is no adapter: thaw a part, or raise the rank"))
    elif plan:
        phase["frozen_layers"] = plan
    playbook = {"discriminative_lrs": [phase]}
    run = FineTuning(playbook, shelf.params, shelf.config, shelf.examples, shelf.choose, BATCH)
    parts = parts_of(shelf.params, plan, rank, PLACES[place])
    history, kept = [untouched()], [0]

    def steps() -> Iterator[float]:
        for progress in run.steps():
            if progress.report.score is not None:
                history.append(judged(run.latest(progress.state)))
                kept[0] = progress.state.training.best_step // run.steps_an_epoch
            yield progress.report.loss

    return Run(EPOCHS * run.steps_an_epoch, steps(), lambda losses: draw_tuning(parts, history, kept[0]))


@cache
def shelved() -> Shelf:
    """Take the model of goods from the shelf, and draw examples and questions, always the same."""
    goods, (_, travel) = recipes.start_from("goods"), tasks.goods_and_travel()
    drawn = [
        task.draw(np.random.default_rng((0, number)), count, part)
        for number, (task, count, part) in enumerate(
            [
                (travel, EXAMPLES, "train"),
                (travel, CHOOSE_BY, "test"),
                (travel, JUDGE_BY, "test"),
                (goods.task, JUDGE_BY, "test"),
            ],
            start=2,
        )
    ]
    return Shelf(goods.params, goods.config, *drawn)


def judged(params: dict) -> tuple[float, float]:
    """Score a model by questions about journeys and about goods that nothing else has seen."""
    shelf = shelved()
    return labels_right(params, shelf.config, shelf.new), labels_right(params, shelf.config, shelf.old)


@cache
def untouched() -> tuple[float, float]:
    """Score the model as it came."""
    return judged(shelved().params)


def frozen_plan(names: list[str]) -> str:
    """Write frozen parts as a playbook does; the norm above the layers stands still when both of them do.

    >>> frozen_plan(["embeddings", "layer 1"]), frozen_plan(["layer 0", "layer 1", "head"])
    ('embeddings+encoder[1]', 'encoder+head')
    """
    plan = "+".join(PARTS[name] for name in names)
    return plan.replace("encoder[0]+encoder[1]", "encoder")


def parts_of(params: dict, plan: str, rank: int, adapted: str) -> list[Part]:
    """Count each part's weights, and those of an adapter beside it; with an adapter, all weights stand still."""
    leaves, below, parts = tree.flatten(params), set(), []
    still = set(leaves if rank else part_paths(params, plan) if plan else ())
    beside = projections(params, adapted.split("+")) if rank else []
    for name in ("embeddings", "layer 0", "layer 1", later("norm"), "head"):
        paths = set(part_paths(params, PARTS.get(name, "encoder"))) - below
        below |= paths
        adapter = sum(rank * sum(leaves[path].shape) for path in beside if path in paths)
        parts.append(Part(say(name), sum(leaves[path].size for path in paths), not paths <= still, adapter))
    return parts


def draw_tuning(parts: list[Part], history: list[tuple[float, float]], kept: int) -> tuple[str, str]:
    """Return the parts, both scores over the epochs, and what the kept weights know and forgot; the same in words."""
    new, old = (list(curve) for curve in zip(*history, strict=True))
    lost = old[0] - old[kept]
    pictures = side_by_side(
        parts_picture(parts),
        scores_picture({say(NEW): new, say(OLD): old}, EPOCHS, kept),
        meter_picture({say(NEW): new[kept], say(OLD): old[kept], say("forgotten"): lost}),
    )
    moving = sum(part.weights * part.moves + part.adapter for part in parts)
    said = say("{count} numbers move.", count=f"{moving:,}") + f" {parts_in_words(parts)}\n"
    said += say(
        "After epoch {epoch} of {total} the best for the questions that choose was epoch {kept}: "
        "right on journeys {new}, on goods {old}, forgotten {lost}.",
        epoch=len(history) - 1,
        total=EPOCHS,
        kept=kept,
        new=number(new[kept], 2),
        old=number(old[kept], 2),
        lost=number(lost, 2),
    )
    if any(part.adapter for part in parts):
        said += " " + say("With the adapter taken off, goods are {share} again.", share=number(old[0], 2))
    return pictures, said
