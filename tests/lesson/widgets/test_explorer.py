"""The shape of every widget: always the newest state, in picture, words and repr."""

import pytest

ipywidgets = pytest.importorskip("ipywidgets")

from lesson.widgets.explorer import Explorer  # noqa: E402


def make(draw=lambda n: (f"<svg>{n}</svg>", f"n is {n}")):
    return Explorer("Count.", draw, n=ipywidgets.IntSlider(value=3, min=-100, max=100))


def test_it_is_drawn_at_once():
    widget = make()
    assert widget.picture.value == "<svg>3</svg>"
    assert repr(widget) == "Count.\nn is 3"
    assert [type(child).__name__ for child in widget.children] == ["IntSlider", "HTML", "HTML"]


def test_fifty_moves_stay_right_and_make_no_new_widgets():
    widget = make()
    before = len(ipywidgets.widgets.widget._instances)
    for n in range(50):
        widget.controls["n"].value = n - 25
        assert widget.picture.value == f"<svg>{n - 25}</svg>" and widget.summary == f"n is {n - 25}"
    after = len(ipywidgets.widgets.widget._instances)
    assert after == before


def test_each_move_draws_once():
    drawn = []
    widget = make(lambda n: drawn.append(n) or ("", str(n)))
    for n in (4, 4, 5):
        widget.controls["n"].value = n
    assert drawn == [3, 4, 5]


def test_the_summary_is_announced_and_escaped():
    widget = make(lambda n: ("<svg></svg>", "<script>one & two</script>\nthree"))
    spoken = widget.children[-1].value
    assert 'aria-live="polite"' in spoken and "&lt;script&gt;one &amp; two&lt;/script&gt;<br>three" in spoken


def test_what_cannot_be_drawn_is_said_and_forgotten():
    def draw(n):
        if n < 0:
            raise ValueError("wanted n >= 0")
        return f"<svg>{n}</svg>", f"n is {n}"

    widget = make(draw)
    widget.controls["n"].value = -1
    assert widget.picture.value == "<svg>3</svg>"
    assert "This cannot be drawn: wanted n &gt;= 0." in widget.children[-1].value
    widget.controls["n"].value = 2
    assert (widget.picture.value, widget.summary) == ("<svg>2</svg>", "n is 2")


def test_its_plain_text_is_whole_and_the_same_each_time():
    draw = lambda n: ("<svg></svg>", "long " * 100)  # noqa: E731
    first, second = (make(draw)._repr_mimebundle_() for _ in range(2))
    assert first["text/plain"] == second["text/plain"] == "Count.\n" + "long " * 100
    assert first["application/vnd.jupyter.widget-view+json"]["model_id"]
