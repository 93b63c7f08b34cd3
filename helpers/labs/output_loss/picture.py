"""The output lab's picture: losses, their gradients, and a race of gradient descent."""

import numpy as np
from matplotlib.patches import Rectangle

from ...pictures.canvas import new_figure
from ...pictures.live import dress
from .study import FAR, MOST, SCORES, SOFT, UNITS, curves

STYLES = (("-", "o"), ("--", "s"), ("-.", "D"))  # of the units, so that colour is never alone


def build(still, width, palette):
    """Two small panels and the race. still: how many scores (None: one), label, factor."""
    k, label, factor = still
    wide = width >= 5.4
    figure = new_figure(width, 4.6 if wide else 8.4)
    grid = figure.add_gridspec(2 if wide else 3, 2 if wide else 1)
    places = (grid[0, 0], grid[1, 0], grid[:, 1]) if wide else (grid[0], grid[1], grid[2])
    axes = [figure.add_subplot(place) for place in places]
    for one in axes:
        dress(one, palette)
    if k is None:
        movers = _curves(axes, label, factor, palette)
    else:
        movers = _bars(axes, k, label, palette)
    return figure, movers | _race(axes[2], SOFT if k else UNITS, palette, 1.4 if wide else 1.65)


def update(movers, view):
    """The marks at z or the bars of the scores, and the race."""
    if view["classes"] == "two":
        z = view["z"]
        for k in range(3):
            movers["losses"][k].set_data([z], [view["loss"][k]])
            movers["slopes"][k].set_data([z], [view["gradient"][k]])
        for line in movers["at"]:
            line.set_xdata([z, z])
    else:
        gradient = view["gradient"]
        for name, heights in zip(("scores", "p", "entropy", "squared"),
                                 (view["scores"], view["p"], *gradient), strict=True):
            for bar, height in zip(movers[name], heights, strict=True):
                bar.set_height(height)
    for line, end, track in zip(movers["tracks"], movers["ends"], view["track"], strict=True):
        line.set_data(np.arange(len(track)), track)
        end.set_data([len(track) - 1], track[-1:])


def _curves(axes, y, factor, palette):
    """Two classes: all losses and gradients over z. Movers: marks on them at z."""
    top, low, _ = axes
    movers = {"at": [], "losses": [], "slopes": []}
    steepest = 2 * factor * 1.12
    limits = ((-0.3, 8.4), (-steepest, 0.25) if y else (-0.25, steepest))
    names = "Loss L", "Gradient dL/dz"
    for one, values, marks, name, ylim in zip((top, low), curves(float(y), factor),
                                              ("losses", "slopes"), names, limits, strict=True):
        one.set(xlim=(-FAR, FAR), ylim=ylim, xticks=np.linspace(-FAR, FAR, 9))
        one.set_title(f"{name}, label y = {y}", color=palette.text, y=1)
        movers["at"] += one.plot([0, 0], ylim, ":", color=palette.text, linewidth=1.4)
        for k, (style, marker) in enumerate(STYLES):
            one.plot(SCORES, values[k], style, color=palette.series[k], linewidth=2)
            movers[marks] += one.plot([], [], marker, color=palette.series[k], markersize=8)
    low.set_xlabel("score z")
    return movers


def _bars(axes, k, label, palette):
    """k classes: scores that can be dragged, probabilities, gradients. Movers: the bars."""
    top, low, _ = axes
    ticks = [f"{i + 1} ✓" if i == label else f"{i + 1}" for i in range(k)]
    for one, ylim, title in ((top, (-6.4, 6.4), "Scores z: drag them"),
                             (low, (-1.1, 1.7), "Softmax p and both dL/dz")):
        one.set(xlim=(-0.6, k - 0.4), ylim=ylim)
        one.set_title(title, color=palette.text, y=1)
        one.set_xticks(range(k), ticks)
        one.axhline(0, color=palette.muted, linewidth=0.8)
    top.get_xticklabels()[label].set_weight("bold")
    low.set_xlabel("class (✓ the right one)")
    movers = {"scores": _row(top, k, 0, 0.5, palette.muted, None)}
    for name, place, colour, hatch in (("p", -0.27, palette.muted, ""),
                                       ("entropy", 0, palette.series[0], ""),
                                       ("squared", 0.27, palette.series[1], "///")):
        movers[name] = _row(low, k, place, 0.25, colour, hatch)
    handles = [movers[name][0] for name in ("p", "entropy", "squared")]
    low.legend(handles, ["p", "cross-entropy", "squared"], frameon=False, ncols=3, fontsize=9.5,
               labelcolor=palette.text, loc="upper center", columnspacing=0.8, handlelength=1.2,
               handletextpad=0.5)
    return movers


def _row(axes, k, place, width, colour, hatch):
    return [axes.add_patch(Rectangle((i + place - width / 2, 0), width, 0, facecolor=colour,
                                     edgecolor=axes.get_facecolor(), linewidth=0, hatch=hatch))
            for i in range(k)]


def _race(axes, names, palette, top):
    """The probability of the right label, step by step."""
    axes.set(xlim=(0, MOST + 2), ylim=(-0.03, top), xlabel="step of gradient descent",
             yticks=np.linspace(0, 1, 6))
    axes.set_title("Race: p of the right label", color=palette.text, y=1)
    movers = {"tracks": [], "ends": []}
    for k, name in enumerate(names):
        style, marker = STYLES[k]
        movers["tracks"] += axes.plot([], [], style, color=palette.series[k], linewidth=2.4)
        movers["ends"] += axes.plot([], [], marker, color=palette.series[k], markersize=8)
        axes.plot([], [], style + marker, color=palette.series[k], linewidth=2, label=name)
    axes.legend(frameon=False, loc="upper center", fontsize=9.5, labelcolor=palette.text,
                handlelength=3.5)
    return movers
