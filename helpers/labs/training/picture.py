"""Pictures of training: one live run, and several units with their spread."""

import numpy as np

from ...pictures.canvas import new_figure
from ...pictures.live import panels
from ...pictures.palette import LIGHT

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
TITLES = "training loss", "test accuracy, %"


def build(still, width, palette):
    """The two empty panels of a run: `still` is the last step and the highest loss on the axes."""
    last, highest = still
    shape = (1, 2) if width >= 6 else (2, 1)
    figure, grid = panels(*shape, width, 2.6, palette)
    movers = {}
    for axes, title, top, name, colour in zip(
            grid.flat, TITLES, (highest, 100), ("loss", "accuracy"), palette.series, strict=False):
        axes.set(xlim=(0, last), ylim=(0, top), title=title, xlabel="step")
        movers[name], = axes.plot([], [], color=colour, linewidth=1.6)
        movers[f"{name} now"], = axes.plot([], [], "o", color=colour, clip_on=False)
        movers[f"{name} now"].set_in_layout(False)  # without a point it has no place
    return figure, movers


def update(movers, view):
    """Give the two lines their points."""
    for name, steps, values in (("loss", view["steps"], view["losses"]),
                                ("accuracy", view["tested"], view["accuracies"])):
        movers[name].set_data(steps, values)
        movers[f"{name} now"].set_data(steps[-1:], values[-1:])


def training_curves(runs):
    """A `Picture`: training loss and test error of several kinds of network, with their spread.

    runs: name -> (seeds, points, 3), the columns being step, loss and test accuracy (0 to 1). A
    line is the mean over the seeds, its band goes from the lowest to the highest seed.
    """
    runs = {name: np.asarray(run, float) for name, run in runs.items()}
    figure, grid = panels(1, 2, 9.5, 3.8, LIGHT)
    left, right = grid.flat
    for (name, run), colour, style in zip(runs.items(), LIGHT.series, STYLES, strict=False):
        steps = run[0, :, 0]
        for axes, values in ((left, run[:, :, 1]), (right, 100 * (1 - run[:, :, 2]))):
            axes.fill_between(steps, values.min(0), values.max(0), color=colour, alpha=0.15, lw=0)
            axes.plot(steps, values.mean(0), color=colour, linestyle=style, lw=1.8, label=name)
    left.set(title="training loss (log scale)", xlabel="step", yscale="log")
    left.yaxis.set_major_formatter("{x:g}")
    right.set(title="test error, % (log scale)", xlabel="step", yscale="log")
    ticks = (1, 2, 5, 10, 20, 50, 100)
    right.set_yticks(ticks, [str(tick) for tick in ticks])
    right.minorticks_off()
    left.legend(frameon=False, labelcolor=LIGHT.text, handlelength=3.2)
    figure.says = "Test accuracy after the last step: " + "; ".join(
        f"{name} {said(run[:, -1, 2])}" for name, run in runs.items())
    return figure


def said(accuracies):
    """Mean and spread of some accuracies, in words."""
    low, high = 100 * np.min(accuracies), 100 * np.max(accuracies)
    return f"{100 * np.mean(accuracies):.2f} % ({low:.2f} to {high:.2f})"


def digit_row(X, labels, columns=10):
    """A `Picture` of images (rows of X, square, from 0 white to 1 dark) with their labels."""
    X, labels = np.atleast_2d(np.asarray(X, float)), [str(label) for label in labels]
    rows, side = max(1, -(-len(X) // columns)), round(X.shape[1] ** 0.5)
    figure = new_figure(8, 1.1 * rows, f"{len(X)} images: {', '.join(labels)}")
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, label in zip(grid.flat, X, labels, strict=False):
        axes.imshow(image.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(label, fontsize=11)
    return figure
