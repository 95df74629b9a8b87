import numpy as np
import pytest

from lesson import gradcheck
from lesson.gradcheck import check_gradients, format_table, numerical_gradient, relative_error


def square_and_sum(inputs):
    """A layer with one input and one parameter: y = w * x^2, summed over the last axis."""
    x, w = inputs["x"], inputs["params"]["w"]
    return np.sum(w * x**2, axis=-1), (x, w)


def backward(d_output, cache, factor=2.0):
    x, w = cache
    d_y = d_output[..., np.newaxis]
    return {"x": d_y * factor * w * x, "params": {"w": np.sum(d_y * x**2, axis=0)}}


@pytest.fixture
def inputs():
    rng = np.random.default_rng(0)
    return {"x": rng.standard_normal((3, 5)), "params": {"w": rng.standard_normal(5)}}


def errors(rows):
    return {row.path: row.error for row in rows}


def test_a_right_backward_passes_for_every_leaf(inputs):
    found = errors(check_gradients(square_and_sum, backward, inputs, np.random.default_rng(1)))
    assert found.keys() == {"x", "params/w"}
    assert max(found.values()) < 1e-8


def test_a_wrong_backward_fails_at_the_wrong_leaf_only(inputs):
    def wrong(d_output, cache):
        return backward(d_output, cache, factor=2.001)

    found = errors(check_gradients(square_and_sum, wrong, inputs, np.random.default_rng(1)))
    assert found["x"] == pytest.approx(0.001 / 2.001, rel=1e-3)
    assert found["params/w"] < 1e-8


def test_the_inputs_stay_as_they_were(inputs):
    before = inputs["x"].copy()
    inputs["x"].setflags(write=False)
    check_gradients(square_and_sum, backward, inputs, np.random.default_rng(1))
    assert np.array_equal(inputs["x"], before)


def test_a_missing_gradient_is_named(inputs):
    with pytest.raises(ValueError, match=r"wanted gradients for .*'params/w'.* got \['x'\]"):
        check_gradients(square_and_sum, lambda d_output, cache: {"x": d_output}, inputs, np.random.default_rng(1))


def test_a_gradient_of_the_wrong_shape_is_named(inputs):
    def broadcast(d_output, cache):
        return {**backward(d_output, cache), "x": np.zeros(5)}

    with pytest.raises(ValueError, match=r"shape \(3, 5\) at 'x', got \(5,\)"):
        check_gradients(square_and_sum, broadcast, inputs, np.random.default_rng(1))


def test_float32_is_refused(inputs):
    inputs["x"] = inputs["x"].astype(np.float32)
    with pytest.raises(ValueError, match="wanted float64 at 'x', got float32"):
        check_gradients(square_and_sum, backward, inputs, np.random.default_rng(1))


def test_the_numerical_gradient_works_on_strided_views_and_puts_every_entry_back():
    x = np.arange(12.0).reshape(3, 4).T
    gradient = numerical_gradient(lambda: np.sum(x**2), x)
    assert np.allclose(gradient, 2 * x, rtol=1e-8, atol=1e-8)
    assert np.array_equal(x, np.arange(12.0).reshape(3, 4).T)


def test_agreement_is_absolute_or_relative():
    assert relative_error(np.array([1e-11]), np.array([-1e-11])) == pytest.approx(2e-8)
    assert relative_error(np.array([1e6]), np.array([1e6 + 1])) == pytest.approx(1e-6)
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 4.0])) == 0.25


@pytest.mark.parametrize("pair", [(np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0)])
def test_what_is_not_finite_never_passes(pair):
    assert relative_error(np.array([pair[0]]), np.array([pair[1]])) == np.inf


def test_a_layer_that_returns_its_very_input_is_measured_rightly():
    rows = check_gradients(lambda i: (i["x"], None), lambda d, _: {"x": d}, {"x": np.ones(3)}, np.random.default_rng(1))
    assert rows[0].error < 1e-8


def test_the_table_ends_with_the_largest_error():
    rows = [gradcheck.Row("x", (3, 5), 2e-9), gradcheck.Row("params/weight", (5,), 3e-8)]
    lines = format_table(rows).splitlines()
    assert [line.split()[0] for line in lines] == ["x", "params/weight", "largest"]
    assert lines[-1].endswith("3.0e-08")
