"""Whatever a learner's function does, the check says something sensible, and the page goes on as before."""

import builtins
import math
import sys
import time
import warnings

import numpy as np
import pytest

from lesson.checks import attention_by_hand as checks
from lesson.checks import core
from lesson.nn.softmax import softmax

X = np.array([[1.0, 2.0], [3.0, 4.0]])
counted = 0
EXP, ASARRAY, SOLVE, NORMAL = np.exp, np.asarray, np.linalg.solve, np.random.normal


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(core, "SECONDS", 0.3)


def for_ever(x):
    while True:
        pass


def for_ever_in_the_face_of_errors(x):
    while True:
        try:
            while True:
                x = x + 1
        except:  # noqa: E722
            pass


def for_ever_by_calls(x, depth=0):
    return None if depth > 40 else (for_ever_by_calls(x, depth + 1), for_ever_by_calls(x, depth + 1))


def for_ever_by_the_package(x):
    while True:
        x = softmax(x)


def for_ever_in_a_list(x):
    return [None for _ in iter(int, 1)]


class SlowToRead:
    def __array__(self, *_args, **_kwargs):
        for_ever(0)


LOOPS = [for_ever, for_ever_in_the_face_of_errors, for_ever_by_calls, for_ever_by_the_package, for_ever_in_a_list]


@pytest.mark.parametrize("function", [*LOOPS, lambda x: SlowToRead()])
def test_a_loop_that_never_ends_is_ended(function, soon):
    begun = time.perf_counter()
    text = checks.softmax(function).text
    assert text.endswith("it was still running after 0.3 seconds: is there a loop that never ends?")
    assert time.perf_counter() - begun < 1.5
    assert checks.softmax(softmax)


def test_two_seconds_are_the_limit_for_all_inputs_together():
    assert core.SECONDS == 2

    def last_one_hangs(x):
        return for_ever(x) if np.max(np.abs(x)) > 100 else softmax(x)

    assert "Input 3, with scores (3, 5): it was still running after 2 seconds" in checks.softmax(last_one_hangs).text


def test_slow_inputs_share_the_time(soon):
    def slow(x):
        end = time.perf_counter() + 0.2
        while time.perf_counter() < end:
            pass
        return softmax(x)

    assert "Input 2, with scores (4, 4): it was still running" in checks.softmax(slow).text


class Rude:
    """Nothing can be asked of it."""

    def __eq__(self, other):
        raise RuntimeError("no")

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __float__ = __hash__ = __eq__

    def __array__(self, *_args, **_kwargs):
        raise RuntimeError("no")


def holding_itself():
    whole = []
    whole.append(whole)
    return whole


def recursion(x):
    return recursion(x)


ODD = {
    "Rude": Rude(),
    "rude list": [Rude(), 1.0],
    "rude dict": {"a": Rude()},
    "itself": holding_itself(),
    "generator": (n for n in range(3)),
    "class": Rude,
    "module": np,
    "text": "<script>alert(1)</script>",
    "bytes": b"<script>",
    "complex": X * 1j,
    "objects": np.array([object(), None], dtype=object),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "huge": np.broadcast_to(0.0, (10**4, 10**4)),
    "nested": (1, {"a": [None, ..., Rude()]}),
    "odd keys": {(): 1, frozenset(): 2, ("a", Ellipsis): 3},
}


@pytest.mark.parametrize("returned", ODD.values(), ids=ODD)
def test_whatever_is_returned_is_no_answer(returned):
    verdict = checks.softmax(lambda x: returned)
    assert verdict.status == "not right"
    assert "wanted an array of shape (3, 5), got a" in verdict.text
    assert "<script>" not in verdict._repr_html_()


def raising(error):
    def function(x):
        raise error

    return function


class Spiteful(Exception):
    def __str__(self):
        raise RuntimeError("not even my message")


