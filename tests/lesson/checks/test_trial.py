"""One call of a stranger's function: nothing escapes, and everything is kept."""

import signal
import sys
import warnings

import numpy as np
import pytest

from lesson.checks.trial import Trial, attempt

X = np.array([[1.0, 2.0], [3.0, 4.0]])


class Spiteful(Exception):
    def __str__(self):
        raise RuntimeError("not even my message")


def raising(error):
    def function(x):
        raise error

    return function


def endless(x):
    return endless(x)


@pytest.mark.parametrize("unfinished", [None, ..., NotImplemented])
def test_a_stub_is_empty(unfinished):
    assert attempt(lambda x: unfinished, (X,)) == Trial(empty=True)


def test_not_implemented_is_empty_too():
    assert attempt(raising(NotImplementedError()), (X,)).empty


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("two\nlines"), "ValueError: two"),
        (SystemExit(), "SystemExit"),
        (GeneratorExit("stop"), "GeneratorExit: stop"),
        (Spiteful(), "Spiteful"),
    ],
)
def test_an_error_is_kept_with_the_line_it_came_from(error, told):
    trial = attempt(raising(error), (X,))
    assert (trial.error, trial.line) == (told, 2)


def test_endless_recursion_ends():
    assert attempt(endless, (X,)).error.startswith("RecursionError")


@pytest.mark.native
def test_the_learners_own_stop_is_let_through():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in a job in the background it is ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            attempt(lambda x: signal.raise_signal(signal.SIGINT), (X,))
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_interrupt_raised_by_hand_is_an_error_like_others():
    trial = attempt(raising(KeyboardInterrupt("stop")), (X,))
    assert (trial.error, trial.line) == ("KeyboardInterrupt: stop", 2)


def test_inputs_are_copies_and_changes_are_noticed():
    def spoil(x, y):
        y[0, 0] = -1
        return x

    kept = X.copy()
    assert attempt(spoil, (X, X.copy())).changed == (1,)
    np.testing.assert_array_equal(X, kept)


def test_printing_and_warnings_stay_inside(capsys):
    def loud(x):
        print("first", "line")
        print("second" * 1000)
        print("aside", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return np.log(x * 0) + np.exp(x * 1000)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trial = attempt(loud, (X,))
    assert (trial.printed, trial.error) == ("first line", "")
    assert capsys.readouterr() == ("", "")


def test_trials_are_the_same_by_numbers_or_by_error():
    nan = Trial(value=np.array([np.nan, 1.0]))
    assert nan.same(Trial(value=np.array([np.nan, 1.0 + 1e-9])))
    assert not nan.same(Trial(value=np.array([0.0, 1.0])))
    assert not nan.same(Trial(value=np.array([[np.nan, 1.0]])))
    assert not nan.same(Trial(error="E"))
    assert Trial(error="E").same(Trial(error="E"))
    assert not Trial(error="E").same(Trial(error="F"))
    assert not Trial(empty=True).same(Trial(empty=True))
