"""Pieces of pictures of the plane: lines of a grid, arrows, axes with equal scales."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.legend_handler import HandlerTuple
from matplotlib.patches import Polygon

from ...pictures.live import dress, ticks_at_powers

TITLE, LABEL, TICK = 12, 11, 10  # font sizes that the last row of a hall can read

# An arrow that points right, one long and one wide: tail, shaft, head, and back.
ARROW = np.array([(0, -0.2), (-1, -0.2), (-1, -0.5), (0, 0), (-1, 0.5), (-1, 0.2), (0, 0.2)])


def square_limits(points, margin=0.08):
    """Limits of a square that holds all finite points (2, …): ((low, high), (low, high))."""
    flat = points.reshape(2, -1)
    flat = flat[:, np.isfinite(flat).all(axis=0)]
    low, high = flat.min(axis=1), flat.max(axis=1)
    middle, half = (low + high) / 2, max((high - low).max() / 2, 0.5) * (1 + 2 * margin)
    return tuple((float(m - half), float(m + half)) for m in middle)


def plane_axes(axes, limits, title, palette, size=TITLE):
    """An Axes with equal scales, these limits and a title of this size."""
    dress(axes, palette)
    axes.set(xlim=limits[0], ylim=limits[1], aspect="equal", adjustable="box")
    axes.set_title(title, color=palette.text, y=1, fontsize=size)
    axes.tick_params(labelsize=TICK)
    axes.grid(False)
    for side in ("horizontal", "vertical"):
        line = axes.axhline if side == "horizontal" else axes.axvline
        line(0, color=palette.line, linewidth=0.9, zorder=0)


def name_axes(axes, letter, palette):
    """Call the axes of a plane x₀ and x₁, for the letter x."""
    axes.set_xlabel(f"{letter}₀", fontsize=LABEL, color=palette.text)
    axes.set_ylabel(f"{letter}₁", fontsize=LABEL, color=palette.text, rotation=0, ha="right",
                    va="center")


def add_lines(axes, points, palette, **style):
    """A grid (2, lines, points) drawn: upright lines in one colour, level ones in another."""
    half = points.shape[1] // 2
    colours = [palette.series[2]] * half + [palette.series[4]] * (points.shape[1] - half)
    lines = LineCollection(np.moveaxis(points, 0, -1), colors=colours, **style)
    axes.add_collection(lines, autolim=False)
    return lines


def add_arrow(axes, colour, broad=False, **style):
    """An arrow to be placed by `place_arrow`; a broad one is pale, and seen behind a slim one."""
    ground = to_rgba(colour, 0.3 if broad else 1)
    return axes.add_patch(Polygon(np.zeros((7, 2)), closed=True, facecolor=ground,
                                  edgecolor=colour, linewidth=1.4 if broad else 0, **style))


def place_arrow(arrow, start, vector, thick):
    """Let an arrow run from `start` along `vector`; `thick` is the width of its head."""
    length = np.hypot(*vector)
    if not 0 < length < np.inf:
        arrow.set_xy(np.tile(start, (7, 1)))
        return
    along = np.asarray(vector) / length
    head = min(1.3 * thick, 0.75 * length)
    points = ARROW * (head, min(thick, length))
    points[:, 0] += length
    points[[0, -1], 0] = 0
    arrow.set_xy(np.asarray(start) + points @ np.array([along, (-along[1], along[0])]))


def legend_below(figure, handles, palette):
    """What the lines and arrows of all panels are, in lines below them; a pair shares a name."""
    width = figure.get_figwidth()
    columns = 5 if width > 8.5 else 3 if width > 5.5 else 2
    add_legend(figure, handles, palette, TICK if width > 4.2 else 8.5,
               loc="outside lower center", ncols=columns)


def add_legend(host, handles, palette, size=TICK, **where):
    """A legend of a figure or Axes, its letters of this size."""
    labels = [(one[0] if isinstance(one, tuple) else one).get_label() for one in handles]
    host.legend(handles, labels, frameon=False, fontsize=size, labelcolor=palette.text,
                handlelength=1.6, columnspacing=1.1, labelspacing=0.3, **where,
                handler_map={tuple: HandlerTuple(ndivide=None, pad=0.2)})


def head_width(limits, share=0.05):
    """A head's width that fits these limits."""
    return share * (limits[0][1] - limits[0][0])


def error_axes(axes, palette, rulers, title, label, size=TITLE):
    """Log axes for errors, with a quiet ruler for each slope: [(slope, at, above?), …].

    `at` is the size beside which a ruler's name stands, above its line or below it.
    """
    dress(axes, palette)
    ends = np.array([2e-5, 4])
    axes.set(xscale="log", yscale="log", xlim=ends, ylim=(3e-12, 20))
    axes.set_title(title, color=palette.text, y=1, fontsize=size)
    axes.set_xlabel(label, fontsize=LABEL, color=palette.muted)
    axes.tick_params(labelsize=TICK)
    ticks_at_powers(axes.xaxis, range(-4, 1, 2))
    ticks_at_powers(axes.yaxis, range(-11, 2, 3))
    for slope, at, above in rulers:
        axes.plot(ends, 3 * (ends / 4) ** slope, color=palette.muted, linewidth=1,
                  linestyle=(0, (1, 2)))
        axes.annotate(f"slope {slope}", (at, 3 * (at / 4) ** slope), (0, 5) if above else (9, -6),
                      textcoords="offset points", color=palette.muted, fontsize=TICK,
                      va="bottom" if above else "top")
