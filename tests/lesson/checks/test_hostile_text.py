"""Markup in what a learner's function gives, says, raises or is called stays text, in every check of every lesson."""

import re

import pytest

from lesson.checks import every_check

HOSTILE = "<img src=x onerror=alert(1)>"
CHECKS = {f"{lesson}-{name}": check for lesson, name, check in every_check()}
TAG = re.compile(r"<(?!/?(?:p|br|pre|code|details|summary)>)\w[^>]*>")


def raises(*_args, **_kwargs):
    raise ValueError(HOSTILE)


def prints(*_args, **_kwargs):
    print(HOSTILE)
    return HOSTILE


def gives_odd_keys(*_args, **_kwargs):
    return {HOSTILE: [HOSTILE]}


class Named:
    def __repr__(self):
        return HOSTILE


ODD = type(HOSTILE, (Exception,), {})


def raises_an_odd_error(*_args, **_kwargs):
    raise ODD(HOSTILE)


WAYS = {
    "raises": raises,
    "raises an odd error": raises_an_odd_error,
    "prints and gives text": prints,
    "gives a list": lambda *_a, **_k: [HOSTILE, HOSTILE],
    "gives keys": gives_odd_keys,
    "gives a thing": lambda *_a, **_k: Named(),
    "gives a class": lambda *_a, **_k: ODD,
    "is no function": HOSTILE,
    "is a thing": Named(),
}


@pytest.mark.parametrize("name", CHECKS)
def test_markup_stays_text(name, capsys):
    for way, function in WAYS.items():
        verdict = CHECKS[name](function)
        shown = verdict._repr_html_()
        assert shown is not None, f"{way} was taken for right"
        assert TAG.findall(shown) == [], way
    assert "alert" not in capsys.readouterr().err
