"""A live picture as PNG bytes: only the bands of it that moved are packed again."""

import io
import struct
import zlib

import numpy as np

BAND = 16      # rows that are packed together
PNG = b"\x89PNG\r\n\x1a\n"
ADLER = 65521  # the modulus of a zlib stream's check sum


class Packing:
    """The PNG of a canvas, whose background is packed once, band by band.

    Rows stand as they are: the quickest packing finds those before them, and to take the row above
    from each squeezed most pictures less, and later. No band depends on another.
    """

    def __init__(self, canvas):
        self._pixels = np.array(canvas.buffer_rgba())
        self._bands = [None] * -(-len(self._pixels) // BAND)
        self._pack(self._bands, self._pixels, range(len(self._bands)))

    def png(self, canvas):
        """The canvas as PNG bytes; it has the size of the background."""
        now = np.asarray(canvas.buffer_rgba())
        moved = (now.view(np.uint32) != self._pixels.view(np.uint32)).any(axis=(1, 2))
        bands = self._bands.copy()
        self._pack(bands, now, np.unique(np.flatnonzero(moved) // BAND).tolist())
        height, width = now.shape[:2]
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits of red, green, blue
        return PNG + b"".join((
            chunk(b"IHDR", head), chunk(b"IDAT", joined(bands)), chunk(b"IEND", b"")))

    @staticmethod
    def _pack(bands, pixels, places):
        """Fill in (packed bytes, check sum, length) of the bands at these places."""
        squeeze = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        for place in places:
            lines = rows_of(pixels[BAND * place:BAND * (place + 1)])
            packed = squeeze.compress(lines) + squeeze.flush(zlib.Z_FULL_FLUSH)
            bands[place] = packed, zlib.adler32(lines), lines.size


def rows_of(pixels):
    """Rows of red, green, blue (rows, 1 + 3·width), before each the 0 of PNG's filters: none."""
    height, width = pixels.shape[:2]
    lines = np.zeros((height, 1 + 3 * width), np.uint8)
    for colour in range(3):
        lines[:, 1 + colour::3] = pixels[..., colour]
    return lines


def joined(bands):
    """Bands as one zlib stream (RFC 1950): head, blocks, an empty last block, one check sum."""
    low, high = 1, 0
    for _, check, size in bands:
        first, second = check & 0xffff, check >> 16
        high = (high + second + size * (low - 1)) % ADLER
        low = (low + first - 1) % ADLER
    return b"\x78\x01" + b"".join(packed for packed, *_ in bands) + b"\x03\x00" + struct.pack(
        ">I", high << 16 | low)


def chunk(kind, data):
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def smaller(data):
    """Bytes as they are, but a PNG, packed in haste, as lossless WebP: less than half of it."""
    if not data.startswith(PNG):
        return data
    from PIL import Image, features  # Matplotlib, which drew it, has brought it

    if not features.check("webp"):
        return data
    file = io.BytesIO()
    Image.open(io.BytesIO(data)).save(file, "WEBP", lossless=True)
    return min(data, file.getvalue(), key=len)
