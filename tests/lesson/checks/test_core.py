"""How a check judges: values of every kind compared, the first difference told, the mistake named that fits."""

import numpy as np
import pytest

from lesson.checks import core
from lesson.checks.core import Check, Mistake


def check_of(answer, cases=None, arguments=("x",), **more):
    cases = cases or [(np.array([1.0, 2.0, 3.0]),), (np.array([4.0, 5.0]),)]
    return Check(lesson="00-none", name="x", arguments=arguments, cases=lambda rng: cases, answer=answer, **more)


def told(wanted, got, **more):
    """The evidence for one input, when a function that should return `wanted` returns `got`."""
    verdict = check_of(lambda x: wanted, **more)(lambda x: got)
    return "" if verdict else verdict.text.partition(": ")[2]


GRADIENTS = (np.zeros((2, 3)), np.ones((2, 3)), np.ones(2))
TREE = {"query": {"weight": np.eye(2), "bias": np.zeros(2)}, "output": {"weight": np.eye(2)}}


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (3, 3.0),
        (0.1, np.float32(0.1)),
        (True, np.True_),
        ("a", "a"),
        ([3, 1, 2], np.array([3, 1, 2])),
        ([[1.0, 2.0], [3.0, 4.0]], [np.array([1.0, 2.0]), np.array([3.0, 4.0])]),
        ([], []),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (["a", "b"], np.array(["a", "b"])),
        ([("a", 0.5), ("b", 0.5)], [("a", 0.5 + 1e-9), ("b", 0.5)]),
        ({("a", "b"): 3}, {("a", "b"): 3}),
        (TREE, {key: dict(branch) for key, branch in reversed(TREE.items())}),
        (GRADIENTS, GRADIENTS),
        (np.array([np.nan]), [float("nan")]),
        ((np.ones(2), None), (np.ones(2), None)),
    ],
)
def test_the_same_in_another_form_is_right(wanted, got):
    assert told(wanted, got) == ""


@pytest.mark.parametrize(
    ("wanted", "got", "sentence"),
    [
        (3, 4, "wanted 3, got 4."),
        (0.25, 0.5, "wanted 0.2500, got 0.5000."),
        (3, 3.0000001, "wanted 3, got 3.0000."),
        (True, False, "wanted True, got False."),
        (np.array([True]), np.array([1]), "wanted True or False, got numbers."),
        (np.ones(2), np.array([True, True]), "wanted numbers, got True or False."),
        ("right", "wrong", "wanted 'right', got 'wrong'."),
        ("a" * 100 + "b", "a" * 100 + "c", "first difference at character 100, wanted 'b', got 'c'."),
        (np.ones(3), np.array([1, 1.1, 1]), "first difference at [1], wanted 1.0000, got 1.1000."),
        (np.ones(3), np.ones((3, 1)), "wanted shape (3,), got (3, 1)."),
        (np.ones(3), 1.0, "wanted an array of shape (3,), got a number."),
        (1.0, np.ones(3), "wanted a number, got an array of shape (3,)."),
        (np.ones(3), "half", "wanted an array of shape (3,), got a str, 'half'."),
        (np.ones(3), np.ones(3) * 1j, "wanted an array of shape (3,), got a ndarray that holds no real numbers."),
        (np.ones(3), {1}, "wanted an array of shape (3,), got a set."),
        (np.ones(3), (n for n in range(3)), "wanted an array of shape (3,), got a generator."),
        (["a", "b"], ["a", "c"], "1: wanted 'b', got 'c'."),
        (["a", "b"], ["a"], "wanted a list of 2 things, got a list of 1 thing."),
        ({"a": 1, "b": 2}, {"a": 1, "c": 2}, "wanted a dict with the keys a, b: b is missing, c is one too many."),
        ({"a": 1}, 3, "wanted a dict with the keys a, got a number."),
        (
            TREE,
            {**TREE, "query": {"weight": np.eye(2), "bias": np.ones(2)}},
            "query/bias: first difference at [0], wanted 0.0000, got 1.0000.",
        ),
        ((1, None), (1, 2), "1: wanted nothing, got a number."),
    ],
)
def test_the_first_difference_is_told_in_one_sentence(wanted, got, sentence):
    assert told(wanted, got) == sentence


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (
            (GRADIENTS[0], 2 * GRADIENTS[1], GRADIENTS[2]),
            "d_key: first difference at [0, 0], wanted 1.0000, got 2.0000.",
        ),
        (GRADIENTS[:2], "wanted a tuple of 3 things (d_query, d_key, d_value), got a tuple of 2 things."),
        (list(GRADIENTS), "wanted a tuple of 3 things (d_query, d_key, d_value), got a list of 3 things."),
        (GRADIENTS[0], "wanted a tuple of 3 things (d_query, d_key, d_value), got an array of shape (2, 3)."),
        ((GRADIENTS[0], np.ones(3), GRADIENTS[2]), "d_key: wanted shape (2, 3), got (3,)."),
    ],
)
def test_the_parts_of_a_tuple_have_names(got, sentence):
    assert told(GRADIENTS, got, returns=("d_query", "d_key", "d_value")) == sentence


