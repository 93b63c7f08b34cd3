"""The picture of ∂(Wx)/∂x entry by entry: y = Wx above, the derivative that fills beside it."""

import numpy as np
from matplotlib.patches import Rectangle

from ...pictures.canvas import new_figure
from ...words import four

NARROW = 8.0  # inches: below, the derivative stands under y = Wx, and its digits are large
CELL = 0.52   # height of a cell; its width is 1
NAMES = {"numerator": "J = ∂y/∂x", "denominator": "∇ₓy"}


def build(still, width, palette, height=None):
    """Figure and movers; still: (layout, rows of W as tuples, x as a tuple); height: see `low`."""
    layout, W, x = still[0], np.array(still[1]), np.array(still[2])
    h, n = W.shape
    J = W if layout == "numerator" else W.T
    narrow = width < NARROW or height is not None
    places = places_of(h, n, J.shape, narrow)
    wide, high = (n + 5.1, 2.2 + (4 + 4) * CELL) if narrow else (n + 10.2, 1.2 + 4 * CELL)
    unit = min(width / wide, (height or np.inf) / high)  # inches
    figure = new_figure(width, height or unit * high, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    beside = (width / unit - wide) / 2
    axes.set(xlim=(-beside, wide + beside), ylim=(figure.get_figheight() / unit, 0))
    axes.set_axis_off()
    size = min(72 * unit * 0.24, 17)
    for name, values, letters in (("W", W, "ki"), ("x", x[:, None], "i"), ("y", (W @ x)[:, None],
                                  "k"), ("J", J, "ki" if layout == "numerator" else "ik")):
        title = NAMES[layout] if name == "J" else name
        draw_matrix(axes, places[name], values, title, letters, size, palette)
    middle = places["W"][1] + h * CELL / 2
    for name, sign in (("x", "·"), ("y", "=")):
        axes.text(places[name][0] - 0.76, middle, sign, ha="center", va="center",
                  color=palette.text, fontsize=size * 1.3)
    return figure, marks(axes, places, W.shape, J.shape, palette)


def low(still, width, height, palette):
    """`build` for a room of this height, in inches: the derivative below, so that all is large."""
    return build(still, width, palette, height)


def places_of(h, n, shape, narrow):
    """The left and the top of each matrix, in cells."""
    top = 0.85
    places = {"W": (0.5, top), "x": (n + 1.6, top), "y": (n + 3.9, top)}
    left = (n + 5.1 - shape[1]) / 2 if narrow else n + 6
    return places | {"J": (left, 1.95 + 4 * CELL if narrow else top)}


def draw_matrix(axes, place, values, title, letters, size, palette):
    """A grid of numbers with its name, its shape and its indices."""
    (left, top), (rows, columns) = place, values.shape
    axes.text(left + columns / 2, top - 0.36, f"{title}   {rows}×{columns}", ha="center",
              color=palette.text, fontsize=size, fontweight="bold")
    for (row, column), value in np.ndenumerate(values):
        axes.add_patch(Rectangle((left + column, top + row * CELL), 1, CELL, fill=False,
                                 edgecolor=palette.line, linewidth=1))
        axes.text(left + column + 0.5, top + (row + 0.5) * CELL, four(value), ha="center",
                  va="center_baseline", color=palette.text, fontsize=size * 0.8)
    small = {"color": palette.muted, "fontsize": size * 0.85}
    for row in range(rows):
        axes.text(left - 0.08, top + (row + 0.5) * CELL, f"{letters[0]}={row}", ha="right",
                  va="center", **small)
    for column in range(columns if len(letters) > 1 else 0):
        axes.text(left + column + 0.5, top - 0.08, f"{letters[1]}={column}", ha="center", **small)


def marks(axes, places, W_shape, J_shape, palette):
    """Frames for what is looked at, and covers over entries that are not known yet."""
    frame = {"fill": False, "linewidth": 3, "zorder": 5}
    movers = {"row": axes.add_patch(Rectangle((0, 0), W_shape[1], CELL,
                                              edgecolor=palette.series[0], **frame)),
              "y": axes.add_patch(Rectangle((0, 0), 1, CELL, edgecolor=palette.series[0], **frame)),
              "x": axes.add_patch(Rectangle((0, 0), 1, CELL, edgecolor=palette.series[1],
                                            linestyle="--", **frame)),
              "column": axes.add_patch(Rectangle((0, 0), 1, W_shape[0] * CELL, linestyle="--",
                                                 edgecolor=palette.series[1], **frame))}
    left, top = places["J"]
    movers["covers"] = [axes.add_patch(Rectangle(
        (left + column + 0.02, top + (row + 0.03) * CELL), 0.96, 0.94 * CELL, linewidth=0,
        zorder=4, facecolor=palette.ground)) for row, column in np.ndindex(J_shape)]
    for name in ("entry", "new"):
        movers[name] = axes.add_patch(Rectangle((0, 0), 1, CELL, edgecolor=palette.mark, **frame))
    axes.tm_places = places
    return movers


def update(movers, view):
    """Frames to their places; covers away from what is filled in."""
    for i, cover in enumerate(movers["covers"]):
        cover.set_visible(i >= view["filled"])
    frames = [movers[name] for name in ("row", "y", "x", "column", "entry", "new")]
    for frame in frames:
        frame.set_visible(view["entry"] is not None)
    if view["entry"] is None:
        return
    (k, i), (row, column) = view["entry"], view["place"]
    places = movers["row"].axes.tm_places
    targets = {"row": ("W", k, 0), "y": ("y", k, 0), "x": ("x", i, 0), "column": ("W", 0, i),
               "entry": ("W", k, i), "new": ("J", row, column)}
    for name, (matrix, down, right) in targets.items():
        left, top = places[matrix]
        movers[name].set_xy((left + right, top + down * CELL))
