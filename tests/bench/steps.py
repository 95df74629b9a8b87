"""The training step and the forward pass against the textbook and PyTorch, and the products' share of a step."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import rivals
from clock import by_turns, median_ratio, milliseconds, seconds
from products import note_products
from record import WHERE
from setting import Setting, draw_setting, lesson_forward, lesson_step, textbook_forward, textbook_step

THREADS = "OPENBLAS_NUM_THREADS"
AIMS = {
    "times_faster_than_textbook": ("wasm", 1.5),
    "times_faster_than_torch": ("native", 1.0),
    "share_of_products": ("wasm", 0.6),
    "gigaflops_of_products": ("wasm", 1.5),
}


def measure(rounds: int = 100) -> dict:
    """Race on one thread, everybody by turns; then, natively, time each alone, on one thread and on its own number."""
    setting, python = draw_setting(), rivals.torch_python()
    figures = {
        "setting": "reverse 8 digits, d=32, 2+2 layers, 4 heads, batch 32 x 8, Adam, float64",
        "rounds": rounds,
    }
    with rivals.start(setting, python, rivals.ONE_THREAD) as found:
        figures |= {"torch": next((rival.version for rival in found.values()), None)}
        figures["loss"] = {"lesson": lesson_step(setting)(), "textbook": textbook_step(setting)()}
        figures["loss"] |= {name: rival.loss for name, rival in found.items()}
        figures["step"] = _race(lesson_step(setting), textbook_step(setting), found, "step", rounds)
        figures["forward"] = _race(lesson_forward(setting), textbook_forward(setting), found, "forward", rounds)
    figures["products"] = measure_products(setting, rounds)
    if WHERE == "native":
        figures["numpy_threads"] = os.environ.get(THREADS, "its own")
        figures["alone"] = measure_alone(setting, python, rounds)
    return figures | {"aims": judge(figures)}


def measure_products(setting: Setting, rounds: int) -> dict:
    """Time a step, and the matrix products of one such step alone, by turns."""
    step, products = lesson_step(setting), note_products(lesson_step(setting))
    taken = by_turns({"step": lambda: seconds(step), "products": lambda: seconds(products.run)}, rounds)
    median = statistics.median(taken["products"])
    return {
        "how": "the products of one step, on the operands they had in it, repeated alone by turns with whole steps",
        "count": len(products.pairs),
        "megaflop": round(products.operations() / 1e6, 3),
        "share_of_step": median_ratio(taken["products"], taken["step"]),
        "gigaflops": round(products.operations() / median / 1e9, 3),
        **{name: milliseconds(each) for name, each in taken.items()},
    }


def measure_alone(setting: Setting, python: str | None, rounds: int) -> dict:
    """Time steps of one contestant after the other, each in a process of its own.

    Beside threads that wait by spinning no other would run undisturbed; nor do caches stay warm from turn to turn.
    """
    figures = {"lesson, 1 thread": _alone("1", rounds), "lesson, its own threads": _alone(None, rounds)}
    for variants, threads in ((rivals.ONE_THREAD, "1 thread"), (rivals.OWN_THREADS, "its own threads")):
        for name, variant in variants.items():
            with rivals.start(setting, python, {name: variant}) as found:
                for rival in found.values():
                    taken = by_turns({name: rival.timed("step")}, rounds)[name]
                    figures[f"{name}, {threads}"] = milliseconds(taken) | {"threads": rival.threads}
    return figures


def judge(figures: dict) -> dict:
    """Say of each aim that is set for this platform what came of it."""
    got = {
        "times_faster_than_textbook": figures["step"]["times_faster_than_textbook"],
        "times_faster_than_torch": times_faster_than_torch(figures),
        "share_of_products": figures["products"]["share_of_step"],
        "gigaflops_of_products": figures["products"]["gigaflops"],
    }
    here = {name: (aim, got[name]) for name, (where, aim) in AIMS.items() if where == WHERE and got[name] is not None}
    return {name: {"aim": aim, "got": round(value, 3), "met": value >= aim} for name, (aim, value) in here.items()}


def times_faster_than_torch(figures: dict) -> float | None:
    """Compare the best of each side, in the race and alone, and give the ratio that is worse for the package."""
    ratios = []
    for times in (figures["step"], figures.get("alone", {})):
        medians = {name: each["median_ms"] for name, each in times.items() if isinstance(each, dict)}
        torch = [each for name, each in medians.items() if name.startswith("torch")]
        if torch:
            ratios.append(min(torch) / min(each for name, each in medians.items() if name.startswith("lesson")))
    return min(ratios, default=None)


def lines(figures: dict) -> list[str]:
    """Tell the figures, a line each."""
    told = []
    for what in ("step", "forward", "alone"):
        for name, each in figures.get(what, {}).items():
            if isinstance(each, dict):
                told.append(f"{what:<12}{name:<36}{each['median_ms']:9.3f} ms   at least {each['min_ms']:9.3f} ms")
    products = figures["products"]
    told.append(f"products    {products['share_of_step']:.1%} of a step, at {products['gigaflops']} GFLOP/s")
    for name, aim in figures["aims"].items():
        told.append(f"aim         {name}: {aim['got']}, wanted {aim['aim']}: {'met' if aim['met'] else 'missed'}")
    return told


def _race(lesson: Callable, textbook: Callable, found: dict, what: str, rounds: int) -> dict:
    contestants = {"lesson": lambda: seconds(lesson), "textbook": lambda: seconds(textbook)}
    taken = by_turns(contestants | {name: rival.timed(what) for name, rival in found.items()}, rounds)
    ratio = {"times_faster_than_textbook": median_ratio(taken["textbook"], taken["lesson"])}
    return {name: milliseconds(each) for name, each in taken.items()} | ratio


def _alone(threads: str | None, rounds: int) -> dict:
    """Time the package's step in a new process, whose NumPy may take so many threads, or as many as it likes."""
    environment = {name: value for name, value in os.environ.items() if name != THREADS}
    environment |= {THREADS: threads} if threads else {}
    command = [sys.executable, __file__, str(rounds)]
    done = subprocess.run(command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    done.check_returncode()
    median, least = map(float, done.stdout.split())
    return {"median_ms": median, "min_ms": least}


if __name__ == "__main__":
    its_step = lesson_step(draw_setting())
    print(*milliseconds(by_turns({"lesson": lambda: seconds(its_step)}, int(sys.argv[1]))["lesson"]).values())
