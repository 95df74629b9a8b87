"""Two verdicts a row: marks where the numbers say, one row chosen, all of it in words."""

from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.verdicts import LEFT, WIDE, verdict_picture

ROWS, READERS, ENDS = ("as it is", 'not <b>"&', "not great and long"), ("ours", "theirs"), ("bad", "good")
SHARES = np.array([[0.0, 1.0], [0.25, 0.5], [1.0, 0.125]])


def drawn(at=1):
    return ElementTree.fromstring(verdict_picture(ROWS, SHARES, READERS, ENDS, at))


def test_marks_stand_where_the_shares_are():
    _legend, *discs = drawn().findall("{*}circle")
    _legend, *squares = drawn().findall("{*}rect")
    assert [float(disc.get("cx")) for disc in discs] == (LEFT + WIDE * SHARES[:, 0]).tolist()
    assert [float(square.get("x")) + 7 for square in squares] == (LEFT + WIDE * SHARES[:, 1]).tolist()
    assert len({disc.get("cy") for disc in discs}) == len(ROWS)


@pytest.mark.parametrize("at", range(3))
def test_one_row_is_chosen_and_marked(at):
    bold = [text.text for text in drawn(at).findall("{*}text") if text.get("font-weight") == "bold"]
    assert bold == [("as it is", 'not <b>"&', "not great and…")[at], ("0.0000", "0.2500", "1.0000")[at]]
    assert len(drawn(at).findall("{*}path")) == 1


def test_it_has_words_for_all_it_shows():
    picture = drawn()
    assert picture.get("aria-label") == "For 3 texts, how good two readers find each: ours (discs), theirs (squares)."
    hints = [line.find("{*}title").text for line in picture.findall("{*}line") if line.find("{*}title") is not None]
    assert hints[2] == "not great and long: ours 1.0000, theirs 0.1250"
    assert {"ours", "theirs", "bad", "good"} <= {text.text for text in picture.findall("{*}text")}


@pytest.mark.parametrize(("shares", "at"), [(SHARES[:2], 0), (SHARES[:, :1], 0), (SHARES, 3), (SHARES, -1)])
def test_what_does_not_fit_is_refused(shares, at):
    with pytest.raises(ValueError, match=r"wanted shares \(3, 2\)"):
        verdict_picture(ROWS, shares, READERS, ENDS, at)
