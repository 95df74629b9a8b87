"""The instructor's plans: their minutes add up, and what they send a class to is there."""

import re
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.native

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "content" / "instructor.md").read_text(encoding="utf-8")
PLANS = dict(re.findall(r"^### (\d+) minutes:.*?\n(.*?)(?=^### )", TEXT, re.MULTILINE | re.DOTALL))
SENT_TO = re.findall(r"lesson (\d+), ([^|\n]*)", TEXT)


@pytest.mark.parametrize("minutes", ["45", "90", "180"])
def test_the_minutes_of_a_plan_add_up(minutes):
    rows = re.findall(r"^\| (\d+) \|", PLANS[minutes], re.MULTILINE)
    assert len(rows) >= 5
    assert sum(map(int, rows)) == int(minutes)


@pytest.mark.parametrize(("lesson", "places"), SENT_TO)
def test_sections_and_exercises_are_there(lesson, places):
    (path,) = (ROOT / "notebooks").glob(f"{int(lesson):02d}-*.ipynb")
    words = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
    places = places.split(":")[0]
    for kind, heading in (("section", r"^## {}\. "), ("exercise", r"^\*\*Exercise {}\*\*")):
        for number in numbers(kind, places):
            assert re.search(heading.format(number), words, re.MULTILINE), f"lesson {lesson} has no {kind} {number}"


def test_plans_name_sections_and_exercises():
    assert len(SENT_TO) >= 10
    assert numbers("section", "sections 1, 2 and 5, exercises 1 and 6") == [1, 2, 5]
    assert numbers("exercise", "sections 1 to 3, exercises 1 to 3 and 6") == [1, 2, 3, 6]
    assert numbers("exercise", "section 6") == []


def numbers(kind: str, text: str) -> list[int]:
    """List the numbers that follow a word, such as 1, 2, 3 and 6 for "exercises 1 to 3 and 6"."""
    found = re.search(rf"{kind}s? (\d+(?:(?:, | and | to )\d+)*)", text)
    if not found:
        return []
    spans = [re.findall(r"\d+", part) for part in re.split(r", | and ", found[1])]
    return [number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)]
