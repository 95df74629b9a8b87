"""What counts as the same output, and what does not."""

import base64
import io
import math

import pytest
from coursekit.notebooks.compare import TOLERANCE, WIDGET_VIEW, differences, merged, picture_problem, same_text
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

pytestmark = pytest.mark.native


def png(*colours: tuple) -> str:
    image = Image.new("RGBA", (len(colours), 1))
    image.putdata(colours)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


DRAWN = png((255, 255, 255, 255), (0, 0, 0, 255))
OTHER = png((255, 0, 0, 255), (0, 0, 0, 255))
BLANK = png((255, 255, 255, 255), (255, 255, 255, 255))


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(kind="display_data", **data):
    data = {mime.replace("_", "/"): value for mime, value in data.items()}
    return {"output_type": kind, "data": data, "metadata": {}}


def error(name, value):
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": ["here"]}


def differ(expected, got):
    return differences([expected], [got], {}, {})


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("0.1234", "0.1235"),
        ("[0.1 -0. ]", "[0.1  0. ]"),
        ("[ 0.1 -0. ]", "[0.1 0. ]"),
        ("loss   -0.0000 |", "loss    0.0000 |"),
        ("-0", "0"),
        ("12345.678", "12345.978"),
        ("1e-17", "3e-19"),
        ("1.5e+00,-2.5e+00", "1.50001e+00,-2.50001e+00"),
        ("3 of 4", "3 of 4"),
        ("layer1 v2.4.3", "layer1 v2.4.3"),
        ("", ""),
    ],
)
def test_the_same_text(expected, got):
    assert same_text(expected, got) and same_text(got, expected)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("0.1234", "0.1237"),
        ("12345.678", "12349.978"),
        ("0.5", "-0.5"),
        ("0.5", "nan"),
        ("0.5 0.5", "0.5"),
        ("one", "two"),
        ("loss 0.5", "Loss 0.5"),
        ("a\n0.5", "a 0.5"),
        ("layer1", "layer2"),
        ("w_1.bias", "w_2.bias"),
        ("model0.12345", "model0.12346"),
        ("0.12345b", "0.12346b"),
        ("v2.4.3", "v2.4.4"),
        ("3.14.0", "3.14.1"),
        ("20000 parameters", "20001 parameters"),
        ("#123456", "#123457"),
        ("1f77b4", "1f77b5"),
    ],
)
def test_another_text(expected, got):
    assert not same_text(expected, got) and not same_text(got, expected)


@given(st.floats(-1e6, 1e6), st.floats(-1, 1))
def test_numbers_may_differ_by_the_tolerance_and_no_more(number, part):
    scale = max(1.0, abs(number))
    assert same_text(f"x = {number!r};", f"x = {number + 0.99 * part * TOLERANCE * scale!r};")
    assert not same_text(f"x = {number!r};", f"x = {number + math.copysign(2, part) * TOLERANCE * scale!r};")


def test_how_a_stream_is_cut_says_nothing():
    cut = [stream("a\n"), stream(["b", "\n"]), stream("x", "stderr"), stream("c")]
    assert merged(cut) == [stream("a\nb\n"), stream("x", "stderr"), stream("c")]
    assert cut[0] == stream("a\n"), "the committed outputs are left alone"
    assert differences(cut, merged(cut), {}, {}) == []


def test_streams_are_told_apart():
    assert differ(stream("a"), stream("a", "stderr")) == ["output 0: expected stdout, got stderr: 'a'"]


def test_the_line_that_differs_is_shown():
    (said,) = differ(stream("one 0.5\ntwo 0.5\n"), stream("one 0.5\ntwo 0.7\n"))
    assert said == "output 0: text: expected 'two 0.5', got 'two 0.7'"
    (said,) = differ(stream("one\n"), stream("one\ntwo\n"))
    assert said == "output 0: text: expected 1 lines, got 2"


def test_missing_and_extra_outputs():
    (said,) = differences([stream("a")], [], {}, {})
    assert said == "expected 1 outputs ['stream'], got 0 []"
    (said,) = differences([], [error("ValueError", "no")], {}, {})
    assert said == "expected 0 outputs [], got 1 ['error']: ValueError: no"
    (said,) = differ(stream("a"), error("ValueError", "no"))
    assert said == "output 0: expected stream, got error: ValueError: no"


def test_errors_are_compared_by_name_and_message():
    assert differ(error("ValueError", "wanted 0.5"), {**error("ValueError", "wanted 0.50001"), "traceback": []}) == []
    assert differ(error("ValueError", "no"), error("TypeError", "no"))
    assert differ(error("ValueError", "no"), error("ValueError", "yes"))


def test_addresses_are_left_aside():
    assert differ(stream("<A at 0x7f0011223344>"), stream("<A at 0x55d0aabbcc>")) == []
    assert differ(stream("mask 0xff"), stream("mask 0xfe"))


def test_text_may_come_in_lines():
    assert differ(shown(text_plain=["a\n", "0.5"]), shown(text_plain="a\n0.5")) == []


