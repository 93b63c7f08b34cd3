"""The picture of the Hessian lab: contours with a step, the walk along it, the errors."""

from functools import partial

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D

from ...calculus.vector.surfaces import SURFACES
from ...pictures.canvas import new_figure
from ...pictures.live import dress
from ..kit.plane import (
    TICK,
    TITLE,
    add_arrow,
    error_axes,
    head_width,
    legend_below,
    name_axes,
    place_arrow,
    plane_axes,
)
from .study import ALONG

NARROW = 5.2  # inches: narrower pictures have one panel a row
SHRUNK = 0.25  # how long the gradient is drawn
LONGEST = 1.6
POINTS, LEVELS = 81, 14
DOWN = (0, (2, 1))  # the dashes of a direction in which f curves down
GUESSES = (("--", "o", "first order"), ("-.", "s", "second order"))


def build(still, width, palette):
    """Figure and movers; still: the name of the surface."""
    surface = SURFACES[still]
    narrow = width < NARROW
    figure = new_figure(width, 8.4 if narrow else min(0.66 * width + 0.3, 5.3))
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    shape = [["plane"], ["walk"], ["error"]] if narrow else [["plane", "walk"], ["plane", "error"]]
    axes = figure.subplot_mosaic(shape, **({"height_ratios": (2, 1, 1)} if narrow else
                                           {"width_ratios": (1.1, 1)}))
    contours(axes["plane"], surface, palette)
    movers = plane_movers(axes["plane"], palette)
    movers |= walk_movers(axes["walk"], palette)
    legend(figure, movers, width, palette)
    return figure, movers | error_movers(axes["error"], palette)


def legend(figure, movers, width, palette):
    """What the arrows, lines and points are, in lines below the panels."""
    line = partial(Line2D, [], [])
    arrows = [line(color=palette.series[place], linewidth=4, label=name)
              for place, name in ((0, "step d"), (1, f"gradient × {SHRUNK:g}"))]
    along = line(color=palette.series[0], linestyle=":", linewidth=1.6, label="line of d")
    up, down = (line(color=palette.series[3], linewidth=2.4, linestyle=style, label=name)
                for style, name in (("-", "curves up"), (DOWN, "curves down")))
    ends = line(color=palette.mark, marker="o", linestyle="", label="f at x and x + d")
    guesses = [line(color=palette.series[1 + k], linestyle=style, linewidth=1.8, marker=marker,
                    markersize=4.5, label=name)
               for k, (style, marker, name) in enumerate(GUESSES)]
    legend_below(figure, [*arrows, along, up, down, movers["true"], *guesses, ends], palette)


def contours(axes, surface, palette):
    """The surface as filled contours with lines, each band as large as the others."""
    box = (surface.box, surface.box)
    plane_axes(axes, box, f"f(x): {surface.name}", palette)
    name_axes(axes, "x", palette)
    u, v = (np.linspace(*surface.box, POINTS),) * 2
    values = surface(np.stack(np.meshgrid(u, v)))
    tints = LinearSegmentedColormap.from_list("tints", [palette.ground, palette.line])
    levels = np.unique([float(f"{level:.0e}") for level in
                        np.quantile(values, np.linspace(0.03, 0.97, LEVELS))])  # one digit each
    axes.contourf(u, v, values, levels, extend="both", cmap=tints, zorder=-2)
    lines = axes.contour(u, v, values, levels, colors=palette.muted, linewidths=0.7, zorder=-1,
                         negative_linestyles="dashed")
    for text in axes.clabel(lines, lines.levels[1::3], fontsize=TICK, fmt="%g",
                             colors=palette.text):
        text.set_bbox({"facecolor": palette.ground, "edgecolor": "none", "pad": 0.8, "alpha": 0.8})


def plane_movers(axes, palette):
    """Both directions of curvature, the gradient, the step d and the point."""
    movers = {}
    for k in range(2):
        movers[f"direction {k}"] = axes.plot([], [], color=palette.series[3], linewidth=2.6)[0]
    movers["gradient"] = add_arrow(axes, palette.series[1])
    movers["d"] = add_arrow(axes, palette.series[0])
    movers["walk line"] = axes.plot([], [], ":", color=palette.series[0], linewidth=1.3)[0]
    return movers


def walk_movers(axes, palette):
    """The change of f along the step, its largest one as 1, with both predictions."""
    dress(axes, palette)
    axes.set(xlim=(ALONG[0], ALONG[-1]), ylim=(-1.2, 1.2), xticks=[0, 1], yticks=[0],
             xticklabels=["x", "x + d"], yticklabels=["f(x)"])
    axes.set_title("f along d, stretched", color=palette.text, y=1, fontsize=TITLE)
    axes.tick_params(labelsize=TICK)
    axes.axvline(1, color=palette.muted, linewidth=0.8)
    movers = {"true": axes.plot([], [], color=palette.text, linewidth=3, label="f along d")[0]}
    for k, (style, _, name) in enumerate(GUESSES):
        movers[name.split()[0]] = axes.plot([], [], style, color=palette.series[1 + k],
                                            linewidth=1.8)[0]
    movers["ends"] = axes.plot([], [], "o", color=palette.mark, markersize=6)[0]
    return movers


def error_movers(axes, palette):
    """The errors of both predictions against the length of d."""
    error_axes(axes, palette, [(2, 2.6e-5, True), (3, 3e-3, False)], "error of the prediction",
               "‖d‖")
    return {f"errors {k}": axes.plot([], [], marker + style, color=palette.series[1 + k],
                                     markersize=4.5, linewidth=1.2)[0]
            for k, (style, marker, _) in enumerate(GUESSES)}


def update(movers, view):
    """Give the movers the numbers of a view."""
    x, d = view["x"], view["d"]
    axes = movers["d"].axes
    thick = head_width((axes.get_xlim(),))
    gradient = SHRUNK * view["g"]
    length = np.hypot(*gradient)
    place_arrow(movers["gradient"], x, gradient * min(1, LONGEST / (length or 1)), thick)
    place_arrow(movers["d"], x, d, thick)
    movers["walk line"].set_data(*(x[:, None] + d[:, None] * ALONG[[0, -1]]))
    for k, direction in enumerate(view["directions"]):
        line, curvature = movers[f"direction {k}"], view["eigenvalues"][k]
        reach = 0.55 if abs(curvature) > 1e-9 else 0  # a straight direction is not drawn
        line.set_data(*np.stack([x - reach * direction, x + reach * direction]).T)
        line.set_linestyle("-" if curvature > 0 else DOWN)
    f, most = view["f"], np.abs(view["true_along"] - view["f"]).max() or 1
    for name in ("true", "first", "second"):
        movers[name].set_data(ALONG, (view[f"{name}_along"] - f) / most)
    movers["ends"].set_data([0, 1], [0, (view["new"] - f) / most])
    for k, errors in enumerate(view["errors"]):
        seen = errors > 1e-12
        movers[f"errors {k}"].set_data(view["sizes"][seen], errors[seen])
