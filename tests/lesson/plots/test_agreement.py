"""Agreement drawn: decimals counted, too few marked by more than colour, valleys on their scale."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.plots.agreement import ENOUGH, MOST, agreement_picture, decimals_agreed, valley_picture


@given(st.integers(0, MOST - 1), st.floats(1.01, 9.99))
def test_decimals_are_powers_of_ten(power, times):
    assert decimals_agreed(np.array(times * 10.0 ** -(power + 1))) == power


def test_exact_powers_nothing_and_no_numbers():
    assert decimals_agreed(np.array([1e-3, 0.0, 1e-30, 5.0, np.inf, np.nan, -1e-5])).tolist() == [3, 12, 12, 0, 0, 0, 5]


def drawn(errors, name="d_<x>"):
    return ElementTree.fromstring(agreement_picture([np.array(errors)], [name]))


def test_a_cell_for_each_entry_and_a_cross_where_too_little_agrees():
    picture = drawn([[1e-9, 1e-2, 0.0], [1e-4, 9e-4, 2.0]])
    assert len(picture.findall("{*}rect")) == 6
    told = [text.text for text in picture.findall("{*}text")]
    assert told[-6:] == ["9", "✗ 2", "12", "4", "✗ 3", "✗ 0"]
    assert told[0] == "d_<x>" and told[1:3] == ["0", "1"] and told[3:6] == ["0", "1", "2"]
    assert f"fewer than {ENOUGH}: d_<x> 3 of 6." in picture.attrib["aria-label"]


def test_less_agreement_is_darker():
    cells = drawn([[1e-12, 1e-6, 1.0]]).findall("{*}rect")
    shades = [int(cell.attrib["fill"][1:3], 16) for cell in cells]
    assert shades[0] > shades[1] > shades[2]


def test_tables_stand_side_by_side_and_level():
    picture = ElementTree.fromstring(agreement_picture([np.ones((3, 2)), np.ones((4, 1))], ["a", "b"]))
    cells = [(float(cell.attrib["x"]), float(cell.attrib["y"])) for cell in picture.findall("{*}rect")]
    first, second = cells[:6], cells[6:]
    assert first[0][1] == second[0][1] and max(first)[0] + 44 < min(second)[0]
    assert float(picture.attrib["viewBox"].split()[3]) > max(y for _, y in cells) + 44


@pytest.mark.parametrize("wrong", [[[0.1, 0.2]], [np.zeros((0, 2))], []])
def test_what_is_no_table_is_refused(wrong):
    with pytest.raises(ValueError, match=r"wanted a table of errors \(R, C\)"):
        agreement_picture([np.array(table) for table in wrong], ["x"])


def valley(errors, at=1, names=("big", "<b>", "small")):
    return ElementTree.fromstring(valley_picture(errors, at, names, "step"))


def test_the_valley_is_low_where_the_error_is_small_and_keeps_to_its_sheet():
    high, low, middle = (float(dot.attrib["cy"]) for dot in valley([5.0, 1e-40, 1e-6]).findall("{*}circle"))
    assert high < middle < low and middle == pytest.approx((high + low) / 2, abs=0.01)


def test_the_diamond_stands_now():
    picture = valley([1e-2, 1e-4, 1e-6], at=2)
    dot = picture.findall("{*}circle")[2]
    x, y = picture.find("{*}path").attrib["d"][1:].split("l")[0].split()
    assert float(x) == float(dot.attrib["cx"]) and float(y) == pytest.approx(float(dot.attrib["cy"]) - 9, abs=0.01)
    assert "Now, at small, it is 1e-06." in picture.attrib["aria-label"]


@pytest.mark.parametrize(("errors", "at"), [([1.0], 0), ([1.0, 1.0, 1.0], 3), ([1.0, 1.0, 1.0], -1)])
def test_tries_that_do_not_fit_are_refused(errors, at):
    with pytest.raises(ValueError, match="wanted as many errors as names"):
        valley(errors, at)
