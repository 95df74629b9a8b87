"""All heads at a glance: the pixels are the weights, and the frame is where it is said to be."""

import base64
import struct
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest

from lesson.plots.overview import overview_picture
from lesson.plots.pixels import pixel_image
from lesson.plots.svg import shade

HREF = "href"


def decoded(address):
    """Read such a PNG by the book: (height, width) of colours, None where it is see-through."""
    kind, data = address.split(",")
    assert kind == "data:image/png;base64"
    raw, chunks = base64.b64decode(data), {}
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(raw):
        size, name = struct.unpack(">I4s", raw[at : at + 8])
        body = raw[at + 8 : at + 8 + size]
        assert struct.unpack(">I", raw[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + body)
        chunks[name], at = body, at + 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any() and chunks[b"tRNS"] == b"\0"
    colours = [None, *("#" + chunks[b"PLTE"][i : i + 3].hex() for i in range(3, len(chunks[b"PLTE"]), 3))]
    return np.array(colours, object)[lines[:, 1:]]


def test_pixels_have_the_colours_of_their_shares():
    weights = np.array([[0.0, 1.0, np.nan], [0.5, 2.0, -1.0]])
    colours = decoded(pixel_image(weights))
    assert colours[0].tolist() == [shade(0)[0], shade(1)[0], None]
    assert colours[1].tolist() == [shade(0.5)[0], shade(1)[0], shade(0)[0]]


def test_an_image_of_many_blocks_can_be_read():
    weights = np.random.default_rng(0).random((300, 500))
    colours = decoded(pixel_image(weights))
    assert colours.shape == (300, 500) and colours[299, 499] == shade(np.rint(weights[299, 499] * 254) / 254)[0]


def test_what_differs_by_rounding_only_is_one_image():
    weights = (np.arange(255) + 0.5)[:254, None] / 254
    assert pixel_image(weights) == pixel_image(weights + 1e-12) == pixel_image(weights - 1e-12)


def drawn(layers=2, heads=3, rows=2, columns=4, layer=1, head=2):
    weights = np.random.default_rng(1).dirichlet(np.ones(columns), (layers, heads, rows))
    hints = [[f"<{i}> & {j}" for j in range(heads)] for i in range(layers)]
    return weights, ElementTree.fromstring(overview_picture(weights, layer, head, hints))


def test_every_head_stands_in_its_row_and_column():
    weights, tree = drawn()
    image = decoded(tree.find("{*}image").attrib[HREF])
    assert image.shape == (2 * 3, 3 * 5)
    for (i, j, t, s), weight in np.ndenumerate(weights):
        assert image[i * 3 + t, j * 5 + s] == shade(np.rint(weight * 254) / 254)[0]
    assert all(colour is None for colour in [*image[2], *image[:, 4]])


@pytest.mark.parametrize(("layer", "head"), [(0, 0), (1, 2), (0, 1)])
def test_the_frame_and_the_bold_numbers_show_the_head_chosen(layer, head):
    tree = drawn(layer=layer, head=head)[1]
    *tiles, frame = tree.findall("{*}rect")
    chosen = tiles[layer * 3 + head]
    for edge in ("x", "y"):
        assert float(frame.attrib[edge]) == pytest.approx(float(chosen.attrib[edge]) - 2, abs=1e-3)
    assert chosen.find("{*}title").text == f"<{layer}> & {head}"
    bold = [text.text for text in tree.findall("{*}text") if text.attrib.get("font-weight") == "bold"]
    assert bold == [str(head + 1), str(layer + 1)]
    assert f"layer {layer + 1}, head {head + 1} is framed" in tree.attrib["aria-label"]


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (12, 12, 24, 24), (1, 12, 24, 2), (12, 1, 1, 24)])
def test_it_is_never_wider_than_a_telephone(size):
    width = float(drawn(*size, layer=0, head=0)[1].attrib["viewBox"].split()[2])
    assert width <= 392 + 1e-6


def test_few_heads_do_not_grow_without_end():
    assert float(drawn(1, 1, layer=0, head=0)[1].attrib["viewBox"].split()[2]) <= 48 + 64 + 8
