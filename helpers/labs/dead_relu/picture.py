"""The dead-ReLU lab's picture: which unit is on for which example, and how descent goes."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from ...pictures.canvas import new_figure
from ...pictures.live import dress, ticks_at_powers
from .study import EXAMPLES, MOST, WIDTH

LOSSES = (1e-3, 50)


def build(unit, width, palette):
    """The grid of units and examples beside, or above, two curves over the steps."""
    wide, roomy, narrow = width >= 5.9, width >= 7.5, width < 4.2
    figure = new_figure(width, 4.6 if wide else 7.4)
    places = [["grid", "loss"], ["grid", "units"]] if wide else [["grid"], ["loss"], ["units"]]
    ratios = {"width_ratios": [1.25, 1]} if wide else {"height_ratios": [2, 1, 1]}
    parts = figure.subplot_mosaic(places, **ratios)
    for axes in parts.values():
        dress(axes, palette)
    movers = _grid(parts["grid"], unit, palette)
    loss, units = parts["loss"], parts["units"]
    for axes in (loss, units):
        axes.set(xlim=(0, MOST + 1), xlabel="steps of descent")
    loss.set(ylim=LOSSES, yscale="log")
    ticks_at_powers(loss.yaxis, range(-3, 2))
    loss.set_title("Loss", color=palette.text, y=1, loc="left")
    units.set(ylim=(-0.4, WIDTH + 0.6), yticks=range(0, WIDTH + 1, 3))
    two = roomy or not (wide or narrow)  # columns of their legend
    units.set_title(f"Units, of {WIDTH}", color=palette.text, y=1, loc="left",
                    pad=24 if two else 40)
    movers["loss"], = loss.plot([], [], color=palette.series[0], linewidth=2.4)
    movers["silent"], = units.plot([], [], color=palette.series[1], linewidth=2,
                                   linestyle=(0, (6, 2)), label="off for all examples")
    movers["dead"], = units.plot([], [], color=palette.bad, linewidth=3,
                                 label="dead: no gradient")
    units.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), frameon=False,
                 ncols=1 + two, fontsize=9.5, labelcolor=palette.text,
                 columnspacing=1.2, borderpad=0).set_in_layout(False)
    movers["now"] = [axes.axvline(0, color=palette.mark, linewidth=1.2) for axes in (loss, units)]
    return figure, movers


def _grid(axes, unit, palette):
    """A column for each unit, a row for each example."""
    axes.set(xlim=(-0.6, WIDTH - 0.4), ylim=(EXAMPLES - 0.4, -0.6), xlabel="unit",
             ylabel="example", xticks=range(WIDTH), yticks=range(0, EXAMPLES, 3))
    axes.grid(visible=False)
    lines = 1 if unit == "maxout" else 2
    axes.set_title("Which unit is on, by example", color=palette.text, y=1, loc="left",
                   pad=8 + 16 * lines)
    column = axes.add_collection(PolyCollection(
        [], facecolors=[palette.shade], edgecolors=[palette.bad], linewidths=1.2), autolim=False)
    on, = axes.plot([], [], "o", color=palette.series[0], markersize=11,
                    label="first line wins" if unit == "maxout" else "on")
    passes, = axes.plot([], [], "o", markerfacecolor="none", markeredgecolor=palette.series[1],
                        markeredgewidth=1.6, markersize=7, label="second line wins"
                        if unit == "maxout" else "off, gradient")
    none, = axes.plot([], [], "x", color=palette.muted, markersize=5, label="off, no gradient")
    dead = Patch(facecolor=palette.shade, edgecolor=palette.bad, label="dead unit")
    axes.legend(handles=[on, none, passes, dead] if lines == 2 else [on, passes], ncols=2,
                loc="lower left", bbox_to_anchor=(-0.02, 1.0), frameon=False, fontsize=9.5,
                labelcolor=palette.text, handletextpad=0.2, columnspacing=1,
                borderpad=0).set_in_layout(False)
    return {"dead columns": column, "on": on, "passes": passes, "none": none}


def update(movers, view):
    """The grid now, and the curves up to now."""
    path, steps = view["path"], np.arange(view["steps"] + 1)
    on, local = path.on[-1], path.local[-1] != 0
    for name, chosen in (("on", on), ("passes", ~on & local), ("none", ~on & ~local)):
        example, unit = np.nonzero(chosen)
        movers[name].set_data(unit, example)
    top, bottom = -0.5, EXAMPLES - 0.5
    movers["dead columns"].set_verts([
        [(unit - 0.42, top), (unit - 0.42, bottom), (unit + 0.42, bottom), (unit + 0.42, top)]
        for unit in np.flatnonzero(path.dead[-1]).tolist()])
    movers["loss"].set_data(steps, path.loss)
    movers["silent"].set_data(steps, path.silent.sum(axis=1))
    movers["dead"].set_data(steps, path.dead.sum(axis=1))
    for line in movers["now"]:
        line.set_xdata([steps[-1]] * 2)
