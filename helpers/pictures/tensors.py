"""A full Jacobian on a Matplotlib Axes, as tiles or as a block matrix."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from ..words import short
from .arrays import page_layout, tint_limit
from .palette import LIGHT, axis_colour

CELL, READABLE, LABEL_WIDTH, LABEL_HEIGHT, EDGE = 0.42, 0.15, 0.36, 0.22, 0.05  # inches
TILE_GAP, RULE_GAP = 0.1, 0.12  # in tiles, in cells
NUMBERS_UP_TO = 200  # entries
CELLS_UP_TO = 4096  # drawn one by one, with lines and dots
FINEST = 512  # rows or columns; of more, those that share a place show the largest entry
LONELY = 0.01  # so few entries that are not 0 are drawn larger: in print they would be lost
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_tensor(ax, J, outer_letters, inner_letters, mode):
    """Draw a full tensor, the axes of which are the outer and then the inner letters.

    mode "tiles": a tile of inner shape for each outer entry; "blocks": a matrix, a row for each.
    A ′ behind a letter is written, but n and n′ are the same letter: a 0 where their indices differ
    is a dot on grey, any other 0 is written. Cells are as large as the Axes allow.
    """
    J = np.asarray(J, dtype=np.float64)
    ax.set_axis_off()
    letters = (*outer_letters, *inner_letters)
    rows, columns = _sides(J.shape, len(outer_letters), mode)
    wide, high = _fit(ax, rows, columns)
    if J.size == 0:
        ax.text(0, 0.5, "no entries", color=LIGHT.muted, style="italic", va="center")
        return
    page = _page(J, len(outer_letters), mode)
    apart = _page(_apart(J.shape, letters) & (J == 0), len(outer_letters), mode)
    if J.size <= CELLS_UP_TO:
        _draw_cells(ax, page, apart, rows, columns)
        _draw_dots(ax, apart, rows, columns, min(wide, high))
    else:
        _draw_pixels(ax, page, apart, rows, columns)
    if J.size <= NUMBERS_UP_TO and min(wide, high) >= READABLE:
        _draw_numbers(ax, page, apart, rows, columns, min(wide, high))
    _draw_edges(ax, rows, columns, min(wide, high) >= READABLE / 3)
    _draw_labels(ax, rows, letters, (wide, high), True)
    _draw_labels(ax, columns, letters, (wide, high), False)


def tensor_inches(shape, output_ndim, mode):
    """(width, height) in inches at which a tensor of this shape is drawn well."""
    rows, columns = _sides(shape, output_ndim, mode)
    across, down = CELL * columns.total, CELL * rows.total
    fits = min(1, 9 / max(across, CELL), 6 / max(down, CELL))
    left = LABEL_WIDTH * max(len(rows.levels), 1) + 2 * EDGE
    top = LABEL_HEIGHT * len(columns.levels) + 2 * EDGE
    return left + max(across * fits, 1), top + max(down * fits, 0.5)


class Side(NamedTuple):
    """One side of the page, in cells."""

    levels: list  # an axis each: (place among the letters, size, cells a step, labelled cells)
    starts: np.ndarray  # where each row or column begins
    run: int  # rows or columns between two gaps
    total: float

    @property
    def count(self):
        return len(self.starts)


def _side(shape, outer, inner, tiles):
    """The side along which the axes `outer`, then `inner` run; tiles have gaps between them."""
    places = [*outer, *inner]
    sizes = [shape[place] for place in places]
    every = [math.prod(sizes[k + 1 :]) for k in range(len(sizes))]
    count, first_tile = math.prod(sizes), math.prod(shape[place] for place in inner)
    levels, gaps = [], []
    for k, step in enumerate(every):
        inside = not tiles or k >= len(outer)
        levels.append((places[k], sizes[k], step, first_tile if tiles and inside else count))
        if not inside or k < len(every) - 1:
            gaps.append((step, RULE_GAP if inside else max(4, first_tile) * TILE_GAP))
    if sum(count / step for step, _ in gaps if step) > FINEST / 2:
        gaps = []  # they would take more room than the cells
    index = np.arange(count)
    starts = index + sum((gap * (index // step) for step, gap in gaps), np.zeros(count))
    return Side(levels, starts, gaps[-1][0] if gaps else count, starts[-1] + 1 if count else 1)


def _sides(shape, output_ndim, mode):
    """(rows, columns) of the page."""
    outer, inner = range(output_ndim), range(output_ndim, len(shape))
    if mode == "blocks":
        return _side(shape, outer, (), False), _side(shape, (), inner, False)
    rows = _side(shape, outer[:-1], inner[:-1], True)
    return rows, _side(shape, outer[-1:], inner[-1:], True)


def _page(J, output_ndim, mode):
    """The entries as rows and columns of the page."""
    outer, inner = J.shape[:output_ndim], J.shape[output_ndim:]
    if mode == "blocks":
        return J.reshape(math.prod(outer), math.prod(inner))
    (p, q, _), (r, s, _) = page_layout(outer), page_layout(inner)
    return J.reshape(p, q, r, s).transpose(0, 2, 1, 3).reshape(p * r, q * s)


def _apart(shape, letters):
    """Where two indices of the same letter differ."""
    same = np.ones(shape, dtype=bool)
    first = {}
    for place, letter in enumerate(letters):
        other = first.setdefault(letter.rstrip("′"), place)
        if other != place and shape[other] == shape[place]:
            sizes = [size if k in (other, place) else 1 for k, size in enumerate(shape)]
            same &= np.eye(shape[place], dtype=bool).reshape(sizes)
    return ~same


def _fit(ax, rows, columns):
    """Set the limits so that one unit is one cell; returns the inches of a cell in both directions.

    Cells are square, but small ones stretch along the shorter side until the picture is square.
    """
    box = ax.get_window_extent()
    width, height = box.width / ax.figure.dpi, box.height / ax.figure.dpi
    left = LABEL_WIDTH * max(len(rows.levels), 1) + EDGE
    top = LABEL_HEIGHT * len(columns.levels) + EDGE
    across = max((width - left - EDGE) / columns.total, 1e-6)
    down = max((height - top - EDGE) / rows.total, 1e-6)
    cell = min(CELL, across, down)
    shape = rows.total / columns.total
    wide = min(across, max(cell, min(READABLE, cell * shape)))
    high = min(down, max(cell, min(READABLE, cell / shape)))
    ax.set(xlim=(-left / wide, (width - left) / wide), ylim=((height - top) / high, -top / high))
    return wide, high


def _colours(values, apart):
    """RGB of each entry: grey for the zeros of a delta, white for others, else blue or orange."""
    shares = np.nan_to_num(values / tint_limit(values), posinf=1, neginf=-1)[..., None]
    ink = np.where(shares == 0, 0, 0.15 + 0.85 * np.abs(shares))
    target = np.where(shares > 0, to_rgb(LIGHT.positive), to_rgb(LIGHT.negative))
    colours = 1 - ink * (1 - target)
    colours[np.isnan(values)] = 1 - 0.22 * (1 - np.array(to_rgb(LIGHT.bad)))
    colours[apart] = to_rgb(LIGHT.hatch)
    return colours


def _draw_cells(ax, page, apart, rows, columns):
    corners = np.array([(x, y) for y in rows.starts for x in columns.starts])
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    written = ~apart.ravel() & (page.ravel() == 0)
    colours = _colours(page, apart).reshape(-1, 3)
    _add(ax, "cells", corners[:, None] + unit, facecolors=colours, edgecolors=LIGHT.line,
         linewidths=0.5)
    if written.any():
        inside = corners[written][:, None] + unit * 0.9 + 0.05
        _add(ax, "written zeros", inside, facecolors="none",
             edgecolors=LIGHT.strong_line, linewidths=0.6)


def _add(ax, label, polygons, **style):
    ax.add_collection(PolyCollection(polygons, label=label, **style))


def _draw_dots(ax, apart, rows, columns, scale):
    down, across = np.nonzero(apart)
    x, y = columns.starts[across] + 0.5, rows.starts[down] + 0.5
    size = (72 * scale * 0.09) ** 2
    ax.scatter(x, y, s=size, color=LIGHT.dot, linewidths=0, zorder=2, label="dots")


def _draw_pixels(ax, page, apart, rows, columns):
    """Many cells: each place shows the largest of the entries that share it."""
    few = np.count_nonzero(page) < LONELY * page.size
    finest = FINEST // 4 if few else FINEST
    down, across = _bins(rows, finest), _bins(columns, finest)

    def pooled(function, values):
        return function.reduceat(function.reduceat(values, down, 0), across, 1)

    highest, lowest = pooled(np.maximum, page), pooled(np.minimum, page)
    values = np.where(highest >= -lowest, highest, lowest)
    values[np.isnan(highest)] = np.nan
    colours = _colours(values, pooled(np.logical_and, apart))
    (x, wide), (y, high) = _borders(columns, across), _borders(rows, down)
    picture = np.ones((len(y) - 1, len(x) - 1, 3))
    picture[np.ix_(high, wide)] = colours
    ax.pcolormesh(x, y, picture, rasterized=True, label="cells")


def _bins(side, finest):
    """The first cell of each place: every few cells, and at every gap."""
    several = math.ceil(side.count / finest)
    index = np.arange(side.count)
    return np.flatnonzero(index % side.run % several == 0)


def _borders(side, bins):
    """Borders of the places with the gaps between them, and which of the strips are places."""
    last = np.append(bins[1:], side.count) - 1
    borders = np.stack([side.starts[bins], side.starts[last] + 1], 1).ravel()
    return borders, np.arange(len(bins)) * 2


def _draw_edges(ax, rows, columns, large):
    """A frame around each tile or block."""
    if rows.count // rows.run * (columns.count // columns.run) > CELLS_UP_TO:
        return
    frames = [[(left, top), (right, top), (right, bottom), (left, bottom)]
              for top, bottom in _runs(rows) for left, right in _runs(columns)]
    colour, width = (LIGHT.strong_line, 0.9) if large else (LIGHT.line, 0.6)
    _add(ax, "frames", frames, facecolors="none", edgecolors=colour, linewidths=width)


def _runs(side):
    """(start, end) of each tile or block along a side."""
    firsts = range(0, side.count, side.run)
    return [(side.starts[i], side.starts[i + side.run - 1] + 1) for i in firsts]


def _draw_numbers(ax, page, apart, rows, columns, scale):
    shown = [(r, c, page[r, c]) for r, c in np.argwhere(~apart)]
    size = min(10.5, 72 * scale * 0.36)
    decimals = next((d for d in (4, 3, 2) if all(
        len(_rounded(abs(v), d)) <= 4 for *_, v in shown)), 1)
    colours = _colours(page, apart)
    for r, c, value in shown:
        text = _rounded(value, decimals)
        ax.text(columns.starts[c] + 0.5, rows.starts[r] + 0.5, text,
                color=_ink(value, colours[r, c]), fontsize=size * min(1, 4 / len(text)),
                ha="center", va="center_baseline")


def _rounded(value, decimals):
    """A number with that many decimals; its first digit where that would be 0."""
    rounded = round(float(value), decimals) if math.isfinite(value) else value
    return short(rounded if rounded or not value else float(f"{value:.0e}"))


def _ink(value, colour):
    """The colour of a number on its cell: the one with more contrast, as WCAG defines it."""
    if value == 0:
        return LIGHT.muted
    if math.isnan(value):
        return LIGHT.bad
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return LIGHT.text if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else LIGHT.ground


def _draw_labels(ax, side, letters, scale, upright):
    """Axis letters and indices along one side: `n=0`, then `1`, `2`; without room, `n↓` alone."""
    wide, high = scale
    for k, (place, size, every, count) in enumerate(side.levels):
        font, outward = 9 if count == side.count else 7.5, len(side.levels) - k
        needed = 0.16 / high if upright else (0.085 * len(str(size - 1)) + 0.08) / wide
        pitch = side.starts[every] - side.starts[0] if every < side.count else side.total
        step = next((s for s in STEPS if s * pitch >= needed), size)
        alone = k > 0 and step > 1
        for i in range(1 if alone else count // every):
            if i % size % step:
                continue
            middle = (side.starts[i * every] + side.starts[(i + 1) * every - 1] + 1) / 2
            half = font * 0.32 * len(str(i % size)) / 72 / wide
            x, y = middle + half, -(LABEL_HEIGHT * (outward - 0.5) + 0.02) / high
            if upright:
                x, y = -(LABEL_WIDTH * (outward - 1) + 0.06) / wide, middle
            text = f"{letters[place]}={i}" if i == 0 else f"{i % size}"
            if alone:
                text = letters[place] + ("↓" if upright else "→")
            colour = LIGHT.axes[axis_colour(letters[place])]
            ax.text(x, y, text, color=colour, fontsize=font, weight="bold", ha="right", va="center")
