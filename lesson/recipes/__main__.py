"""`python -m lesson.recipes`: train, from their seeds, the checkpoints that the course ships, and list them.

A file is written only when its bytes are others than before.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lesson import tree
from lesson.recipes.recipe import Recipe
from lesson.recipes.trained import SHIPPED, from_zero, load_trained, save_trained
from lesson.training import Report

TITLE = """\
# Checkpoints

Weights that lessons start from, each trained from seed 0 by `make checkpoints`, which also writes this table.
`recipes.start_from("reverse")` takes one up; the call in the second column trains the same from zero.

*Right* is the share of the questions, none of them asked in training, that are answered right. *Seconds* are those
of training, on one core of the machine that wrote the table.

| checkpoint | from zero | weights | bytes | steps | questions | right | seconds |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def main(arguments: list[str] | None = None) -> int:
    """Train the checkpoints that the arguments name, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lesson.recipes", description="Train what the course ships.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(SHIPPED)}; all if none is given")
    parser.add_argument("--into", type=Path, default=Path("content/checkpoints"), metavar="FOLDER")
    given = parser.parse_args(arguments)
    if set(given.names) - set(SHIPPED):
        parser.error(f"wanted names among {', '.join(SHIPPED)}, got {' '.join(given.names)}")
    given.into.mkdir(parents=True, exist_ok=True)
    for name in given.names or SHIPPED:
        make(name, given.into)
    return 0


def make(name: str, folder: Path) -> None:
    """Train one checkpoint and put it, and its row, into a folder."""
    recipe, start = from_zero(name), time.monotonic()
    params = recipe.train(on_step=partial(say, name, recipe, start)).params
    seconds = time.monotonic() - start
    path, table = folder / f"{name}.npz", folder / "README.md"
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / path.name
        save_trained(new, name, params)
        changed = _write(path, new.read_bytes())
    rows, row = read_table(table), describe(path, name)
    # The same weights keep the seconds they were first trained in: a table that changes says that a model did.
    if changed or rows.get(name, "").rpartition("|")[0] != row:
        rows[name] = f"{row}| {seconds:.1f}"
    _write(table, (TITLE + "".join(f"| {rows[each]} |\n" for each in SHIPPED if each in rows)).encode())
    print(f"{path}: {'written' if changed else 'as it was'}", flush=True)


def describe(path: Path, name: str) -> str:
    """Give a checkpoint's row of the table, all but the seconds, from the file itself."""
    recipe = load_trained(path, name)
    weights, size, questions = tree.count(recipe.params), path.stat().st_size, len(recipe.held_out.source)
    right = recipe.evaluate(recipe.params)
    row = f"`{name}` | `recipes.{spell(SHIPPED[name])}` | {weights} | {size} | {recipe.steps} | {questions}"
    return f"{row} | {right:.4f} "


def spell(recipe: Callable[[], Recipe]) -> str:
    """Write down a recipe as a learner calls it.

    >>> spell(partial(sorted, reverse=True))
    'sorted(reverse=True)'
    """
    function, settings = (recipe.func, recipe.keywords) if isinstance(recipe, partial) else (recipe, {})
    return f"{function.__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"


def read_table(path: Path) -> dict[str, str]:
    """Read back the table's rows by name."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = (line[2:-2] for line in lines if line.startswith("| `"))
    return {row.split("`")[1]: row for row in rows}


def say(name: str, recipe: Recipe, start: float, report: Report) -> None:
    """Print how far training is, five times in all, and how long it still takes."""
    if report.step % max(1, recipe.steps // 5) == 0:
        left = (time.monotonic() - start) / report.step * (recipe.steps - report.step)
        print(f"{name}: step {report.step} of {recipe.steps}, loss {report.loss:.4f}, {left:.0f} s left", flush=True)


def _write(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


if __name__ == "__main__":
    sys.exit(main())
