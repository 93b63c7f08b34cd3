"""The picture of one full tensor, as tiles and as a block matrix, on a white card."""

import io

import numpy as np
from PIL import Image

from ..calculus.errors import LessonError
from ..pictures.canvas import DRAWING, new_figure, png
from ..pictures.palette import LIGHT
from ..pictures.tensors import draw_tensor, tensor_inches
from .facts import letters

TITLE, GAP, EDGE, DPI, COLOURS = 0.32, 0.4, 0.12, 110, 96
WIDEST = 11.0  # inches: wider, and the block matrix goes below the tiles


def tensor_of(op, wrt):
    """The full tensor of an example of unequal sizes."""
    inputs, given = op.example(np.random.default_rng(0))
    return op.jacobian(*inputs, wrt=wrt, **given)


def says(op, wrt, J):
    """The picture in words."""
    outer, inner = letters(op, wrt)
    sizes = " × ".join(map(str, J.shape)) or "1"
    kept = int(np.count_nonzero(J))
    return (f"The full tensor ∂{op.output}/∂{wrt} of {op.name}, {sizes} (axes "
            f"{' '.join((*outer, *inner)) or 'none'}): {kept:,} of {J.size:,} entries are not 0")


def drawn(op, wrt):
    """A `Picture` of the full tensor by one input."""
    J = tensor_of(op, wrt)
    outer, inner = letters(op, wrt)
    modes = {"as tiles": "tiles", "as a block matrix": "blocks"}
    sizes = [tensor_inches(J.shape, len(outer), mode) for mode in modes.values()]
    beside = sum(wide for wide, _ in sizes) + GAP + 2 * EDGE <= WIDEST
    width = 2 * EDGE + (sum(wide for wide, _ in sizes) + GAP if beside else
                        max(wide for wide, _ in sizes))
    highs = [high + TITLE for _, high in sizes]
    height = 2 * EDGE + (max(highs) if beside else sum(highs) + GAP)
    figure = new_figure(max(width, 2.6), height, says(op, wrt, J), layout=None)
    width = figure.get_figwidth()
    x, y = EDGE, EDGE
    for title, (wide, high) in zip(modes, sizes, strict=True):
        figure.text(x / width, 1 - y / height, title, color=LIGHT.muted, fontsize=10, va="top")
        place = (x / width, 1 - (y + TITLE + high) / height, wide / width, high / height)
        draw_tensor(figure.add_axes(place), J, outer, inner, modes[title])
        x, y = (x + wide + GAP, y) if beside else (x, y + TITLE + high + GAP)
    return figure


def encoded(op, wrt):
    """The picture as the bytes of a small PNG file."""
    with DRAWING:
        image = Image.open(io.BytesIO(png(drawn(op, wrt), DPI))).convert("RGB")
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def small(op, wrt):
    """Whether a tensor has a picture: it has entries, and no more than fit a page."""
    try:
        return 0 < tensor_of(op, wrt).size <= 4096
    except LessonError:
        return False