ERRORS = {
    "ValueError: <b>bold</b>": raising(ValueError("<b>bold</b>")),
    "Spiteful": raising(Spiteful()),
    "KeyboardInterrupt": raising(KeyboardInterrupt()),
    "SystemExit: exit() would": lambda x: exit(),
    "SystemExit: 3": lambda x: sys.exit(3),
    "EOFError: a check cannot answer input()": lambda x: input("your answer? "),
    "RecursionError": recursion,
    "MemoryError": lambda x: [0] * (sys.maxsize // 2),
    "TypeError": lambda: 1,
    "Exception: x": raising(type("_Hidden", (Exception,), {})("x")),
    "StopIteration": lambda x: next(iter([])),
}


@pytest.mark.parametrize(("told", "function"), ERRORS.items(), ids=ERRORS)
def test_an_error_becomes_a_sentence(told, function):
    verdict = checks.softmax(function)
    assert verdict.status == "not right"
    assert f"it raised {told}" in verdict.text
    assert "<b>" not in verdict._repr_html_()


@pytest.mark.native
def test_numpys_own_error_of_memory_has_the_usual_name():
    assert "it raised MemoryError: Unable to allocate" in checks.softmax(lambda x: np.ones((10**6, 10**6))).text


def test_what_is_kept_from_leaving_and_asking_is_given_back():
    before = builtins.input, builtins.exit
    page = {"exit": "the page's own"}
    assert "it raised SystemExit: exit() would" in checks.softmax(eval("lambda x: exit()", page)).text
    assert page["exit"] == "the page's own"
    assert (builtins.input, builtins.exit) == before


def test_a_name_may_be_odd():
    def function(x):
        raise ValueError(function.__name__)

    function.__name__ = function.__qualname__ = "<img src=x onerror=alert(1)>"
    assert "<img" not in checks.softmax(function)._repr_html_()
    assert checks.softmax(type("<b>", (), {"__call__": lambda self, x: softmax(x)})())


def test_a_hundred_thousand_lines_stay_off_the_page(capsys):
    def talk(x):
        for number in range(100_000):
            print("line", number)
        return softmax(x)

    assert checks.softmax(talk).text.endswith("It also printed, first of all: line 0")
    assert capsys.readouterr() == ("", "")


def test_warnings_stay_off_the_page():
    def warn(x):
        warnings.warn("careful", stacklevel=1)
        return softmax(x + 0 * np.nan_to_num(np.log(-abs(x))))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert checks.softmax(warn)
    assert caught == []


def test_counting_in_a_global_changes_no_verdict():
    def count(x):
        global counted
        counted += 1
        return softmax(x)

    assert checks.softmax(count) and checks.softmax(count)
    assert counted == 6


def test_a_returned_table_that_is_used_again_was_copied():
    kept = np.zeros((3, 5))

    def reuse(x):
        if x.shape != kept.shape:
            return softmax(x)
        kept[...] = softmax(x)
        return kept

    assert checks.softmax(reuse)


@pytest.fixture
def numpy_as_it_is():
    yield
    np.exp, np.asarray, np.linalg.solve, np.random.normal = EXP, ASARRAY, SOLVE, NORMAL


def by_exp(x):
    shares = np.exp(x - x.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def test_numpy_replaced_before_the_check_is_judged_with_numpys_own(numpy_as_it_is):
    broken = np.exp = lambda x, **_options: x * 0
    verdict = checks.softmax(by_exp)
    assert verdict, verdict
    assert "\n`np.exp` was replaced before the check, which used NumPy's own." in verdict.text
    assert not checks.softmax(lambda x: x)
    assert np.exp is broken  # it is the learner's page


def test_numpy_replaced_by_the_function_is_put_back(numpy_as_it_is):
    def meddle(x):
        np.exp, np.linalg.solve, np.random.normal = np.abs, None, math.sqrt
        del np.sqrt
        return x

    verdict = checks.softmax(meddle)
    assert verdict.status == "not right"
    assert "`np.exp` and `np.sqrt` and `np.linalg.solve` were replaced by the function" in verdict.text
    assert (np.exp, np.linalg.solve, np.random.normal) == (EXP, SOLVE, NORMAL)
    assert np.sqrt(4) == 2


def test_numpy_replaced_on_the_way_out_does_not_spoil_the_reading(numpy_as_it_is):
    def meddle(x):
        shares = softmax(x)
        np.asarray = None
        return shares

    verdict = checks.softmax(meddle)
    assert verdict, verdict
    assert verdict.text.endswith("\n`np.asarray` was replaced by the function; NumPy's own is back.")


def test_numpy_replaced_and_then_an_error_is_put_back_too(numpy_as_it_is, soon):
    def meddle(x):
        np.exp = None
        for_ever(x)

    assert "still running" in checks.softmax(meddle).text
    assert np.exp is EXP


@pytest.mark.parametrize("thing", [None, 3, np.zeros(3), "my_softmax", Rude(), ...])
def test_what_is_no_function_is_asked_for(thing):
    verdict = checks.softmax(thing)
    assert verdict.status == "not yet" and type(thing).__name__ in verdict.text
