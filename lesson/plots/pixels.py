"""Thousands of cells as one small image: a PNG as text, the same bytes on every machine."""

import base64
import struct
import zlib

import numpy as np

from lesson.plots.svg import shade

LEVELS = 254


def pixel_image(weights: np.ndarray) -> str:
    """Write shares as an image of one pixel each, in the shades of `shade`, NaN being see-through: a data address.

    weights (height, width), from 0 to 1
    """
    # Rounded first: what differs by rounding only must be one shade.
    levels = 1 + np.rint(np.round(np.clip(np.nan_to_num(weights), 0, 1), 6) * LEVELS)
    pixels = np.where(np.isnan(weights), 0, levels).astype(np.uint8)
    height, width = pixels.shape
    lines = np.pad(pixels, ((0, 0), (1, 0)))  # each line begins with 0, its filter: none
    colours = ["#000000", *(shade(level / LEVELS)[0] for level in range(LEVELS + 1))]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes.fromhex(colour[1:]) for colour in colours)),
            _chunk(b"tRNS", b"\x00"),
            _chunk(b"IDAT", _stored(lines.tobytes())),
            _chunk(b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _stored(data: bytes, most: int = 65535) -> bytes:
    """Wrap bytes as a zlib stream without compressing them: what a compressor writes depends on its version."""
    blocks = []
    for start in range(0, len(data), most):
        block = data[start : start + most]
        blocks.append(struct.pack("<BHH", start + most >= len(data), len(block), len(block) ^ 0xFFFF) + block)
    return b"\x78\x01" + b"".join(blocks) + struct.pack(">I", zlib.adler32(data))
