"""The explorer's screen as one static picture: arrays on top, then the full and the compact way."""

from textwrap import fill

import numpy as np

from ...pictures.arrays import array_inches, draw_array
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT
from ...pictures.tensors import draw_tensor

# In inches.
WIDTH, LEFT, TENSOR, TITLE, GAP, EDGE = 11.0, 6.7, 5.2, 0.4, 0.3, 0.15


def draw_explorer(says, letters, arrays, tensor, ways):
    """A `Picture` of an explorer.

    arrays: name -> values, drawn in rows on top; letters: name -> axis letters; tensor: keywords of
    `draw_tensor`; ways: {"full": text, "compact": text, "core": (name, values, letters) or None,
    "gradient": (name, values, letters)}.
    """
    rows = _folded({name: (values, letters[name]) for name, values in arrays.items()})
    right = [ways["gradient"]] if ways["core"] is None else [ways["core"], ways["gradient"]]
    sizes = [array_inches(np.shape(values))[1] for _, values, _ in right]
    below = TITLE + max(TENSOR, sum(sizes) + GAP * len(sizes) + TITLE)
    above = TITLE + sum(height + GAP for height, _ in rows)
    figure = new_figure(WIDTH, above + below, says, layout=None)
    _title(figure, "Forward, and the upstream gradient G", EDGE, 0)
    y = TITLE
    for height, row in rows:
        x = EDGE
        for name, (values, axis_letters) in row:
            x += _array(figure, name, values, axis_letters, x, y) + GAP
        y += height + GAP
    _title(figure, ways["full"], EDGE, y)
    draw_tensor(_axes(figure, EDGE, y + TITLE, LEFT - GAP, below - TITLE), **tensor)
    _title(figure, ways["compact"], LEFT, y)
    y += TITLE
    for (name, values, axis_letters), size in zip(right, sizes, strict=True):
        _array(figure, name, values, axis_letters, LEFT, y)
        y += size + GAP
    figure.text(LEFT / WIDTH, 1 - y / figure.get_figheight(), fill(ways["verdict"], 58),
                color=LIGHT.muted, fontsize=9.5, va="top")
    return figure


def _folded(arrays):
    """[(height, [(name, (values, letters)), …]), …]: the arrays in rows that fit the width."""
    rows, x = [], WIDTH
    for name, (values, letters) in arrays.items():
        width, height = array_inches(np.shape(values))
        if x + width > WIDTH - EDGE:
            rows.append((0, []))
            x = EDGE
        tallest, row = rows[-1]
        rows[-1] = (max(tallest, height), [*row, (name, (values, letters))])
        x += width + GAP
    return rows


def _axes(figure, x, y, width, height):
    """Axes at a place in inches from the top left corner."""
    tall = figure.get_figheight()
    return figure.add_axes((x / WIDTH, 1 - (y + height) / tall, width / WIDTH, height / tall))


def _array(figure, name, values, letters, x, y):
    """Draw an array at its natural size; returns its width in inches."""
    width, height = array_inches(np.shape(values))
    fits = min(1, (WIDTH - EDGE - x) / width)
    draw_array(_axes(figure, x, y, width * fits, height * fits), values, letters, name)
    return width


def _title(figure, text, x, y):
    figure.text(x / WIDTH, 1 - (y + 0.1) / figure.get_figheight(), text, color=LIGHT.text,
                fontsize=11.5, fontweight="bold", va="top")
