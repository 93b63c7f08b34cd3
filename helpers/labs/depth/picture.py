"""The depth lab's picture: what is left of a gradient, layer by layer back, and f′ on its way."""

import numpy as np
from matplotlib.lines import Line2D

from ...pictures.live import STYLES, columns, panels, ticks_at_powers
from .study import LARGE, MOST, NO_MORE, SMALL

LOW, HIGH = 1e-50, 1e20
FLOAT32 = 1.18e-38  # the smallest normal number of float32


def build(names, width, palette):
    """Two panels: a wide and a narrow one, or one above the other."""
    wide = width >= 5.6
    ratios = {"width_ratios": [1.9, 1]} if wide else {}
    figure, grid = panels(*((1, 2) if wide else (2, 1)), width, 4.2 if wide else 3.0, palette,
                          gridspec_kw=ratios)
    left, local = grid.flat
    left.set(xlim=(-0.9, MOST + 1), ylim=(LOW, HIGH), yscale="log", xlabel="layers back")
    left.set_title("How much gradient is left", color=palette.text, y=1, loc="left")
    _landmarks(left, palette)
    local.set(xlim=(-0.9, MOST + 1), ylim=(0, 1.2), xlabel="layers back")
    local.set_title("Mean |f′| there", color=palette.text, y=1, loc="left")
    if "sigmoid" in names:
        local.axhline(0.25, color=palette.muted, linewidth=1, linestyle=":")
        local.text(MOST, 0.26, "sigmoid ≤ ¼", color=palette.muted, fontsize=9.5, ha="right",
                   va="bottom")
    lines = [Line2D([], [], color=palette.series[i], linestyle=STYLES[i], linewidth=2.6)
             for i, _ in enumerate(names)]
    thin = Line2D([], [], color=palette.muted, linewidth=0.9)
    dead = Line2D([], [], color=palette.text, linestyle="", marker="X", markersize=8)
    figure.legend([*lines, thin, dead],
                  [*names, "one network each", "nothing left"],
                  loc="outside upper left", ncols=columns(figure), frameon=False, fontsize=9.5,
                  labelcolor=palette.text, handlelength=2.6, columnspacing=1.4)
    movers = {"networks": [], "middles": [], "locals": [], "deaths": []}
    for i, _ in enumerate(names):
        colour = palette.series[i]
        movers["networks"] += left.plot([], [], color=colour, linewidth=0.8, alpha=0.6)
        movers["middles"] += left.plot([], [], color=colour, linestyle=STYLES[i], linewidth=2.6)
        movers["locals"] += local.plot([], [], color=colour, linestyle=STYLES[i], linewidth=2.2)
        movers["deaths"] += left.plot([], [], "X", color=colour, markersize=9,
                                      markeredgecolor=palette.ground)
    movers["depth"] = [axes.axvline(0, color=palette.mark, linewidth=1.2)
                       for axes in (left, local)]
    return figure, movers


def _landmarks(axes, palette):
    """Where a gradient has vanished or exploded, and where float32 ends."""
    ticks_at_powers(axes.yaxis, range(-50, 21, 10))
    axes.axhspan(LOW, SMALL, color=palette.shade, alpha=0.45, linewidth=0)
    axes.axhspan(LARGE, HIGH, color=palette.shade, alpha=0.45, linewidth=0)
    axes.axhline(FLOAT32, color=palette.muted, linewidth=1, linestyle=":")
    for height, text in ((1e17, "exploded"), (1e-6, "vanished"), (3e-38, "float32 ends here")):
        axes.text(MOST + 0.5, height, text, color=palette.muted, fontsize=10, va="center",
                  ha="right", style="italic")
    axes.texts[-1].set_va("bottom")


def update(movers, view):
    """Every network, the median of each unit, and where gradients died."""
    for i, one in enumerate(view["passages"]):
        networks, layers = one.left.shape
        alive = one.left > NO_MORE
        sizes = np.where(alive, 10 ** np.maximum(one.left, NO_MORE + 100), np.nan)
        gap = np.full((networks, 1), np.nan)  # lifts the pen between two networks
        across = np.hstack([np.tile(np.arange(layers), (networks, 1)), gap])
        movers["networks"][i].set_data(across.ravel(), np.hstack([sizes, gap]).ravel())
        middle = one.middle
        movers["middles"][i].set_data(np.arange(layers), np.where(
            middle > NO_MORE / 2, 10 ** np.maximum(middle, NO_MORE + 100), np.nan))
        movers["locals"][i].set_data(np.arange(1, layers), one.local)
        last = [(row.nonzero()[0][-1], k) for k, row in enumerate(alive) if not row.all()]
        movers["deaths"][i].set_data([layer for layer, _ in last],
                                     [sizes[k, layer] for layer, k in last])
    for line in movers["depth"]:
        line.set_xdata([view["depth"]] * 2)
