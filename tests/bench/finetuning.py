"""Which way of fine-tuning learns most from few examples, and forgets least?

python tests/bench/finetuning.py [SETUP ...] [--methods full head ...] [--seeds 5] [--examples 16 64 all] [--table]

A trained model is taught something new. Each way gets the same examples, epochs and questions to choose its best
weights by; it is judged by other questions, on the new task and on the old, beside baselines and a model that starts
from nothing. No seed is left out. The figures go to build/bench.json, with --table also to the course's own table.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from record import BENCH_JSON, WHERE, describe_platform, record
from verdict import BASELINES, FROM_NOTHING, WAYS, Setup, first
from verdict_reviews import films_to_products
from verdict_rotate import reverse_to_rotate
from verdict_sentiment import sentiment_domain

from lesson import tree
from lesson.finetuning import FineTuning, forgetting, weights_touched
from lesson.finetuning.examples import fresh_params
from lesson.tasks import Examples

TABLE = Path(__file__).resolve().parents[2] / "content" / "tables" / "fine-tuning.json"
SETUPS: dict[str, Callable[..., Setup]] = {
    "reverse_to_rotate": reverse_to_rotate,
    "sentiment_domain": sentiment_domain,
    "reviews": films_to_products,
}
UNMEASURED = {"forgetting": None, "touched": None, "seconds": None}


def run_seed(name: str, seed: int, ways: list[str], counts: list[int | None], **settings) -> list[dict]:
    """Set up once, and measure every way with every number of examples (None: all), printing a line for each."""
    setup, rows = SETUPS[name](seed, **settings), []
    for count in counts:
        few = first(setup.examples, count)
        for method, figures in measure_all(setup, few, seed, ways):
            rows.append({"seed": seed, "method": method, "examples": len(few.source)} | figures)
            print(line(name, rows[-1]), flush=True)
    return rows


def measure_all(setup: Setup, few: Examples, seed: int, ways: list[str]) -> Iterator[tuple[str, dict]]:
    """Measure one way after the other with the same examples; baselines have a target score only."""
    for way in ways:
        if way == BASELINES:
            yield from ((name, {"target": score} | UNMEASURED) for name, score in setup.baselines(few).items())
        else:
            yield way, measure(make_run(setup, few, seed, way), setup)


def make_run(setup: Setup, few: Examples, seed: int, way: str) -> FineTuning:
    """Plan a run: from the trained model, or from one newly drawn."""
    base = setup.params
    if way == FROM_NOTHING:
        base = fresh_params(np.random.default_rng((seed, 9)), setup.config)
    playbook = setup.methods[way](base, setup.epochs)
    choose = few if setup.choose is None else setup.choose
    return FineTuning(playbook, base, setup.config, setup.prepare(few), choose, setup.batch, seed)


def measure(run: FineTuning, setup: Setup) -> dict:
    """Do one run and judge it on the new task and the old. The seconds are the processor's, scoring included."""
    start = time.process_time()
    after = run.best(run.train())
    return {
        "seconds": round(time.process_time() - start, 2),
        "target": setup.target(after),
        # What a model never knew it cannot forget.
        "forgetting": forgetting(setup.source, run.params, after) if run.params is setup.params else None,
        "touched": weights_touched(run),
        "parameters": tree.count(run.params),
        "steps": sum(phase.epochs for phase in run.plan.phases) * run.steps_an_epoch,
    }


def line(name: str, row: dict) -> str:
    """Say in one line what was measured."""
    text = f"{name}  {row['method']:<18} {row['examples']:4} examples  seed {row['seed']}  target {row['target']:.3f}"
    if row["touched"] is not None:
        lost = "     -" if row["forgetting"] is None else f"{row['forgetting']:+.3f}"
        text += f"  forgot {lost}  {row['touched']:6,} weights  {row['seconds']:6.2f} s"
    return text


def summary(name: str, rows: list[dict]) -> list[dict]:
    """Give a row for each way and number of examples: the median over the seeds, the lowest, and all of them."""
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        groups.setdefault((row["method"], row["examples"]), []).append(row)
    return [
        {
            "setup": name,
            "method": method,
            "examples": count,
            "median": median([row["target"] for row in found]),
            "lowest": round(min(row["target"] for row in found), 4),
            "seeds": [round(row["target"], 4) for row in found],
            "forgetting": median([row["forgetting"] for row in found]),
            "weights": found[0]["touched"],
            "seconds": median([row["seconds"] for row in found]),
        }
        for (method, count), found in groups.items()
    ]


def median(values: list[float | None]) -> float | None:
    """Give the middle value to four decimals; None where nothing was measured."""
    return None if None in values else round(statistics.median(values), 4)


def show(table: list[dict]) -> None:
    """Print a summary; every seed stands there, so the failing ones do."""
    print(f"\n{'method':<18} examples  median  lowest  forgot  weights  seconds  all seeds")
    for row in table:
        lost, weights, seconds = (
            "-" if row[key] is None else format(row[key], form)
            for key, form in (("forgetting", "+.3f"), ("weights", ","), ("seconds", ".2f"))
        )
        seeds = " ".join(format(score, ".3f") for score in row["seeds"])
        figures = f"{row['median']:7.3f} {row['lowest']:7.3f} {lost:>7} {weights:>8} {seconds:>8}"
        print(f"{row['method']:<18} {row['examples']:8} {figures}  {seeds}")


def update_table(rows: list[dict], path: Path = TABLE) -> None:
    """Put rows into the course's table, each in place of the one of the same set-up, method and number of examples."""

    def key(row):
        return row["setup"], row["method"], row["examples"]

    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    table = {key(row): row for row in before} | {key(row): row for row in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row) for row in table.values())
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def read_count(text: str) -> int | None:
    """Read a number of examples; "all" is None."""
    if text == "all":
        return None
    if int(text) < 1:
        raise ValueError
    return int(text)


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line, or say what was wanted and exit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("setups", nargs="*", metavar="SETUP", help=f"any of {', '.join(SETUPS)}; all if none is given")
    parser.add_argument("--methods", nargs="+", default=[*WAYS, BASELINES], choices=[*WAYS, BASELINES], metavar="NAME")
    parser.add_argument("--seeds", type=int, default=5, help="how many, counted from 0")
    parser.add_argument("--examples", type=read_count, nargs="+", default=[16, 32, 64, 128], metavar="N")
    parser.add_argument("--json", type=Path, default=BENCH_JSON, metavar="FILE", help="where the figures go")
    parser.add_argument("--table", type=Path, nargs="?", const=TABLE, metavar="FILE", help="the course's table, too")
    given = parser.parse_args(arguments)
    if set(given.setups) - set(SETUPS) or given.seeds < 1:
        parser.error(f"wanted set-ups among {', '.join(SETUPS)} and a seed at least, got {given.setups}, {given.seeds}")
    return given


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the figures down, and return the exit status. Nothing is aimed at."""
    given = read_arguments(arguments)
    for name in given.setups or SETUPS:
        rows = []
        for seed in range(given.seeds):
            rows += run_seed(name, seed, given.methods, given.examples)
        table = summary(name, rows)
        show(table)
        record(
            {"platform": describe_platform(), "summary": table, "runs": rows},
            "finetuning",
            name,
            WHERE,
            path=given.json,
        )
        if given.table is not None:
            update_table(table, given.table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
