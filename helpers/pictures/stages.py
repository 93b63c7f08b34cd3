"""The ReLU's derivative in three stages, (N,H,N,H) → (N,H,H) → (N,H), as one picture."""

import numpy as np
from matplotlib.colors import ListedColormap

from ..calculus.errors import ShapeError
from ..calculus.jacobian import as_numbers, unfold
from ..calculus.operation import operation
from ..words import plural
from .canvas import new_figure
from .palette import LIGHT, axis_colour


def stages(X, op="relu"):
    """A `Picture` of the derivative of an element-wise operation on X (n, h), ever smaller."""
    X = as_numbers(X, "stages: X")
    if X.ndim != 2 or not X.size:
        raise ShapeError(f"stages: X has shape {X.shape}, but must be a batch (n, h) of 1 or more.")
    N, H = X.shape
    J = operation(op).jacobian(X)
    D = np.einsum("nhnk->nhk", J)
    M = np.einsum("nhh->nh", D)
    says = (
        f"{op} on a ({N}, {H}) batch in three stages: {_entries(J)} of shape {J.shape}, "
        f"{D.size} of shape {D.shape}, {M.size} of shape {M.shape}; "
        f"{np.count_nonzero(M)} are not 0 in each"
    )
    figure = new_figure(10, 4.2, says)
    layout = figure.add_gridspec(N, 3, width_ratios=[3, 1.25, 1.25], wspace=0.12)
    whole = figure.add_subplot(layout[:, 0])
    _paint(whole, unfold(J, 2), (H, H))
    _label(whole, f"{J.shape}: {_entries(J)}", "n, h", "n′, h′")
    for n in range(N):
        axes = figure.add_subplot(layout[n, 1])
        _paint(axes, D[n], (H, H))
        _label(axes, f"{D.shape}: {_entries(D)}" if n == 0 else "", "h",
               "h′" if n == N - 1 else "")
        axes.annotate(f"n = {n}", (1.04, 0.5), xycoords="axes fraction", va="center", fontsize=9,
                      color=LIGHT.axes[axis_colour("n")], fontweight="bold")
    mask = figure.add_subplot(layout[:, 2])
    _paint(mask, M, M.shape)
    _label(mask, f"{M.shape}: {_entries(M)}", "n", "h")
    return figure


def _entries(array):
    return plural(array.size, "entry", "entries")


def _paint(axes, matrix, block):
    """Cells of a matrix: empty where it is 0, blue where it is not, ruled between blocks."""
    colours = ListedColormap([LIGHT.hatch, LIGHT.positive])
    axes.pcolormesh(matrix != 0, cmap=colours, vmin=0, vmax=1, edgecolors="white", linewidth=1)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    for line in range(block[0], matrix.shape[0], block[0]):
        axes.axhline(line, color=LIGHT.muted, linewidth=1.2)
    for line in range(block[1], matrix.shape[1], block[1]):
        axes.axvline(line, color=LIGHT.muted, linewidth=1.2)


def _label(axes, title, rows, columns):
    """A title, and the letters of the rows and columns in the colour of the last letter."""
    axes.set_title(title, fontsize=11)
    for setter, text in ((axes.set_ylabel, rows), (axes.set_xlabel, columns)):
        if text:
            letter = text.split(", ")[-1]
            setter(text, color=LIGHT.axes[axis_colour(letter)], fontweight="bold")
    axes.yaxis.label.set(rotation=0, ha="right", va="center")
