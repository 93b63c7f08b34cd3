"""The collapse lab's picture: a score over the plane of inputs, and both scores along a line."""

import numpy as np

from ...pictures.live import panels
from .study import SPAN


def build(still, width, palette):
    """The plane and the line, side by side where there is room. Nothing but movers changes."""
    wide = width >= 5.9
    figure, grid = panels(*((1, 2) if wide else (2, 1)), width, 3.9, palette)
    plane, line = grid.flat
    columns = 4 if width >= 8 or (4.5 < width and not wide) else 2  # of the legend
    return figure, {**_plane(plane, palette), **_line(line, palette, columns)}


def update(movers, view):
    """The level lines, the line through them, the scores along it, the kinks."""
    movers["levels"].set_data(*broken(view["levels"]))
    movers["zero"].set_data(*broken(view["zero"]))
    start, end = np.array(view["start"]), np.array(view["end"])
    movers["way"].set_data(*np.array([start, end]).T)
    for name in ("start", "end"):
        movers[name].set_data(*np.reshape(view[name], (2, 1)))
    places, limit = view["t"][view["kinks"]], view["limit"]
    movers["folds"].set_data(*(start[:, None] + np.outer(end - start, places)))
    for k in range(2):
        movers["affine"][k].set_data([0, 1], view["ends"][:, k] / limit)
        movers["along"][k].set_data(view["t"], view["Y"][:, k] / limit)
        movers["kinks"][k].set_data(places, view["Y"][view["kinks"], k] / limit)
    movers["limit"].set_text(f"{limit:g}")


def broken(pieces):
    """Pieces (k, 2 ends, 2) as one line x, y with gaps."""
    gaps = np.full((len(pieces), 1, 2), np.nan)
    return np.concatenate([pieces, gaps], 1).reshape(-1, 2).T


def _plane(axes, palette):
    axes.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), aspect="equal", xlabel="x₁",
             ylabel="x₂", xticks=range(-2, 3), yticks=range(-2, 3))
    axes.set_title("Inputs: lines of equal z₁, thick: 0", color=palette.text, y=1)
    axes.grid(visible=False)
    levels, = axes.plot([], [], color=palette.series[0], linewidth=1.1, solid_capstyle="round")
    zero, = axes.plot([], [], color=palette.series[0], linewidth=2.8, solid_capstyle="round")
    way, = axes.plot([], [], "-", color=palette.text, linewidth=2)
    over = {"clip_on": False, "in_layout": False}  # without a place yet, at the corner of the page
    start, = axes.plot([], [], "s", color=palette.text, markersize=6, **over)
    end, = axes.plot([], [], "D", color=palette.text, markersize=6, **over)
    folds, = axes.plot([], [], "o", color=palette.ground, markeredgecolor=palette.mark,
                       markeredgewidth=2, markersize=8)
    return {"levels": levels, "zero": zero, "way": way, "start": start, "end": end,
            "folds": folds}


def _line(axes, palette, columns):
    """The scores in shares of a limit, the one number on the axis that moves."""
    axes.set(xlim=(-0.02, 1.02), ylim=(-1, 1), ylabel="scores", yticks=[-1, -0.5, 0, 0.5, 1])
    axes.set_yticklabels(["", "", "0", "", ""])
    axes.set_xticks([0, 0.5, 1], ["■ start", "along the line", "◆ end"])
    axes.set_title("Both scores along the line", color=palette.text, y=1)
    movers = {"along": [], "affine": [], "kinks": []}  # dashes on top: one line where they agree
    for k, name in enumerate(("z₁ (thick)", "z₂ (thin)")):
        movers["along"] += axes.plot([], [], "-", color=palette.series[k], linewidth=3.4 - 1.6 * k,
                                     label=name)
        movers["affine"] += axes.plot([], [], "--", color=palette.text, linewidth=1.4, alpha=0.8,
                                      label="Wx + b" if k else None)
        movers["kinks"] += axes.plot([], [], "o", color=palette.ground, markersize=8,
                                     markeredgecolor=palette.mark, markeredgewidth=2,
                                     label="kink" if k else None)
    movers["limit"] = axes.annotate("", (0, 1), (-5, 0), xycoords="axes fraction",
                                    textcoords="offset points", ha="right", va="center",
                                    color=palette.muted, fontsize=9.5)
    legend = axes.legend(frameon=False, ncols=columns, loc="upper center", fontsize=9.5,
                         labelcolor=palette.text, columnspacing=1.2)
    legend.set_in_layout(False)
    return movers
