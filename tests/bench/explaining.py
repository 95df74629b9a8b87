"""All ways to blame tokens, asked the same question."""

from typing import NamedTuple

import numpy as np

from lesson import interpret, tree
from lesson.interpret.parts import parts_of, table_paths
from lesson.models.config import ClassifierConfig, LanguageModelConfig
from lesson.recipes import Recipe
from lesson.tasks import Examples

LEFT_OUT, INTEGRATED, CHANCE = "leave one out", "integrated gradients", "chance"
METHODS = (
    *("attention of the last layer", "attention rollout", "attention flow"),
    *("gradient x input", INTEGRATED, LEFT_OUT, "patching embeddings", "patching after layer 1"),
)
_OTHER_TEXTS = 4
_LARGEST_GAP = 0.002


class Case(NamedTuple):
    """Answers to explain, what caused them, and which source tokens may be blamed for them."""

    question: interpret.Question
    causes: np.ndarray
    may_blame: np.ndarray


def make_case(recipe: Recipe, params: dict, count: int, rng: np.random.Generator) -> Case:
    """Ask about the right answers to so many held-out questions, at a place drawn at random among those with causes."""
    examples = Examples(*(array[:count] for array in recipe.held_out))
    source, target = examples
    causes, may_blame = recipe.task.causes(examples), source != recipe.config.pad
    baseline = tree.flatten(params)[table_paths(params, recipe.config)[0]].mean(axis=0)
    if isinstance(recipe.config, ClassifierConfig):
        return Case(interpret.ask(params, recipe.config, (source,), target, baseline=baseline), causes, may_blame)
    place = np.argmax(rng.random(causes.shape[:2]) * causes.any(axis=-1), axis=-1)
    rows = np.arange(len(source))
    if isinstance(recipe.config, LanguageModelConfig):
        inputs, answers = (source,), target
        # A token's own vector reaches its own answer whatever is attended to: asked is which earlier ones matter.
        may_blame = may_blame & (np.arange(source.shape[1]) < place[:, None])
    else:
        inputs, answers = (source, target[:, :-1]), target[:, 1:]
    question = interpret.ask(params, recipe.config, inputs, answers[rows, place], place, baseline)
    return Case(question, causes[rows, place] & may_blame, may_blame)


def explain(question: interpret.Question, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], dict]:
    """Blame the source's tokens (B, S) in every way; give also how complete integrated gradients were."""
    integrated, completeness = _integrate(question)
    embeddings, stream = _patch(question, rng)
    blames = (
        interpret.attention_blame(question)[0],
        interpret.attention_blame(question, rolled=True)[0],
        interpret.flow_blame(question)[0],
        interpret.gradient_times_input(question)[0],
        integrated,
        interpret.leave_one_out(question)[0],
        embeddings,
        stream,
    )
    return dict(zip(METHODS, blames, strict=True)), completeness


def shuffle_texts(source: np.ndarray, pad: int, rng: np.random.Generator) -> np.ndarray:
    """Give each text another one of its length, drawn at random: padding stays where it is."""
    lengths, other = (source != pad).sum(axis=-1), source.copy()
    for length in np.unique(lengths):
        rows = rng.permutation(np.flatnonzero(lengths == length))
        # A ring: nobody gets their own text, unless it is the only one of its length.
        other[rows] = source[np.roll(rows, 1)]
    return other


def _integrate(question: interpret.Question) -> tuple[np.ndarray, dict]:
    """Take twice as many points until what is missing is small beside what is to be explained."""
    nothing = interpret.score(question, tuple(np.zeros(ids.shape) for ids in question.inputs))
    moved, points = np.abs(interpret.score(question) - nothing), 64
    while True:
        (blame, *_), gap = interpret.integrated_gradients(question, points)
        share = np.abs(gap).mean() / moved.mean()
        if share < _LARGEST_GAP or points >= 4096:
            break
        points *= 2
    return blame, {
        "points": points,
        "mean_gap_of_mean_difference": float(share),
        "largest_gap": float(np.abs(gap).max()),
        "mean_difference": float(moved.mean()),
        "questions_off_by_over_1_percent": int((np.abs(gap) > 0.01 * moved).sum()),
    }


def _patch(question: interpret.Question, rng: np.random.Generator) -> list[np.ndarray]:
    """Blame each place by what the score loses when other texts stand there: as tokens, and above the first layer."""
    source, *rest = question.inputs
    others = [(shuffle_texts(source, question.config.pad, rng), *rest) for _ in range(_OTHER_TEXTS)]
    part = parts_of(question.config)[0]
    losses = -np.mean([interpret.patch_stream(question, other, part) for other in others], axis=0)
    return [losses[0], losses[1]]
