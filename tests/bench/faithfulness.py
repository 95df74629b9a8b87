"""Which explanations can be believed?  python tests/bench/faithfulness.py [sentiment reverse induction] [--seeds 5]

Trains each recipe from several seeds, explains answers to held-out questions whose causes are known, and scores every
method by them, next to blame drawn at random. The figures go to build/bench.json. Areas are in logits: the answer's
above the mean of the others.
"""

import argparse
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from record import BENCH_JSON, WHERE, describe_platform, record

from lesson import interpret, recipes, tree
from lesson.interpret.parts import table_paths
from lesson.models.config import ClassifierConfig, LanguageModelConfig
from lesson.recipes import Recipe
from lesson.tasks import Examples

RECIPES = {"sentiment": recipes.sentiment, "reverse": recipes.reverse, "induction": recipes.induction}
METHODS = {
    "attention of the last layer": lambda question: interpret.attention_blame(question)[0],
    "attention rollout": lambda question: interpret.attention_blame(question, rolled=True)[0],
    "gradient x input": lambda question: interpret.gradient_times_input(question)[0],
    "integrated gradients": lambda question: interpret.integrated_gradients(question)[0][0],
    "leave one out": lambda question: interpret.leave_one_out(question)[0],
}
CHANCE = "chance"


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


def judge(case: Case, blame: np.ndarray, without: np.ndarray) -> dict:
    """Score one method's blame (B, S); without: what leaving each token out costs."""
    blame = np.where(case.may_blame, blame, -np.inf)
    lengths = case.may_blame.sum(axis=-1)
    figures = {
        "precision": interpret.precision(blame, case.causes, case.may_blame),
        "deletion_area": interpret.area(interpret.deletion_curve(case.question, blame), lengths),
        "insertion_area": interpret.area(interpret.insertion_curve(case.question, blame), lengths),
        "rank_correlation": interpret.rank_correlation(blame, without, case.may_blame),
    }
    return {name: float(np.mean(values)) for name, values in figures.items()}


def run_seed(name: str, seed: int, count: int, **settings) -> dict:
    """Train one recipe from one seed, and score all methods and chance."""
    recipe = RECIPES[name](seed, **settings)
    params, rng = recipe.train().params, np.random.default_rng((seed, 2))
    case = make_case(recipe, params, count, rng)
    without = interpret.leave_one_out(case.question)[0]
    methods = {method: judge(case, explain(case.question), without) for method, explain in METHODS.items()}
    methods[CHANCE] = judge(case, rng.random(case.causes.shape), without)
    # Known without drawing.
    methods[CHANCE]["precision"] = float(interpret.chance_precision(case.causes, case.may_blame).mean())
    _, gap = interpret.integrated_gradients(case.question)
    return {
        "seed": seed,
        "score": recipe.evaluate(params),
        "questions": count,
        "largest_gap_of_integrated_gradients": float(np.abs(gap).max()),
        "methods": methods,
    }


def measure(name: str, seeds: int, count: int, **settings) -> dict:
    """Score all methods over so many seeds, and print their means."""
    runs = [run_seed(name, seed, count, **settings) for seed in range(seeds)]
    table = {
        method: {key: statistics.mean(run["methods"][method][key] for run in runs) for key in figures}
        for method, figures in runs[0]["methods"].items()
    }
    print(f"{name}: {seeds} seeds, scores {', '.join(format(run['score'], '.3f') for run in runs)}")
    print(f"{'':<28} precision  deletion  insertion  rank correlation with leaving out")
    for method, figures in table.items():
        values = [figures[key] for key in ("precision", "deletion_area", "insertion_area", "rank_correlation")]
        print("{:<28} {:9.3f} {:9.3f}  {:9.3f}  {:9.3f}".format(method, *values), flush=True)
    return {"platform": describe_platform(), "means": table, "runs": runs}


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the figures down, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(RECIPES)}; all if none is given")
    parser.add_argument("--seeds", type=int, default=5, help="how many, counted from 0")
    parser.add_argument("--questions", type=int, default=200, help="how many answers to explain")
    parser.add_argument("--steps", type=int, help="other than the recipe's own")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    given = parser.parse_args(arguments)
    if set(given.names) - set(RECIPES) or min(given.seeds, given.questions) < 1:
        wanted = f"names among {', '.join(RECIPES)}, a seed and a question at least"
        parser.error(f"wanted {wanted}, got {given.names}, {given.seeds}, {given.questions}")
    settings = {} if given.steps is None else {"steps": given.steps}
    for name in given.names or RECIPES:
        record(measure(name, given.seeds, given.questions, **settings), "faithfulness", name, WHERE, path=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
