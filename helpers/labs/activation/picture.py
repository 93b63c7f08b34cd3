"""The activation lab's picture: f, f′, and a batch before and after the unit."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ...pictures.live import STYLES, columns, panels
from .study import BEFORE, XS

TITLES = ("The unit, f(x)", "Its local gradient, f′(x)", "1,000 inputs x of a batch",
          "The batch after the unit, f(x)")
REACH = 1.6                                   # half of the tangent's length, along x


def still(view):
    """What stands still: the units, and the limits of f and of f′, in coarse steps."""
    slopes = np.concatenate([curve.slopes for curve in view["curves"]])
    low, high = np.nanmin(slopes), np.nanmax(slopes)
    return (view["units"], view["limits"],
            (-0.3 if low > -0.2 else -1.2 if low > -1.1 else -2.2, 1.25 if high < 1.25 else 2.2))


def build(still, width, palette):
    """Two panels beside two, or four in a column."""
    names, limits, slopes = still
    wide = width >= 5
    figure, grid = panels(*((2, 2) if wide else (4, 1)), width, 2.45 if wide else 2.1, palette)
    unit, local, inputs, outputs = grid.flat
    unit.set(xlim=(-8, 8), ylim=limits)
    local.set(xlim=(-8, 8), ylim=slopes)
    inputs.set(xlim=(-8, 8))
    outputs.set(xlim=limits)
    for axes in (inputs, outputs):  # the tallest bar has height 1
        axes.set(ylim=(0, 1.12), yticks=[])
    for axes in (unit, local, inputs):
        axes.set_xticks(range(-8, 9, 4 if width < 7.5 else 2))
    for axes, title in zip(grid.flat, TITLES, strict=True):
        axes.set_title(title, color=palette.text, y=1, loc="left")
    for axes in (unit, local):
        axes.axhline(0, color=palette.muted, linewidth=0.8)
        axes.axvline(0, color=palette.muted, linewidth=0.8)
    _legend(figure, names, palette)
    movers = {"zones": [], "units": [], "locals": [], "after": [], "dots": [], "tangents": []}
    for i, _ in enumerate(names):
        _curves(movers, grid.flat, i, len(names), palette)
    movers["levels"] = [local.axhline(0, color=palette.mark, linewidth=1, linestyle=":")
                        for _ in range(2)]
    movers["inputs"] = [_bars(inputs, palette.muted, 0.55)]
    movers["here"] = [axes.axvline(0, color=palette.mark, linewidth=0.9)
                      for axes in (unit, local, inputs)]
    movers["at_zero"], = local.plot([], [], "D", color=palette.text, markersize=6)
    return figure, movers


def _curves(movers, panels, i, count, palette):
    unit, local, inputs, outputs = panels
    colour, style = palette.series[i], STYLES[i]
    for axes in (unit, local, inputs):
        zone = PolyCollection([], facecolors=[colour], alpha=tint(count), linewidths=0,
                              transform=axes.get_xaxis_transform())
        movers["zones"].append(axes.add_collection(zone, autolim=False))
    for name, axes in (("units", unit), ("locals", local)):
        movers[name] += axes.plot(XS, XS, color=colour, linestyle=style, linewidth=2.4)
        movers["dots"] += axes.plot([], [], "o", color=palette.mark, markersize=7)
    movers["tangents"] += unit.plot([], [], color=palette.mark, linewidth=2)
    movers["after"].append(_bars(outputs, colour, 0.35))
    movers["after"] += outputs.plot([], [], color=colour, linestyle=style, linewidth=1.6,
                                    drawstyle="steps-post")


def _bars(axes, colour, alpha):
    return axes.add_collection(PolyCollection([], facecolors=[colour], alpha=alpha, linewidths=0),
                               autolim=False)


def _legend(figure, names, palette):
    lines = [Line2D([], [], color=palette.series[i], linestyle=STYLES[i], linewidth=2.4)
             for i, _ in enumerate(names)]
    tangent = Line2D([], [], color=palette.mark, linewidth=2, marker="o", markersize=6)
    zone = Patch(facecolor=palette.series[0], alpha=tint(len(names)))
    level = Line2D([], [], color=palette.mark, linewidth=1.4, linestyle=":")
    chosen = [Line2D([], [], color=palette.text, marker="D", markersize=6, linestyle="")] * (
        "ReLU" in names)
    figure.legend([*lines, tangent, zone, level, *chosen],
                  [*names, "at your x, with tangent", "saturated", "threshold",
                   *["slope chosen at 0"] * len(chosen)],
                  loc="outside upper left", ncols=columns(figure), frameon=False, columnspacing=1.4,
                  fontsize=9.5, labelcolor=palette.text, handlelength=2.6)


def update(movers, view):
    """Curves, zones, tangents and bars of the present."""
    x, threshold = view["x"], view["threshold"]
    tallest = max(curve.after.max() for curve in view["curves"])
    for i, curve in enumerate(view["curves"]):
        zones = [_box(*zone, *lane(i, len(view["curves"]))) for zone in curve.zones]
        for zone in movers["zones"][3 * i:3 * i + 3]:
            zone.set_verts(zones)
        movers["units"][i].set_ydata(curve.fs)
        movers["locals"][i].set_ydata(curve.slopes)
        movers["dots"][2 * i].set_data([x], [curve.f])
        movers["dots"][2 * i + 1].set_data([x], [curve.slope])
        ends = np.array([-REACH, REACH])
        movers["tangents"][i].set_data(x + ends, curve.f + curve.slope * ends)
        bars, outline = movers["after"][2 * i:2 * i + 2]
        heights = curve.after / tallest
        bars.set_verts([_steps(view["edges"], heights)])
        outline.set_data(view["edges"], [*heights, heights[-1]])
    for line, level in zip(movers["levels"], (threshold, -threshold), strict=True):
        line.set_ydata([level, level])
    movers["inputs"][0].set_verts([_steps(BEFORE, view["before"] / view["before"].max())])
    for line in movers["here"]:
        line.set_xdata([x, x])
    kink = "ReLU" in view["units"]
    movers["at_zero"].set_data([0] if kink else [], [view["at_zero"]] if kink else [])


def tint(count):
    """How opaque a zone is: one covers all of the height, of more each has a thin strip."""
    return 0.16 if count == 1 else 0.75


def lane(i, count):
    """(low, high): the height of the zones of unit i, in shares of the Axes."""
    return (0, 1) if count == 1 else (0.032 * i, 0.032 * (i + 1))


def _box(left, right, low, high):
    return [(left, low), (left, high), (right, high), (right, low)]


def _steps(edges, heights):
    """The outline of bars that stand side by side, from the base and back to it."""
    x, y = np.repeat(edges, 2), np.concatenate(([0], np.repeat(heights, 2), [0]))
    return np.column_stack((x, y))
