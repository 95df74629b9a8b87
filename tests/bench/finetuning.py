"""Which way of fine-tuning learns most from few examples, and forgets least?

python tests/bench/finetuning.py [full head ...] [--seeds 5] [--examples 16 32 64 128]

A model that reverses eight digits is taught to rotate them by three. Each way gets the same examples, epochs and
questions to choose its best weights by; it is judged by other questions, on the new task and on the old. No seed is
left out. The figures go to build/bench.json.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from record import BENCH_JSON, WHERE, describe_platform, record

from lesson import recipes, tasks, tree
from lesson.finetuning import FineTuning, forgetting, methods, weights_touched
from lesson.recipes import writings_right

EPOCHS, BATCH, CHOOSE_BY, JUDGE_BY = 120, 16, 100, 500
LINE = (
    "{method:<15} {examples:4} examples  seed {seed}  target {target:.3f}  forgot {forgetting:+.3f}  "
    "{touched:6,} weights  {seconds:6.2f} s"
)

# The rates were chosen between 0.003 and 0.1 on seed 100 with 64 examples, a seed that no table has; the adapters share
# the one of rank 2.
METHODS: dict[str, Callable] = {
    "full": lambda params, epochs: methods.full(0.03, epochs),
    "head": lambda params, epochs: methods.head_only(params, 0.03, epochs),
    "gradual": lambda params, epochs: methods.gradual_unfreezing(params, 0.01, epochs),
    "discriminative": lambda params, epochs: methods.discriminative_rates(0.1, epochs),
    **{f"lora_{r}": lambda params, epochs, r=r: methods.lora(r, 0.03, epochs, "query+key") for r in (1, 2, 4, 8)},
}


def run_seed(seed: int, names: list[str], counts: list[int], epochs: int = EPOCHS, **settings) -> list[dict]:
    """Train the source once, and from it every way with every number of examples, printing a line for each."""
    source, target = recipes.reverse(seed, **settings), tasks.rotate(8, by=3)
    base = source.train().params
    # Generators of their own: the questions are the same however many examples there are.
    examples = target.draw(np.random.default_rng((seed, 2)), max(counts), "train")
    choose = target.draw(np.random.default_rng((seed, 3)), CHOOSE_BY, "test")
    judges = {
        name: partial(writings_right, config=source.config, examples=task.draw(rng, JUDGE_BY, "test"))
        for name, task, rng in (
            ("target", target, np.random.default_rng((seed, 4))),
            ("source", source.task, np.random.default_rng((seed, 5))),
        )
    }
    rows = []
    for count in counts:
        few = tasks.Examples(*(array[:count] for array in examples))
        for name in names:
            run = FineTuning(METHODS[name](base, epochs), base, source.config, few, choose, BATCH, seed)
            rows.append({"seed": seed, "method": name, "examples": count} | measure(run, **judges))
            print(LINE.format(**rows[-1]), flush=True)
    return rows


def measure(run: FineTuning, target: Callable, source: Callable) -> dict:
    """Do one run and judge it on the new task and the old. The seconds are those of fine-tuning, scoring included."""
    start = time.perf_counter()
    after = run.best(run.train())
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "target": target(after),
        "source_before": source(run.params),
        "forgetting": forgetting(source, run.params, after),
        "touched": weights_touched(run),
        "parameters": tree.count(run.params),
        "steps": sum(phase.epochs for phase in run.plan.phases) * run.steps_an_epoch,
    }


def summary(rows: list[dict]) -> dict:
    """Give, for each way and number of examples, the median over the seeds, the lowest and all of them."""
    table: dict[str, dict] = {}
    for row in rows:
        table.setdefault(row["method"], {}).setdefault(str(row["examples"]), []).append(row)
    return {
        method: {
            count: {
                "targets": [row["target"] for row in found],
                "median_target": statistics.median(row["target"] for row in found),
                "lowest_target": min(row["target"] for row in found),
                "median_forgetting": statistics.median(row["forgetting"] for row in found),
            }
            for count, found in by_count.items()
        }
        for method, by_count in table.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the figures down, and return the exit status. Nothing is aimed at."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(METHODS)}; all if none is given")
    parser.add_argument("--seeds", type=int, default=5, help="how many, counted from 0")
    parser.add_argument("--examples", type=int, nargs="+", default=[16, 32, 64, 128], metavar="N")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--steps", type=int, help="of the source, other than the recipe's own")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    given = parser.parse_args(arguments)
    if set(given.names) - set(METHODS) or given.seeds < 1 or min(given.examples) < 1:
        parser.error(f"wanted names among {', '.join(METHODS)}, a seed and an example at least, got {given}")
    settings = {} if given.steps is None else {"steps": given.steps}
    rows = []
    for seed in range(given.seeds):
        rows += run_seed(seed, given.names or [*METHODS], given.examples, given.epochs, **settings)
    figures = {"platform": describe_platform(), "epochs": given.epochs, "summary": summary(rows), "runs": rows}
    record(figures, "finetuning", "reverse_to_rotate", WHERE, path=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
