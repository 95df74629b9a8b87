"""Does it learn, how well, and how fast?  python tests/bench/learn.py [reverse sentiment ...] [--seeds 5]

Trains each recipe from several seeds and judges it by questions that it never saw; no seed is left out. In WebAssembly:
coursekit wasm run tests/bench/learn.py reverse. The figures go to build/bench.json; the exit status is 1 when any seed
missed its aim.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from record import BENCH_JSON, WHERE, describe_platform, record

from lesson import recipes, tree
from lesson.recipes.depth import DepthRow
from lesson.tasks import polarity_count


@dataclass(frozen=True)
class Aim:
    """A recipe and what is wanted of it: scores between two bounds, few parameters, and in WebAssembly few seconds."""

    recipe: Callable
    lowest: float = 0.0
    highest: float = 1.0
    parameters: int | None = None
    wasm_seconds: float | None = None

    def missed(self, run: dict) -> list[str]:
        """Name what a run missed."""
        wrong = {
            "score": not self.lowest <= run["score"] <= self.highest,
            "parameters": self.parameters is not None and run["parameters"] > self.parameters,
            "seconds": WHERE == "wasm" and self.wasm_seconds is not None and run["seconds"] > self.wasm_seconds,
        }
        return [name for name, is_wrong in wrong.items() if is_wrong]


AIMS = {
    "reverse": Aim(recipes.reverse, 0.995, parameters=25_000, wasm_seconds=20),
    "sentiment": Aim(recipes.sentiment, 0.985, parameters=3_000, wasm_seconds=15),
    "induction": Aim(recipes.induction, 0.99),
    "one_layer": Aim(recipes.one_layer_as_large, highest=0.5),
    "addition": Aim(recipes.addition, 0.99),
}


def run_seed(name: str, seed: int, **settings) -> dict:
    """Train one recipe from one seed. The seconds are those of training; judging has its own."""
    recipe = AIMS[name].recipe(seed, **settings)
    losses: list[float] = []
    start = time.perf_counter()
    end = recipe.train(on_step=lambda report: losses.append(report.loss))
    trained = time.perf_counter()
    score = recipe.evaluate(end.params)
    run = {
        "seed": seed,
        "score": score,
        "questions": len(recipe.held_out.source),
        "seconds": round(trained - start, 2),
        "judging_seconds": round(time.perf_counter() - trained, 2),
        "steps": len(losses),
        "parameters": tree.count(end.params),
        "first_loss": losses[0],
        "last_loss": losses[-1],
    }
    if name == "sentiment":
        right = polarity_count(recipe.task, recipe.held_out.source) == recipe.held_out.target
        run["polarity_count_score"] = float(right.mean())
    return run | {"missed": AIMS[name].missed(run)}


def measure(name: str, seeds: int, **settings) -> dict:
    """Train one recipe from so many seeds, printing a line for each."""
    aim, runs = AIMS[name], []
    for seed in range(seeds):
        run = run_seed(name, seed, **settings)
        runs.append(run)
        verdict = f"missed: {', '.join(run['missed'])}" if run["missed"] else "met"
        figures = f"score {run['score']:.4f}  {run['seconds']:6.2f} s  {run['steps']} steps"
        print(f"{name:<10} seed {seed}  {figures}  {verdict}", flush=True)
    return {
        "platform": describe_platform(),
        "aim": {key: value for key, value in vars(aim).items() if key != "recipe"},
        "lowest_score": min(run["score"] for run in runs),
        "highest_score": max(run["score"] for run in runs),
        "median_seconds": statistics.median(run["seconds"] for run in runs),
        "slowest_seconds": max(run["seconds"] for run in runs),
        "runs": runs,
    }


def measure_depth(seeds: int, **settings) -> dict:
    """Compare where the norm stands, printing a line for each variant and seed. Nothing is aimed at."""

    def show(row: DepthRow) -> None:
        norms = " ".join(f"{norm:.2f}" for norm in row.gradient_norms)
        print(
            f"depth      {row.name:<25} loss {row.losses[-1]:.4f}  score {row.score:.4f}  gradients {norms}", flush=True
        )

    tables = [recipes.compare_norms(seed, show, **settings) for seed in range(seeds)]
    runs = [{"seed": seed, "variant": row.name, **row._asdict()} for seed, table in enumerate(tables) for row in table]
    return {"platform": describe_platform(), "runs": runs}


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the figures down, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of {', '.join(AIMS)}, depth; all if none is given"
    )
    parser.add_argument("--seeds", type=int, default=5, help="how many, counted from 0")
    parser.add_argument("--steps", type=int, help="other than the recipe's own")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - {*AIMS, "depth"}
    if unknown or given.seeds < 1:
        parser.error(
            f"wanted names among {', '.join(AIMS)}, depth and a seed at least, got {given.names}, {given.seeds}"
        )
    settings, missed = {} if given.steps is None else {"steps": given.steps}, False
    for name in given.names or [*AIMS, "depth"]:
        figures = measure_depth(given.seeds, **settings) if name == "depth" else measure(name, given.seeds, **settings)
        missed |= any(run.get("missed") for run in figures["runs"])
        record(figures, "learn", name, WHERE, path=given.json)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
