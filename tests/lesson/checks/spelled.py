"""What is asked of every lesson's checks, of answers as somebody else would write them."""

from collections.abc import Callable
from types import ModuleType

import pytest


def asked_of(checks: ModuleType, right: list, wrong: list) -> tuple[Callable, Callable]:
    """Return two tests: all of `right` (exercise, answer) pass, and `wrong` (exercise, mistake, answer) are named."""

    @pytest.mark.parametrize(("exercise", "answer"), right)
    def test_right(exercise, answer):
        verdict = getattr(checks, exercise)(answer)
        assert verdict, verdict
        assert repr(verdict).startswith("right: all ")

    @pytest.mark.parametrize(("exercise", "mistake", "answer"), wrong)
    def test_wrong(exercise, mistake, answer):
        verdict = getattr(checks, exercise)(answer)
        assert (verdict.status, verdict.mistake) == ("not right", mistake), verdict
        assert repr(verdict).startswith(f"not right: {mistake}. ") and "\nInput " in repr(verdict)

    return test_right, test_wrong
