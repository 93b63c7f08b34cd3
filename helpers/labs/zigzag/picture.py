"""The zig-zag lab's picture: two descents on the contours of the loss, the signs of each step."""

import numpy as np
from matplotlib.patches import Rectangle

from ...pictures.canvas import new_figure
from ...pictures.live import dress
from .study import GOAL, ONE, WAYS, examples, loss

ACROSS, UP = (-3.2, 4.2), (-3.5, 2.5)  # limits of w₁ and of w₂
MOST = 40                              # steps
LEVELS = (0.0005, 0.002, 0.006, 0.015, 0.03, 0.06, 0.1, 0.16, 0.24, 0.34)
NARROW = 4.0                           # inches: narrower pictures have two lines below a plane
TALL, STRIP = 3.6, 1.2                 # inches
SHADE = 0.55                           # alpha of the closed quarters
FAR = 99.0                             # reaches out of the picture from everywhere in it


def build(by, width, palette):
    """Contours for positive and for centred inputs, and a strip of signs below each.

    by: whether one example moves the weights: only then are there quarters that no step can enter.
    """
    wide = width >= 5.9
    figure = new_figure(width, (TALL + STRIP) * (1 if wide else 2))
    grid = figure.add_gridspec(2 if wide else 4, 2 if wide else 1,
                               height_ratios=[TALL, STRIP] * (1 if wide else 2))
    places = (0, 1, 2, 3) if wide else (0, 2, 1, 3)  # the planes first: they have the handles
    planes, strips = np.reshape([figure.add_subplot(grid[place]) for place in places], (2, 2))
    size = min(1.0, width / (8.5 if wide else 4.2))  # of the signs: room for all of them
    movers = {}
    for way, plane, strip in zip(WAYS, planes, strips, strict=True):
        dress(plane, palette)
        dress(strip, palette)
        movers[way] = [*_plane(plane, way, palette, by == ONE), *_strip(strip, palette, size)]
    return figure, movers


def update(movers, view):
    """Both paths and their signs. The quarters show from the first step on: they foretell it."""
    for way, path in view["paths"].items():
        right, left, _, line, end, plus, minus, same = movers[way]
        x, y = path.weights[-1]
        for quarter in (right, left):
            quarter.set_alpha(SHADE if len(path.gradients) else 0)
        right.set_xy((x, y - FAR))
        left.set_xy((x - FAR, y))
        line.set_data(*path.weights.T)
        end.set_data([x], [y])
        for marks, sign in ((plus, 1), (minus, -1)):
            step, row = np.nonzero(np.sign(path.gradients) == sign)
            marks.set_data(step + 1, 2 - row + 0.2 * sign)
        equal = np.flatnonzero(path.same_sign) + 1
        same.set_data(equal, np.zeros(len(equal)))


def _plane(axes, way, palette, one):
    """The loss; movers: the two closed quarters, goal, path, its end."""
    X, t = examples(way)
    w = np.meshgrid(np.linspace(*ACROSS, 120), np.linspace(*UP, 100))
    axes.contour(*w, loss(np.array(w), X, t), LEVELS, colors=palette.muted, linewidths=0.8,
                 alpha=0.75)
    axes.grid(visible=False)
    closed = one and way == WAYS[0]
    shaded = "; shaded: no way from ■"
    if axes.figure.get_figwidth() < NARROW:
        shaded = shaded.replace(" ", "\n", 1)
    axes.set(xlim=ACROSS, ylim=UP, aspect="equal", ylabel="w₂",
             xlabel=f"w₁  (★ goal{shaded if closed else ''})")
    axes.set_title(f"Inputs {way}", color=palette.text, y=1, weight="bold")
    quarters = [axes.add_patch(Rectangle((0, 0), FAR, FAR, color=palette.shade, linewidth=0,
                                         alpha=SHADE, visible=closed)) for _ in range(2)]
    line, = axes.plot([], [], "o-", color=palette.series[WAYS.index(way)], linewidth=1.6,
                      markersize=3.2)
    end, = axes.plot([], [], "s", color=palette.text, markersize=7)
    goal, = axes.plot(*np.reshape(GOAL, (2, 1)), "*", color=palette.good, markersize=15)
    return *quarters, goal, line, end


def _strip(axes, palette, size):
    """Movers: plus signs, minus signs (lower), and marks where both entries have one sign."""
    axes.set(xlim=(0, MOST + 1), ylim=(-0.7, 2.7), xlabel="step")
    axes.set_yticks([2, 1, 0], ["∂L/∂w₁", "∂L/∂w₂", "same sign"])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    plus, = axes.plot([], [], "+", color=palette.positive, markersize=6 * size,
                      markeredgewidth=1.6)
    minus, = axes.plot([], [], "_", color=palette.negative, markersize=4.5 * size,
                       markeredgewidth=2)
    same, = axes.plot([], [], "s", color=palette.mark, markersize=4.5 * size)
    return plus, minus, same
