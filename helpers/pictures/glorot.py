"""Error rates of units on four data sets, from Glorot, Bordes and Bengio (2011)."""

import numpy as np

from .canvas import new_figure
from .palette import LIGHT

DATA = ("MNIST", "CIFAR10", "NISTP", "NORB")
# Test error in %, as the lecture slides [K] quote it: unit -> one for each of DATA.
PRETRAINED = {"rectifier": (1.20, 49.96, 32.86, 16.46), "tanh": (1.16, 50.79, 35.89, 17.66),
              "softplus": (1.17, 49.52, 33.27, 19.19)}
PLAIN = {"rectifier": (1.43, 50.86, 32.64, 16.40), "tanh": (1.57, 52.62, 36.46, 19.29),
         "softplus": (1.77, 53.20, 35.48, 17.68)}
MARKS = "osD"


def glorot_errors():
    """A `Picture`: one panel a data set, error in % by unit, with and without pre-training."""
    best = [min(PLAIN, key=lambda unit: PLAIN[unit][k]) for k in range(len(DATA))]
    says = "Test errors of Glorot et al. 2011; without pre-training the lowest is: " + ", ".join(
        f"{name} {unit} {PLAIN[unit][k]:.2f} %"
        for k, (name, unit) in enumerate(zip(DATA, best, strict=True)))
    figure = new_figure(9.5, 3.0, says)
    panels = figure.subplots(1, len(DATA))
    for k, (axes, name) in enumerate(zip(panels, DATA, strict=True)):
        for row, (unit, mark) in enumerate(zip(PLAIN, MARKS, strict=True)):
            colour = LIGHT.axes[row]
            ends = PRETRAINED[unit][k], PLAIN[unit][k]
            axes.plot(ends, [row, row], "-", color=LIGHT.muted, linewidth=1)
            axes.plot(ends[0], row, mark, color="white", markeredgecolor=colour,
                      markeredgewidth=1.8, markersize=7)
            axes.plot(ends[1], row, mark, color=colour, markersize=8)
        _frame(axes, name, first=k == 0)
    panels[0].plot([], [], "o", color=LIGHT.muted, label="without pre-training")
    panels[0].plot([], [], "o", color="white", markeredgecolor=LIGHT.muted, label="with")
    figure.legend(frameon=False, ncols=2, loc="outside lower center", fontsize=9.5)
    return figure


def _frame(axes, name, first):
    axes.set_title(name, fontsize=11)
    axes.set_ylim(len(PLAIN) - 0.5, -0.5)
    axes.set_yticks(np.arange(len(PLAIN)), PLAIN if first else [""] * len(PLAIN))
    axes.margins(x=0.18)
    axes.set_xlabel("test error, %")
    axes.grid(axis="x", linewidth=0.5)
    axes.spines[["top", "right", "left"]].set_visible(False)
