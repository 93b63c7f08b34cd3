"""Arrays as grids of numbers on a Matplotlib Axes."""

import math

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..words import short
from .palette import LIGHT, axis_colour

# In inches: cells, the gap between groups of rows, the line above, room for indices, the edge.
CELL_WIDTH, CELL_HEIGHT, SMALL_CELL, GAP = 0.72, 0.34, 0.1, 0.1
HEAD, HEAD_WIDTH, INDEX, INDEX_MORE, EDGE = 0.36, 0.75, 0.24, 0.16, 0.06
LONG = 7            # signs that fill a cell, where letters are smaller
NUMBERS_UP_TO = 20  # rows or columns; larger arrays show tints alone


def page_layout(shape):
    """(rows, columns, rows of a group): the last axis runs along the columns."""
    columns = shape[-1] if shape else 1
    rows = math.prod(shape[:-1])
    return rows, columns, shape[-2] if len(shape) > 2 else rows


def array_inches(shape):
    """(width, height) in inches of what `draw_array` draws for an array of this shape."""
    _, lefts, tops, width, height = _places(shape)
    bottom = tops[-1] + height if tops.size else height
    return max([*(lefts + width + EDGE), HEAD_WIDTH * (len(shape) + 1)]), bottom + EDGE


def draw_array(axes, values, letters, name, highlight=()):
    """Draw an array as a grid of numbers: name and axes above, an index before each row and column.

    values: numbers of any shape; letters: one for each axis, a mark may follow, as in "h′";
    highlight: flat indices drawn with a frame.
    """
    values = np.asarray(values, dtype=np.float64)
    width, height = array_inches(values.shape)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal", anchor="NW")
    axes.set_axis_off()
    _draw_head(axes, name, letters, values.shape)
    if values.size == 0:
        axes.text(INDEX, HEAD + CELL_HEIGHT / 2, "no entries", color=LIGHT.muted, style="italic",
                  va="center")
        return
    small, lefts, tops, *cell = _places(values.shape)
    _draw_cells(axes, values, lefts, tops, cell, set(highlight), small)
    if not small:
        _draw_indices(axes, values.shape, letters, lefts, tops, cell)


def _places(shape):
    """(too small for numbers?, lefts of the columns, tops of the rows, width, height of a cell)."""
    rows, columns, group = page_layout(shape)
    small = max(rows, columns) > NUMBERS_UP_TO
    width, height = (SMALL_CELL, SMALL_CELL) if small else (CELL_WIDTH, CELL_HEIGHT)
    index = INDEX + INDEX_MORE * max(len(shape) - 2, 0)
    groups = np.arange(rows) // max(group, 1)
    return (small, index + width * np.arange(columns),
            HEAD + INDEX + height * np.arange(rows) + GAP * groups, width, height)


def _draw_head(axes, name, letters, shape):
    """`X  n = 3 ↓  h = 4 →`, each axis in its colour and right of the one before."""
    text = axes.text(0.02, 0.18, name, color=LIGHT.text, fontsize=11, weight="bold", va="center")
    for place, (letter, size) in enumerate(zip(letters, shape, strict=True)):
        arrow = "→" if place == len(shape) - 1 else "↓"
        text = axes.annotate(
            f"{letter} = {size} {arrow}", (1, 0.5), (9, 0), xycoords=text,
            textcoords="offset points", color=LIGHT.axes[axis_colour(letter)],
            fontsize=9.5, weight="bold", va="center")


def _draw_cells(axes, values, lefts, tops, cell, highlight, small):
    (width, height), frame = cell, {"fill": False, "edgecolor": LIGHT.mark, "linewidth": 2}
    numbers, limit = values.ravel(), tint_limit(values)
    strength = 0.9 if small else 0.3
    corners = np.array([(x, y) for y in tops for x in lefts])
    unit = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    grounds = [LIGHT.mark_ground if i in highlight else _tint(x / limit, strength)
               for i, x in enumerate(numbers)]
    axes.add_collection(PolyCollection(corners[:, None] + unit, facecolors=grounds,
                                       edgecolors=LIGHT.line, linewidths=0.2 if small else 0.8))
    for i, (x, y) in enumerate(corners):
        if i in highlight:
            axes.add_patch(Rectangle((x, y), width, height, **frame))
        if not small:
            text = short(numbers[i])
            axes.text(x + width - 0.08, y + height / 2, text, ha="right",
                      va="center_baseline", fontsize=10 if len(text) < LONG else 9,
                      color=LIGHT.text if numbers[i] else LIGHT.muted,
                      weight="bold" if i in highlight else "normal")


def _draw_indices(axes, shape, letters, lefts, tops, cell):
    """The index of each column above it, those of each row before it, in the axes' colours."""
    width, height = cell
    style = {"fontsize": 8, "weight": "bold", "ha": "right"}
    for column, x in enumerate(lefts if shape else ()):
        axes.text(x + width - 0.08, tops[0] - 0.04, column, va="bottom",
                  color=LIGHT.axes[axis_colour(letters[-1])], **style)
    for row, index in enumerate(np.ndindex(shape[:-1]) if len(shape) > 1 else ()):
        for place, (letter, number) in enumerate(zip(letters, index, strict=False)):
            x = lefts[0] - 0.07 - INDEX_MORE * (len(index) - 1 - place)
            axes.text(x, tops[row] + height / 2, number, va="center_baseline",
                      color=LIGHT.axes[axis_colour(letter)], **style)


def tint_limit(values):
    """The largest finite size, by which tints are scaled; 1 when there is none but 0."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max(initial=0)) or 1.0


def _tint(share, strength):
    """White for 0 and nan; else bluer towards 1, more orange towards −1."""
    if share == 0 or math.isnan(share):
        return (1, 1, 1)
    colour = to_rgb(LIGHT.positive if share > 0 else LIGHT.negative)
    ink = 0.04 + strength * min(abs(share), 1)
    return tuple(1 - ink * (1 - part) for part in colour)
