"""Every example in a docstring is true, in every module."""

import doctest
import importlib
import pkgutil

import pytest

import lesson

MODULES = [
    module.name
    for module in pkgutil.walk_packages(lesson.__path__, "lesson.")
    if not module.ispkg and module.name != "lesson.__main__"
]


def test_all_floors_are_searched():
    assert {"lesson.vocab", "lesson.nn.softmax", "lesson.models.tiny.classifier", "lesson.plots.terminal"} <= set(
        MODULES
    )


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
