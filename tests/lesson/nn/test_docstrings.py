import doctest
import importlib
import pkgutil

import pytest

import lesson.nn

MODULES = [module.name for module in pkgutil.iter_modules(lesson.nn.__path__, "lesson.nn.")]


def test_the_layers_are_found():
    assert "lesson.nn.multi_head" in MODULES


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
