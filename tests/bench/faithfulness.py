"""Which explanations can be believed?  python tests/bench/faithfulness.py [sentiment reverse induction] [--seeds 5]

Trains each recipe from several seeds, explains answers to held-out questions whose causes are known, and scores every
method by them, next to blame drawn at random; then takes out heads, one by one. The figures go to build/bench.json,
and with --table a summary to a file for notebooks. Areas are in logits: the answer's above the mean of the others.
"""

import argparse
import statistics
import sys
from pathlib import Path

import numpy as np
from explaining import CHANCE, INTEGRATED, LEFT_OUT, Case, explain, make_case
from record import BENCH_JSON, WHERE, describe_platform, record

from lesson import interpret, recipes
from lesson.recipes import Recipe

RECIPES = {"sentiment": recipes.sentiment, "reverse": recipes.reverse, "induction": recipes.induction}
# And which of several seeds is the worst.
FIGURES = {"precision": min, "deletion_area": max, "insertion_area": min, "rank_correlation": min}
CURVES = ("deletion_curve", "insertion_curve")
SHARES = np.linspace(0, 1, 11)


def judge(case: Case, blame: np.ndarray, without: np.ndarray) -> dict:
    """Score one method's blame (B, S); without: what leaving each token out costs. Curves are means over questions."""
    blame = np.where(case.may_blame, blame, -np.inf)
    lengths = case.may_blame.sum(axis=-1)
    figures = {
        "precision": interpret.precision(blame, case.causes, case.may_blame),
        "rank_correlation": interpret.rank_correlation(blame, without, case.may_blame),
    }
    for name in ("deletion", "insertion"):
        curve = getattr(interpret, f"{name}_curve")(case.question, blame)
        figures[f"{name}_area"] = interpret.area(curve, lengths)
        figures[f"{name}_curve"] = interpret.curve_at(curve, lengths, SHARES)
    return {name: np.mean(values, axis=0).tolist() for name, values in figures.items()}


def take_out_heads(recipe: Recipe, params: dict, question: interpret.Question) -> dict:
    """Say of each head how much of the held-out score goes when it is silent, and when it says its mean."""
    whole, found = recipe.evaluate(params), {}
    for path, means in interpret.mean_heads(question).items():
        for head, says in enumerate(means):
            kinds = {"silenced": 0 * says, "mean": says}
            found[f"{path} head {head}"] = {
                kind: whole - recipe.evaluate(interpret.fix_head(params, path, head, fixed))
                for kind, fixed in kinds.items()
            }
    return found


def run_seed(name: str, seed: int, count: int, **settings) -> dict:
    """Train one recipe from one seed, score all methods and chance, and take out its heads."""
    recipe = RECIPES[name](seed, **settings)
    params, rng = recipe.train().params, np.random.default_rng((seed, 2))
    case = make_case(recipe, params, count, rng)
    blames, completeness = explain(case.question, rng)
    methods = {method: judge(case, blame, blames[LEFT_OUT]) for method, blame in blames.items()}
    methods[CHANCE] = judge(case, rng.random(case.causes.shape), blames[LEFT_OUT])
    # Known without drawing.
    methods[CHANCE]["precision"] = float(interpret.chance_precision(case.causes, case.may_blame).mean())
    return {
        "seed": seed,
        "score": recipe.evaluate(params),
        "questions": count,
        INTEGRATED: completeness,
        "methods": methods,
        "heads": take_out_heads(recipe, params, case.question),
    }


def summarise(runs: list[dict]) -> dict:
    """Give of every method each seed's precision, the median and worst seed of each figure, and the mean curves."""
    table = {}
    for method in runs[0]["methods"]:
        found = [run["methods"][method] for run in runs]
        table[method] = {"precision_by_seed": [figures["precision"] for figures in found]}
        for name, worst in FIGURES.items():
            values = [figures[name] for figures in found]
            table[method][name] = {"median": statistics.median(values), "worst": worst(values)}
        for name in CURVES:
            table[method][name] = np.mean([figures[name] for figures in found], axis=0).tolist()
    heads = {
        head: {kind: [run["heads"][head][kind] for run in runs] for kind in drops}
        for head, drops in runs[0]["heads"].items()
    }
    return {
        "seeds": [run["seed"] for run in runs],
        "questions": runs[0]["questions"],
        "scores": [run["score"] for run in runs],
        "shares": SHARES.tolist(),
        "methods": table,
        "heads": heads,
        INTEGRATED: [run[INTEGRATED] for run in runs],
    }


def lines(name: str, summary: dict) -> list[str]:
    """Tell a summary: of each figure the median over seeds and the worst seed; of each head every seed's drop."""
    scores = ", ".join(format(score, ".3f") for score in summary["scores"])
    said = [f"{name}: {len(summary['seeds'])} seeds, {summary['questions']} questions each, scores {scores}"]
    said.append(f"{'median (worst) over seeds':<28} precision      deletion       insertion      rank correlation")
    for method, figures in summary["methods"].items():
        cells = [f"{figures[key]['median']:6.3f} ({figures[key]['worst']:6.3f})" for key in FIGURES]
        said.append(f"{method:<28} {'  '.join(cells)}")
    said.append(f"{'score lost without a head':<36} silent, by seed                says its mean, by seed")
    for head, drops in summary["heads"].items():
        cells = [" ".join(format(drop, "6.3f") for drop in drops[kind]) for kind in ("silenced", "mean")]
        said.append(f"{head:<36} {'   '.join(cells)}")
    for kept in summary[INTEGRATED]:
        said.append(
            f"{INTEGRATED}: {kept['points']} points, gap {kept['mean_gap_of_mean_difference']:.2%} of the difference "
            f"on average, {kept['questions_off_by_over_1_percent']} questions off by over 1 % of their own, "
            f"at most by {kept['largest_gap']:.2f} logits"
        )
    return said


def rounded(value):
    """Round all numbers in a nest of dictionaries and lists to four decimals."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the figures down, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(RECIPES)}; all if none is given")
    parser.add_argument("--seeds", type=int, default=5, help="how many, counted from 0")
    parser.add_argument("--questions", type=int, default=200, help="how many answers to explain")
    parser.add_argument("--steps", type=int, help="other than the recipe's own")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    parser.add_argument("--table", type=Path, metavar="FILE", help="where a summary goes, such as content/tables/...")
    given = parser.parse_args(arguments)
    if set(given.names) - set(RECIPES) or min(given.seeds, given.questions) < 1:
        wanted = f"names among {', '.join(RECIPES)}, a seed and a question at least"
        parser.error(f"wanted {wanted}, got {given.names}, {given.seeds}, {given.questions}")
    settings = {} if given.steps is None else {"steps": given.steps}
    for name in given.names or RECIPES:
        runs = [run_seed(name, seed, given.questions, **settings) for seed in range(given.seeds)]
        summary = summarise(runs)
        print("\n".join(lines(name, summary)), flush=True)
        figures = {"platform": describe_platform(), "summary": summary, "runs": runs}
        record(figures, "faithfulness", name, WHERE, path=given.json)
        if given.table is not None:
            record(rounded(summary), name, path=given.table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
