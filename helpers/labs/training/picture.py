"""Pictures of training: one live run, and several units with their spread."""

import numpy as np

from ...calculus.errors import NumberError, ShapeError, is_a
from ...calculus.jacobian import as_array, as_numbers, checked_whole
from ...pictures.canvas import new_figure
from ...pictures.live import panels
from ...pictures.palette import LIGHT
from ...words import brief, one_line

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
LEAST = 0.1  # where an error of 0 stands on a log scale
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
        axes.xaxis.get_major_locator().set_params(integer=True)  # there is no half a step
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
    """A `Picture`: training loss of several kinds of network, and what each seed came to.

    runs: name -> (seeds, points, 3), the columns being step, loss and accuracy (0 to 1). On
    the left a line is the mean over the seeds; on the right each seed has a dot, and a thin line
    joins the dots of the same seed: the same weights and the same batches. Raises NumberError,
    ShapeError.
    """
    runs = checked_runs(runs)
    figure, grid = panels(1, 2, 9.5, 3.8, LIGHT)
    left, right = grid.flat
    for (name, run), colour, style in zip(runs.items(), LIGHT.series, STYLES, strict=False):
        left.plot(run[0, :, 0], run[:, :, 1].mean(0), color=colour, linestyle=style, lw=1.8,
                  label=name)
    left.set(title="training loss, mean of the seeds (log scale)", xlabel="step", yscale="log")
    left.yaxis.set_major_formatter("{x:g}")
    left.legend(frameon=False, labelcolor=LIGHT.text, handlelength=3.2)
    _seeds(right, {name: 100 * (1 - run[:, -1, 2]) for name, run in runs.items()})
    figure.says = "Accuracy after the last step: " + "; ".join(
        f"{name} {said(run[:, -1, 2])}" for name, run in runs.items())
    return figure


def checked_runs(runs):
    """The runs as arrays (seeds, points, 3) by name. Raises NumberError, ShapeError."""
    if not is_a(runs, dict) or not runs:
        raise NumberError("training_curves: runs must be a dict from a name to an array of shape "
                          f"(seeds, points, 3), not {brief(runs)}.")
    named = {name if is_a(name, str) else brief(name): run for name, run in runs.items()}
    arrays = {name: as_numbers(run, f"training_curves: {one_line(name, 60)}")
              for name, run in named.items()}
    for name, run in arrays.items():
        if run.ndim != 3 or run.shape[2] != 3 or not run.size:
            raise ShapeError(f"training_curves: {one_line(name, 60)} has shape {run.shape}, but "
                             "must be (seeds, points, 3): step, loss and accuracy.")
    return arrays


def _seeds(axes, errors):
    """A dot for each seed of each kind, a bar at their mean, a line through those of one seed."""
    errors = {name: np.maximum(values, LEAST) for name, values in errors.items()}
    for same in zip(*errors.values(), strict=False):
        axes.plot(range(len(errors)), same, color=LIGHT.strong_line, lw=0.8, zorder=0)
    for place, (values, colour) in enumerate(zip(errors.values(), LIGHT.series, strict=False)):
        axes.plot(np.full(len(values), place), values, "o", color=colour)
        axes.plot(place + np.array([-0.25, 0.25]), [np.mean(values)] * 2, color=colour, lw=2.5)
    axes.set(title="error of each seed at the end, % (log scale)", yscale="log",
             xlim=(-0.5, len(errors) - 0.5))
    axes.set_xticks(range(len(errors)), [name.replace(", ", "\n").replace("_", "\n")
                                         for name in errors], fontsize=9)
    ticks = [tick for tick in (0.5, 1, 2, 3, 4, 5, 10, 20, 50, 100)
             if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def said(accuracies):
    """Mean and spread of some accuracies, in words."""
    low, high = 100 * np.min(accuracies), 100 * np.max(accuracies)
    return f"{100 * np.mean(accuracies):.2f} % ({low:.2f} to {high:.2f})"


MOST_COLUMNS = 100


def digit_row(X, labels, columns=10):
    """A `Picture` of images (rows of X, square, from 0 white to 1 dark) with their labels."""
    columns = checked_whole(columns, "digit_row: columns", 1, MOST_COLUMNS)
    X, labels = np.atleast_2d(as_numbers(X, "digit_row: X")), as_array(labels, "digit_row: labels")
    if labels.ndim != 1:
        raise ShapeError("digit_row: labels must be in a row, one for each image, but has shape "
                         f"{labels.shape}.")
    labels = [str(label) for label in labels]
    rows, side = max(1, -(-len(X) // columns)), round(X.shape[1] ** 0.5)
    figure = new_figure(8, 1.1 * rows, f"{len(X)} images: {', '.join(labels)}")
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, label in zip(grid.flat, X, labels, strict=False):
        axes.imshow(image.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(label, fontsize=11)
    return figure