def test_a_kind_of_output_that_only_one_has():
    expected, got = shown(text_plain="a", image_png=DRAWN), shown(text_plain="a")
    assert differ(expected, got) == differ(got, expected) == ["output 0: image/png: only one of the two has it"]
    assert differ(shown("execute_result", text_plain="a"), shown(text_plain="a"))


def test_pictures_need_to_be_there_only():
    assert differ(shown(image_png=DRAWN), shown(image_png=OTHER)) == []
    assert differ(shown(image_png=DRAWN), shown(image_png=[OTHER[:40] + "\n", OTHER[40:]])) == []


def test_a_picture_that_is_blank_or_unreadable():
    assert picture_problem(DRAWN) is None
    assert differ(shown(image_png=DRAWN), shown(image_png=BLANK)) == ["output 0: image/png: the picture is blank"]
    for broken in ("", "?", DRAWN[: len(DRAWN) // 2], base64.b64encode(b"<svg/>").decode()):
        (said,) = differ(shown(image_png=DRAWN), shown(image_png=broken))
        assert said.startswith("output 0: image/png: the picture cannot be read: ")


def test_pictures_in_html():
    def html(picture, alt="A plot of 0.5"):
        return shown(text_html=f'<p>0.1<img alt="{alt}" src="data:image/png;base64,{picture}"></p>')

    assert differ(html(DRAWN), html(OTHER)) == []
    assert differ(html(DRAWN), html(BLANK)) == ["output 0: text/html: the picture is blank"]
    assert "the picture is blank" in differ(html(DRAWN), html(BLANK, "Nothing"))[0]
    (said,) = differ(html(DRAWN), html(OTHER, "A plot of 0.6"))
    assert "A plot of 0.6" in said


def test_json_is_compared_as_a_tree():
    def plain(**value):
        return shown(application_json=value)

    assert differ(plain(a=[1, 0.5]), plain(a=[1, 0.50001])) == []
    assert differ(plain(a=[1, 0.5]), plain(a=[1, 0.6])) == ["output 0: application/json /a/1: expected 0.5, got 0.6"]
    assert differ(plain(a=20000), plain(a=20001))
    assert differ(plain(a=[1]), plain(a=[1, 2]))
    assert differ(plain(a=None), plain(a="None"))
    assert differ(plain(a=1), plain(b=1)) == [
        "output 0: application/json /a: only one of the two has it",
        "output 0: application/json /b: only one of the two has it",
    ]


def view(model_id):
    return {"output_type": "display_data", "data": {WIDGET_VIEW: {"model_id": model_id, "version_major": 2}}}


def img(picture):
    return f'<img src="data:image/png;base64,{picture}">'


IN_HTML = img(DRAWN)


def models(prefix, value=0.5, picture=DRAWN, html=IN_HTML):
    """A box of a slider and an output area that holds a picture and another widget; ids begin with the prefix."""
    held = [shown(image_png=picture), view(f"{prefix}3")]
    return {
        f"{prefix}0": {"model_name": "VBox", "state": {"children": [f"IPY_MODEL_{prefix}1", f"IPY_MODEL_{prefix}2"]}},
        f"{prefix}1": {"model_name": "Slider", "state": {"value": value, "description": "query"}},
        f"{prefix}2": {"model_name": "Output", "state": {"outputs": held, "msg_id": ""}},
        f"{prefix}3": {"model_name": "HTML", "state": {"value": html}},
    }


def widgets_differ(got_models, expected_models=None):
    return differences([view("a0")], [view("b0")], expected_models or models("a"), got_models)


def test_widgets_are_compared_by_state_whatever_their_ids():
    assert widgets_differ(models("b")) == []
    assert widgets_differ(models("b", value=0.50001)) == []
    assert widgets_differ(models("b", value=0.6)) == ["output 0: widget /children/0/value: expected 0.5, got 0.6"]


def test_pictures_in_widgets_need_to_be_there_only():
    assert widgets_differ(models("b", picture=OTHER, html=img(OTHER))) == []
    (said,) = widgets_differ(models("b", picture=BLANK))
    assert said == "output 0: widget /children/1/outputs/0/data/image/png: the picture is blank"
    (said,) = widgets_differ(models("b", html=img(BLANK)))
    assert said.endswith("/value: the picture is blank")


def test_a_widget_among_the_outputs_of_another_is_compared():
    (said,) = widgets_differ(models("b", html="<b>0.5</b>"))
    assert "/children/1/outputs/1/data/" in said


def test_a_widget_of_another_kind_or_with_another_child():
    other = models("b")
    other["b1"]["model_name"] = "Text"
    assert widgets_differ(other) == ["output 0: widget /children/0/model: expected 'Slider', got 'Text'"]
    other = models("b")
    other["b0"]["state"]["children"].pop()
    assert len(widgets_differ(other)) == 1


def test_a_widget_without_a_state_is_a_difference():
    assert widgets_differ({}) == ["output 0: widget: no state of what was got"]
    (said,) = differences([view("a0")], [view("b0")], {}, {})
    assert said == "output 0: widget: no state of what was expected and what was got"
    lost = models("b")
    del lost["b1"]
    assert any("no such widget" in said for said in widgets_differ(lost))
