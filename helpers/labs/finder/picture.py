"""The search for a replacement, drawn: the full tensor as a block matrix, and what is left."""

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import IdentityTransform

from ...pictures.arrays import tint_limit
from ...pictures.canvas import new_figure
from ...words import plural, short

STAGE_COLOURS = {"constants": 2, "name": 4}  # places in the palette; other structures: 3
ABOVE = 0.7           # inches of the titles
LETTER = 0.6          # of its height is the width of a digit
BIGGEST_NUMBER = 10.5
SMALLEST = 7.7        # one that the last row of a hall can read
BIGGEST = 0.5
TITLE = 3.3           # inches that the title of the full tensor takes
STRIP = 12            # squares in a row, where what is left has no shape of its own


def stage_colour(name, palette):
    """The colour of a stage, everywhere the same."""
    return palette.muted if name == "ties" else palette.series[STAGE_COLOURS.get(name, 3)]


class Room(NamedTuple):
    """Where all stages of one search find their place, so that nothing jumps between them.

    cell: of a matrix, in inches; corner: of what is left; down: how many cells it goes down;
    lines: of the legend.
    """

    cell: float
    corner: tuple
    down: int
    lines: int


def build(still, width, palette, height=None):
    """`still`: (structure, how many of its stages are taken); height: see `low`. Nothing moves."""
    structure, place = still
    stages = structure.stages[:place + 1]
    J = structure.samples.tensors[0]
    rows, columns = unfolded(J.shape, stages[0].output_ndim)
    cell, corner, down, lines = room_of(structure, width, height)
    above, below = ABOVE / cell, legend_height(lines) / cell  # in cells
    figure = new_figure(width, height or cell * (down + above + below), layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    top = -0.5 - above
    axes.set(xlim=(-0.7, width / cell - 0.7), ylim=(top + figure.get_figheight() / cell, top))
    axes.set_axis_off()
    scale = tint_limit(J)
    text = {"color": palette.text, "fontsize": 10.5, "va": "bottom"}
    what = f"{structure.samples.source}: ∂Y/∂{structure.input_name}, a row for each entry of Y, " \
        f"a column for each of {structure.input_name}"
    axes.text(-0.5, -0.5 - 0.38 / cell, what, **text | {"color": palette.muted, "fontsize": 9.5})
    head = -0.5 - 0.1 / cell
    axes.text(-0.5, head, f"full tensor: {rows} × {columns} = {J.size:,} entries", **text)
    draw_matrix(axes, J.reshape(rows, columns), (0, 0), cell, scale, palette,
                cover(structure, stages, palette))
    frame(axes, J.shape, stages[0].output_ndim, palette)
    many = "all of it" if place == 0 else plural(stages[-1].numbers, "number")
    axes.text(corner[0] - 0.5, corner[1] + head, f"what is left: {many}", weight="bold", **text)
    if not place:
        axes.text(corner[0] - 0.5, corner[1] + 0.4, "press “Next stage”", **text | {
            "color": palette.muted})
    else:
        draw_matrix(axes, left_over(structure, stages[-1]), corner, cell, scale, palette)
    legend(axes, legend_places(stages, width), down - 0.4, cell, palette)
    return figure, {}


def low(still, width, height, palette):
    """`build` for a room of this height, in inches: what is left stands beside the tensor."""
    return build(still, width, palette, height)


def room_of(structure, width, height=None):
    """The `Room` that the largest of all stages needs, in a picture of this height or of any."""
    first, *others = structure.stages
    rows, columns = unfolded(first.shape, first.output_ndim)
    tall, broad = np.max([left_over(structure, stage).shape for stage in others], axis=0).tolist()
    wide = height is not None or (width >= 7.5 and columns <= 60)
    lines = 1 + max((line for *_, line in legend_places(structure.stages, width)), default=0)
    across = columns + max(broad, 6) + 3 if wide else max(columns, broad) + 1
    down = max(rows, tall) if wide else rows + tall + 2
    high = height - ABOVE - legend_height(lines) if height else 4.8 if wide else 9
    cell = min((width - 0.3) / across, BIGGEST, high / down)
    second = max(columns + 2, TITLE / cell) if wide else 0  # where the right matrix begins
    if second > columns + 2:
        cell = min(cell, (width - 0.3 - TITLE) / max(broad, 1))
        second = max(columns + 2, TITLE / cell)
    return Room(cell, (second, 0) if wide else (0, rows + 2), down, lines)


def legend_height(lines):
    """Inches of a legend of so many lines."""
    return 0.24 + 0.26 * lines


def update(movers, view):
    """Nothing moves."""


def unfolded(shape, output_ndim):
    """(rows, columns) of the block matrix: the entries of Y down, those of the input across."""
    return math.prod(shape[:output_ndim]), math.prod(shape[output_ndim:])


def matrix_shape(stage, shape):
    """(rows, columns) of what is left: axes of Y down, those of the input alone across."""
    left = [x for x in stage.pattern.letters if x not in stage.constant]
    down = sum(x in stage.pattern.outer for x in left)
    down = len(left) - 1 if down == len(left) and left else down
    return math.prod(shape[:down]), math.prod(shape[down:])


def left_over(structure, stage):
    """What is left after a stage as a matrix; a strip of squares where it has no shape.

    The numbers themselves where the stage keeps entries of the tensor; nan for others.
    """
    letters = stage.pattern.letters
    index = tuple(0 if x in stage.constant else slice(None) for x in letters)
    array = stage.pattern.view(structure.samples.tensors[0])[index]
    if array.size == stage.numbers:
        return np.array(array).reshape(*matrix_shape(stage, array.shape))
    rows, columns = -(-stage.numbers // STRIP), min(STRIP, stage.numbers)
    squares = np.full(rows * columns, np.inf)
    squares[:stage.numbers] = np.nan
    return squares.reshape(rows, columns)


def cover(structure, stages, palette):
    """The colour that each explained entry has, (rows, columns, 3); nan where none explains it."""
    rows, columns = unfolded(stages[0].shape, stages[0].output_ndim)
    colours = np.full((rows, columns, 3), np.nan)
    for before, stage in pairwise(stages):
        gone = (before.left() & ~stage.left()).reshape(rows, columns)
        if stage.name not in ("full", "ties", "constants", "core") and (
                stage.numbers < before.numbers or stage.name != "name"):
            gone = stage.left().reshape(rows, columns)
        colours[gone] = to_rgb(stage_colour(stage.name, palette))
    return colours


def draw_matrix(axes, values, corner, cell, scale, palette, covered=None):
    """Cells tinted by value, numbers in them where there is room, a veil of colour over others."""
    rows, columns = values.shape
    if not values.size:
        return
    ground = np.array(to_rgb(palette.ground))
    picture = tinted(values, scale, palette)
    if covered is not None:
        veiled = ~np.isnan(covered[..., 0])
        picture[veiled] = 0.62 * ground + 0.38 * covered[veiled]
    left, top = corner[0] - 0.5, corner[1] - 0.5
    axes.imshow(picture, extent=(left, left + columns, top + rows, top), aspect="auto",
                interpolation="nearest", zorder=1)
    if cell > 0.1:
        grid(axes, range(columns + 1), range(rows + 1), corner, palette.line, 0.6, 2)
    texts = {place: in_cell(x) for place, x in np.ndenumerate(values) if np.isfinite(x)}
    size = number_size(texts.values(), cell)
    if texts and size >= SMALLEST:
        colours = [palette.muted if values[place] == 0 else palette.text for place in texts]
        middles = [(corner[0] + j, corner[1] + i) for i, j in texts]
        write(axes, texts.values(), middles, size, colours)


def grid(axes, xs, ys, corner, colour, thick, zorder):
    """Upright lines before the cells xs and level ones before the cells ys, as one artist."""
    left, top = corner[0] - 0.5, corner[1] - 0.5
    broad, high = max(xs), max(ys)
    upright = [[(left + x, top), (left + x, top + high)] for x in xs]
    level = [[(left, top + y), (left + broad, top + y)] for y in ys]
    axes.add_collection(LineCollection(upright + level, colors=colour, linewidths=thick,
                                       zorder=zorder), autolim=False)


def write(axes, texts, middles, size, colours):
    """Short texts around their middles, as one artist: a Text of Matplotlib takes 0.5 ms each."""
    shapes = [outline(text, size) for text in texts]
    axes.add_collection(PathCollection(
        shapes, sizes=[1.0], transform=IdentityTransform(), offsets=middles,
        offset_transform=axes.transData, facecolors=colours, linewidths=0, zorder=3), autolim=False)


@lru_cache(maxsize=4096)
def outline(text, size):
    """The outline of a text of this size in points, its middle at 0 and its digits level there."""
    path = TextPath((0, 0), text, size=size)
    left, right = path.get_extents().intervalx
    high = TextPath((0, 0), "0", size=size).get_extents().y1
    return Path(path.vertices - [(left + right) / 2, high / 2], path.codes)


def number_size(texts, cell):
    """The size of letters with which the longest of these fits a cell of so many inches."""
    longest = max(map(len, texts), default=1)
    return min(BIGGEST_NUMBER, 72 * 0.6 * cell, 72 * 0.92 * cell / (LETTER * longest))


def tinted(values, scale, palette):
    """Values as colours: blue for positive, orange for negative, hatched grey for no value."""
    ground = np.array(to_rgb(palette.ground))
    picture = np.tile(ground, (*values.shape, 1))
    for sign, colour in ((1, palette.positive), (-1, palette.negative)):
        here = np.isfinite(values) & (sign * values > 0)
        share = 0.12 + 0.55 * np.minimum(np.abs(values[here]) / scale, 1)[:, None]
        picture[here] = (1 - share) * ground + share * np.array(to_rgb(colour))
    picture[np.isnan(values)] = 0.65 * ground + 0.35 * np.array(to_rgb(palette.series[3]))
    return picture


def in_cell(x):
    """A number in a cell: at most two decimals; the read-outs give all four."""
    return short(round(float(x), 2))


def frame(axes, shape, output_ndim, palette):
    """Heavier lines around the blocks: one block a first index of Y and of the input."""
    rows, columns = unfolded(shape, output_ndim)
    high = math.prod(shape[1:output_ndim]) if output_ndim > 1 else rows
    broad = math.prod(shape[output_ndim + 1:]) if len(shape) > output_ndim + 1 else columns
    xs, ys = range(0, columns + 1, max(broad, 1)), range(0, rows + 1, max(high, 1))
    grid(axes, xs, ys, (0, 0), palette.muted, 1.3, 4)


def legend_places(stages, width):
    """(stage, words, left, line) of each entry of the legend, in inches; lines from 0."""
    left, line, placed = 0.0, 0, []
    for before, stage in pairwise(stages):
        if stage.numbers == before.numbers:  # it takes nothing away
            continue
        words = f"{stage.name}: {before.numbers:,} → {stage.numbers:,}"
        long = 0.4 + 0.075 * len(words)
        if left and left + long > width - 0.3:
            left, line = 0.0, line + 1
        placed.append((stage, words, left, line))
        left += long
    return placed


def legend(axes, places, down, cell, palette):
    """A square of each stage's colour, with what it took away."""
    for stage, words, left, line in places:
        x, y = -0.5 + left / cell, down + (0.08 + 0.26 * line) / cell
        axes.add_patch(Rectangle((x, y), 0.16 / cell, 0.16 / cell,
                                 color=stage_colour(stage.name, palette), alpha=0.5))
        axes.text(x + 0.23 / cell, y + 0.08 / cell, words, fontsize=9.5, color=palette.text,
                  va="center")
