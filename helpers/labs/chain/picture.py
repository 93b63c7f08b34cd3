"""The picture of the chain rule lab: planes in a row, a magnified neighbourhood, the error."""

from functools import partial

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ...calculus.vector.maps import MAPS
from ...pictures.canvas import new_figure
from ...pictures.live import dress
from ..kit.plane import (
    LABEL,
    TICK,
    TITLE,
    add_arrow,
    add_legend,
    add_lines,
    error_axes,
    head_width,
    legend_below,
    name_axes,
    place_arrow,
    plane_axes,
    square_limits,
)
from .study import grid_of, reach

INPUT = ((-2.2, 2.2), (-2.2, 2.2))
NEAR = ((-1.35, 1.35), (-1.35, 1.35))  # the magnified plane, where the longer arrow has length 1
NARROW = 5.6  # inches: narrower pictures have two planes a row at most
SMALL_TITLE = 10
NAMES = "xyz"
BROAD = 2.2  # times as wide as the true arrow is the one by the Jacobian
GRID = {"linewidths": 0.9, "alpha": 0.75}


def build(still, width, palette, height=None):
    """Figure and movers; still: the names of the maps; height: see `low`."""
    figure, panels = low_frames(len(still), width, height) if height else frames(len(still), width)
    size = TITLE if width >= NARROW and not height else SMALL_TITLE
    plane = panels["x"]
    plane_axes(plane, INPUT, "x, with Δx", palette, size)
    name_axes(plane, "x", palette)
    add_lines(plane, grid_of(MAPS[still[0]].domain), palette, **GRID)
    movers = {"step": add_arrow(plane, palette.series[0]),
              "dot": plane.plot([], [], "o", color=palette.text, markersize=6)[0],
              "whole step": plane.plot([], [], ":", color=palette.muted, linewidth=1.2)[0]}
    for place, points in enumerate(reach(still)):
        draw = plane_panel if len(points) == 2 else space_panel
        name = NAMES[place + 1]
        movers |= draw(panels[name], place, f"{name}: {still[place]}", points, palette, size)
    movers |= near_panel(panels["near"], NAMES[len(still)], palette, size)
    if "legend" in panels:
        panels["legend"].set_axis_off()
        add_legend(panels["legend"], legend(palette), palette, loc="center")
    else:
        legend_below(figure, legend(palette), palette)
    return figure, movers | error_panel(panels["error"], palette, size)


def low(still, width, height, palette):
    """`build` for a room of this height, in inches: two rows of three, the legend one of them."""
    return build(still, width, palette, height)


def frames(maps, width):
    """The figure with its planes in a row, and below them the magnified plane and the error."""
    if width < NARROW:
        rows = [2, *[1] * (maps - 1), 1, 1]
        heights = [width / 2 + 0.2, *[2.6] * (maps - 1), 2.4, 2.4]
    else:
        rows, heights = [maps + 1, 2], [min(width / (maps + 1), 3.2) + 0.2, 2.6]
    figure = new_figure(width, sum(heights) + 0.8)
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    parts = figure.add_gridspec(len(rows), 1, height_ratios=heights)
    shares = [[1] * n for n in rows]
    if width >= NARROW:
        shares[-1] = [1, 1.5]
    axes = [figure.add_subplot(cell) for row, n in enumerate(rows)
            for cell in parts[row].subgridspec(1, n, width_ratios=shares[row])]
    return figure, dict(zip((*NAMES[:maps + 1], "near", "error"), axes, strict=True))


def low_frames(maps, width, height):
    """The same in less height, and a panel for the legend."""
    figure = new_figure(width, height)
    figure.get_layout_engine().set(w_pad=0.04, h_pad=0.03)
    second = ["near", "error"] if maps == 2 else ["error", "error"]
    first = [*NAMES[:maps + 1], "near"][:3]
    return figure, figure.subplot_mosaic([first, [*second, "legend"]], height_ratios=(1.2, 1))


def plane_panel(axes, place, title, points, palette, size):
    """A plane that holds all these points; what moves: the image of the grid, two arrows."""
    plane_axes(axes, square_limits(points), title, palette, size)
    name_axes(axes, NAMES[place + 1], palette)
    return {f"grid {place}": add_lines(axes, np.zeros((2, 18, 2)), palette, **GRID),
            f"predicted {place}": add_arrow(axes, palette.series[1], broad=True),
            f"true {place}": add_arrow(axes, palette.series[0]),
            f"dot {place}": axes.plot([], [], "o", color=palette.text, markersize=6)[0]}


def space_panel(axes, place, title, points, palette, size):
    """Three numbers on three lines beside each other, for no plane holds them."""
    dress(axes, palette)
    low, high = float(points.min()), float(points.max())
    room = 0.1 * (high - low)
    axes.set(xlim=(-0.6, 2.6), ylim=(low - room, high + room), xticks=range(3),
             xticklabels=["y₀", "y₁", "y₂"])
    axes.set_title(title, color=palette.text, y=1, fontsize=size)
    axes.tick_params(labelsize=TICK)
    axes.tick_params(axis="x", labelsize=LABEL)
    for k in range(3):
        axes.axvline(k, color=palette.muted, linewidth=0.8)
    return {f"true {place}": axes.plot([], [], "-", color=palette.series[0], linewidth=5,
                                       solid_capstyle="butt")[0],
            f"dot {place}": axes.plot([], [], "o", color=palette.text, markersize=6)[0],
            f"predicted {place}": axes.plot([], [], "_", color=palette.series[1], markersize=26,
                                            markeredgewidth=2.5)[0]}


