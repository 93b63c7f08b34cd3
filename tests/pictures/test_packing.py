"""A live picture as PNG: whatever has moved, what is unpacked is what was drawn."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from helpers.pictures.packing import BAND, Packing, smaller


def canvas_of(pixels):
    return SimpleNamespace(buffer_rgba=lambda: pixels)


@pytest.mark.parametrize("height", [1, BAND - 1, BAND, 3 * BAND + 1])
def test_a_frame_is_what_was_drawn_and_the_same_bytes_whatever_came_before(height):
    random = np.random.default_rng(height)
    ground = random.integers(0, 256, (height, 23, 4), dtype=np.uint8)
    ground[..., 3] = 255
    packing, first = Packing(canvas_of(ground)), None
    for _ in range(6):
        now = ground.copy()
        for row in random.integers(0, height, 3):
            now[row, random.integers(0, 23), :3] = random.integers(0, 256, 3)
        png = packing.png(canvas_of(now))
        unpacked = np.round(255 * imread(io.BytesIO(png))).astype(np.uint8)
        assert np.array_equal(unpacked[..., :3], now[..., :3])
        again = packing.png(canvas_of(ground))
        first = first or again
        assert again == first == Packing(canvas_of(ground)).png(canvas_of(ground))


def test_the_smaller_picture_holds_the_very_pixels():
    pixels = np.full((90, 120, 4), 255, np.uint8)
    pixels[20:70, 30:80, :3] = np.arange(50)[:, None, None]  # each row has a grey of its own
    picture = Packing(canvas_of(pixels)).png(canvas_of(pixels))
    small = smaller(picture)
    assert len(small) < len(picture) / 2 and smaller(b"no picture") == b"no picture"
    assert (np.asarray(Image.open(io.BytesIO(small)).convert("RGB")) == pixels[..., :3]).all()