def test_a_difference_in_the_fifth_decimal_shows_more_digits():
    assert told(1.0, 1.00002) == "wanted 1, got 1.00002."


def test_inputs_are_named_by_shape_or_value():
    case = (np.zeros((2, 3)), 4, "greedy", {"weight": np.eye(2)}, np.random.default_rng(0), [1, 2], len)
    names = ("table", "count", "how", "params", "rng", "ids", "score")
    verdict = check_of(lambda *inputs: 1, [case], names)(lambda *inputs: 2)
    assert verdict.text.startswith(
        "Input 1, with table (2, 3), count 4, how 'greedy', params, rng, ids [1, 2], score: "
    )


def test_generators_are_handed_over_alike_and_may_move_on():
    cases = [(np.random.default_rng(5),)]
    assert check_of(lambda rng: rng.normal(size=3), cases)(lambda rng: [rng.normal() for _ in range(3)])


def put_something_else(x):
    x["a"] = None


SPOILING = [lambda x: x["a"].fill(7), lambda x: x.pop("a"), lambda x: x["b"].append(1), put_something_else]


@pytest.mark.parametrize("spoil", SPOILING)
def test_a_change_deep_in_an_input_is_seen(spoil):
    verdict = check_of(lambda x: 1, [({"a": np.zeros(2), "b": [1]},)])(lambda x: (spoil(x), 1)[1])
    assert (verdict.status, verdict.mistake) == ("not right", "Input changed")


def test_a_mistake_is_named_only_if_it_goes_the_same_way_on_the_inputs_before():
    cases = [(np.array([1.0]),), (np.array([2.0, 3.0]),)]
    check = check_of(lambda x: 2 * x, cases, mistakes=(Mistake("Five added", lambda x: x + 5, "Do not."),))
    assert check(lambda x: x + 5).mistake == "Five added"
    assert check(lambda x: 2 * x if len(x) == 1 else x + 5).mistake == ""
    assert check(lambda x: x[1] and x + 5).mistake == ""


def test_a_mistake_of_parts_is_named():
    swapped = Mistake("Exchanged", lambda x: (x + 1, x), "Mind the order.")
    check = check_of(lambda x: (x, x + 1), mistakes=(swapped,))
    assert check(lambda x: tuple(reversed((x, 1 + x)))).mistake == "Exchanged"
    assert check(lambda x: (x, x)).mistake == ""


def test_an_error_can_be_what_is_wanted():
    def refuse(x):
        raise ValueError("not a mask")

    assert check_of(refuse)(refuse)
    assert (
        "wanted it to raise ValueError: not a mask, got an array of shape (3,)." in check_of(refuse)(lambda x: x).text
    )


def test_a_verdict_brings_the_exercises_help():
    check = check_of(lambda x: x, hints=("a", "b", "c"), solution="return x")
    for function in (lambda x: 0, lambda x: ..., 5):
        assert (check(function).hints, check(function).solution) == (("a", "b", "c"), "return x")


def test_every_verdict_is_noted(monkeypatch):
    noted = []
    monkeypatch.setattr(core.progress, "note", lambda *what: noted.append(what))
    check = check_of(lambda x: x)
    for function in (lambda x: x, lambda x: 0, lambda x: ..., 5):
        check(function)
    assert noted == [("00-none", "x", status) for status in ("right", "not right", "not yet", "not yet")]