def near_panel(axes, letter, palette, size):
    """The neighbourhood of the last point, magnified: the true grid and the Jacobian's."""
    plane_axes(axes, NEAR, f"around {letter}, magnified", palette, size)
    name_axes(axes, f"Δ{letter}", palette)
    axes.set(xticks=[], yticks=[])
    blank = np.zeros((2, 14, 13))
    movers = {"near grid": add_lines(axes, blank, palette, linewidths=1.1, alpha=0.8),
              "near linear": add_lines(axes, np.zeros((2, 14, 2)), palette, linewidths=0.9,
                                       linestyles=":", alpha=0.9),
              "near predicted": add_arrow(axes, palette.series[1], broad=True),
              "near true": add_arrow(axes, palette.series[0]),
              "near gap": axes.plot([], [], "-", color=palette.mark, linewidth=2.5)[0]}
    return movers


def legend(palette):
    """What the arrows, lines and points of all panels are."""
    blue, orange, upright, _, level = palette.series[:5]
    line = partial(Line2D, [], [])
    styles = (("-", 1.4, "true grid"), (":", 1.8, "grid by the Jacobian"))
    grids = [tuple(line(color=colour, linestyle=style, linewidth=wide, label=label)
                   for colour in (upright, level)) for style, wide, label in styles]
    now = line(color=palette.mark, marker="o", markersize=9, fillstyle="none", linestyle="",
               markeredgewidth=2.2, label="error at this Δx")
    return [Patch(color=blue, label="true change"),
            Patch(facecolor=to_rgba(orange, 0.3), edgecolor=orange, label="by the Jacobian"),
            line(color=palette.mark, linewidth=2.5, label="error"),
            line(color=palette.text, marker="o", markersize=6, linestyle="", label="the point"),
            *grids,
            line(color=palette.muted, linestyle=":", linewidth=1.4, label="Δx before halving"),
            now]


def error_panel(axes, palette, size):
    """The error against the length of Δx."""
    error_axes(axes, palette, [(1, 6e-5, True), (2, 1.5e-4, False)], "‖true − by the Jacobian‖",
               "‖Δx‖", size)
    return {"errors": axes.plot([], [], "o-", color=palette.mark, markersize=4, linewidth=1.2)[0],
            "error now": axes.plot([], [], "o", color=palette.mark, markersize=11, fillstyle="none",
                                   markeredgewidth=2.2)[0]}


def update(movers, view):
    """Give the movers the numbers of a view."""
    x, step, whole = view["values"][0], view["step"], view["dx"]
    place_arrow(movers["step"], x, step, head_width(INPUT))
    movers["dot"].set_data(*x[:, None])
    movers["whole step"].set_data(*np.transpose([x, x + whole]))
    for place, y in enumerate(view["values"][1:]):
        true, predicted = view["true"][place], view["predicted"][place]
        if len(y) == 2:
            movers[f"grid {place}"].set_segments(np.moveaxis(view["images"][place], 0, -1))
            axes = movers[f"dot {place}"].axes
            thick = head_width((axes.get_xlim(),))
            movers[f"dot {place}"].set_data(*y[:, None])
            place_arrow(movers[f"true {place}"], y, true, thick)
            place_arrow(movers[f"predicted {place}"], y, predicted, BROAD * thick)
        else:
            steps = np.stack([y, y + true, np.full(3, np.nan)], axis=1).ravel()
            movers[f"dot {place}"].set_data(range(3), y)
            movers[f"true {place}"].set_data(np.repeat(range(3), 3), steps)
            movers[f"predicted {place}"].set_data(range(3), y + predicted)
    update_near(movers, view)
    sizes, errors = view["sizes"], view["errors"]
    seen = errors > 1e-12
    movers["errors"].set_data(sizes[seen], errors[seen])
    now = view["shrink"]
    movers["error now"].set_data(sizes[now:now + 1], np.maximum(errors[now:now + 1], 5e-12))


def update_near(movers, view):
    """The magnified plane: everything is divided by one length."""
    scale = view["scale"]
    movers["near grid"].set_segments(np.moveaxis(view["near"] / scale, 0, -1))
    movers["near linear"].set_segments(np.moveaxis(view["near_linear"] / scale, 0, -1))
    true, predicted = view["true"][-1] / scale, view["predicted"][-1] / scale
    place_arrow(movers["near true"], (0, 0), true, head_width(NEAR))
    place_arrow(movers["near predicted"], (0, 0), predicted, BROAD * head_width(NEAR))
    movers["near gap"].set_data(*np.transpose([predicted, true]))
