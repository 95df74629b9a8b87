"""A lesson in the browser starts from a checkpoint, wherever it stands, or from zero."""

import re
from itertools import islice
from pathlib import Path

import pytest

from lesson import recipes

LESSON = "01-attention-by-hand.ipynb"
TABLE = (Path(__file__).parents[2] / "content" / "checkpoints" / "README.md").read_text(encoding="utf-8")
RIGHT = dict(re.findall(r"^\| `(\w+)` .* ([\d.]+) \| [\d.]+ \|$", TABLE, flags=re.MULTILINE))


@pytest.fixture(scope="module", params=["", "solutions/"], ids=["learner", "solutions"])
def lab(site, request):
    """The lesson, opened once in each of its places."""
    with site.lab() as lab:
        lab.open(request.param + LESSON)
        yield lab
        assert site.unexplained(lab.errors) == []


def test_each_checkpoint_gets_the_tables_score(lab):
    assert len(RIGHT) >= 6
    for name, right in RIGHT.items():
        said = lab.ask(
            "from lesson import recipes\n"
            f"recipe = recipes.start_from({name!r})\n"
            "print(f'{recipe.evaluate(recipe.params):.4f}')"
        )
        assert said.strip() == right, f"{name}: {said}"


def test_from_zero_it_trains_by_the_same_numbers(lab):
    said = lab.ask(
        "from itertools import islice\n"
        "from lesson import recipes\n"
        "for report in islice(recipes.reverse().train_steps(), 24): print(f'{report.loss:.4f}')"
    )
    losses = [f"{report.loss:.4f}" for report in islice(recipes.reverse().train_steps(), 24)]
    assert said.split() == losses
    assert float(losses[-1]) < 1.6 < 2.4 < float(losses[0])
