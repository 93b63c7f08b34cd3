"""Pictures of batch normalization: its graph of small steps, and its Jacobian taken apart."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyBboxPatch

from ...calculus import batchnorm as bn
from ...calculus.errors import NumberError, ShapeError, is_a
from ...calculus.jacobian import as_numbers, checked_whole
from ...pictures.arrays import array_inches, draw_array
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT, axis_colour
from ...words import brief, minus, one_line, plural, short
from .nodes import OPS, PLACES, SYMBOLS

DIVERGING = LinearSegmentedColormap.from_list("signs", [LIGHT.negative, "white", LIGHT.positive])
BOX, TALL, LANE = 0.84, 1.0, 1.45  # width and height of a node, distance of the two lanes
MARKS = "os^D"                     # of the curves of a ladder, in their order
NUMBERS_UP_TO = 6                  # larger matrices show tints alone
WIDE, GRAPH, BLOCKS, TITLE = 11.0, 3.0, 3.35, 0.35  # inches: the picture, its parts downwards
PART_NAMES = (r"$\frac{γ}{s}\,I$", r"$-\frac{γ}{s}\,\frac{\mathbf{1}\,\mathbf{1}^\top}{N}$",
              r"$-\frac{γ}{s}\,\frac{\hat{x}\hat{x}^\top}{@}$")


def draw_lab(says, values, gradients, parts, feature):
    """A `Picture` of one feature: every step with value and gradient, and the Jacobian's parts.

    As high as the widget that takes its place, with the batch where its numbers have room.
    """
    told = len(values["X"]) <= NUMBERS_UP_TO
    middle = told * (TITLE + array_inches(values["X"].shape)[1])
    height = GRAPH + middle + BLOCKS
    figure = new_figure(WIDE, height, says, layout=None)

    def axes(x, y, width, tall):
        return figure.add_axes((x / WIDE, 1 - (y + tall) / height, width / WIDE, tall / height))

    def title(text, y):
        figure.text(0.22 / WIDE, 1 - y / height, text, color=LIGHT.text, fontsize=11.5,
                    fontweight="bold", va="top")

    _graph(axes(0.1, 0.05, WIDE - 0.2, GRAPH - 0.1), values, gradients, feature)
    if told:
        title("2 · The batch X, and the upstream gradient G = dL/dY", GRAPH)
        for x, name, array in ((0.22, "X", values["X"]), (5.6, "G", gradients["Y"])):
            draw_array(axes(x, GRAPH + 0.3, *array_inches(array.shape)), array, "nh", name)
    training = "Q" in values  # else μ and v are stored, and two of the three parts are no terms
    apart = "in three parts" if training else "a diagonal: no example sees another"
    title(f"5 · The Jacobian of feature {feature}, {apart}", GRAPH + middle + 0.05)
    y = GRAPH + middle + 0.4
    where = [(0.33 + 2.2 * i, y + 0.3, 1.76, 1.76) for i in range(3 if training else 0)]
    where.append((7.5, y + 0.2, 3.2, 2.5) if training else (0.33, y + 0.2, 3.2, 2.5))
    _sum(figure, [axes(*place) for place in where], values, parts, feature)
    return figure


def normalization_blocks(X, gamma, eps=1e-5, ddof=0, feature=0):
    """A `Picture`: batch norm's full Jacobian, a dense N×N block a feature, and one block's parts.

    X (N, H), gamma (H,). Rows and columns are sorted by feature.
    """
    values = bn.training(X, gamma, np.zeros(np.shape(gamma)), eps, ddof)
    N, H = values["X"].shape
    feature = checked_whole(feature, "normalization_blocks: feature", 0, H - 1)
    blocks = [sum(bn.jacobian_parts(values, h)) for h in range(H)]
    says = (f"Batch norm on a ({N}, {H}) batch: {(N * H) ** 2} derivatives, {H * N * N} of them in "
            f"{H} dense {N}×{N} blocks, one a feature; each block is a multiple of the identity "
            "minus two outer products")
    figure = new_figure(11, 4.2, says, layout=None)
    whole = figure.add_axes((0.045, 0.07, 0.34, 0.85))
    J = np.zeros((N * H, N * H))
    for h, block in enumerate(blocks):
        J[h * N:(h + 1) * N, h * N:(h + 1) * N] = block
    _matrix(whole, J, np.abs(J).max(),
            f"∂Y/∂X, sorted by feature: {plural(J.size, 'entry', 'entries')}")
    for line in range(0, N * H + 1, N):
        whole.axhline(line, color=LIGHT.muted, linewidth=0.8)
        whole.axvline(line, color=LIGHT.muted, linewidth=0.8)
    _ticks(whole, N, H)
    _frame(whole, feature * N, N)
    where = [(0.42 + 0.125 * i, 0.31, 0.105, 0.27) for i in range(3)] + [(0.795, 0.22, 0.2, 0.45)]
    _sum(figure, [figure.add_axes(place) for place in where], values,
         bn.jacobian_parts(values, feature), feature)
    return figure


def step_ladder(curves):
    """A `Picture` of the error of a difference quotient: label -> (steps, relative errors).

    Up to four of them. Raises NumberError, ShapeError.
    """
    curves = checked_curves(curves)
    best = {label: f"1e{round(np.log10(steps[np.argmin(errors)]))}".replace("-", "−")
            for label, (steps, errors) in curves.items()}
    says = "Relative error against the step, smallest at " + ", ".join(
        f"{step} ({label})" for label, step in best.items())
    figure = new_figure(7, 3.6, says)
    axes = figure.subplots()
    for place, (label, (steps, errors)) in enumerate(curves.items()):
        axes.loglog(steps, errors, MARKS[place] + "-", markersize=4,
                    color=LIGHT.axes[place], label=label)
    axes.invert_xaxis()
    axes.set_xlabel("step, ever smaller →")
    axes.set_ylabel("relative error")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def checked_curves(curves):
    """{label: (steps, errors)} as arrays. Raises NumberError, ShapeError."""
    if not is_a(curves, dict) or not 1 <= len(curves) <= len(MARKS):
        raise NumberError(f"step_ladder: curves must be a dict of 1 to {len(MARKS)}, from a label "
                          f"to its steps and errors, not {brief(curves)}.")
    named = {label if is_a(label, str) else brief(label): curve for label, curve in curves.items()}
    return {label: checked_curve(f"step_ladder: {one_line(label, 60)}", curve)
            for label, curve in named.items()}


def checked_curve(what, curve):
    """(steps, errors) of one curve, from two arrays in a row or in one array."""
    has_length = is_a(curve, tuple | list) or (is_a(curve, np.ndarray) and curve.ndim)
    if not has_length or len(curve) != 2:
        raise ShapeError(f"{what} must be a pair (steps, errors), not {brief(curve)}.")
    steps, errors = (as_numbers(part, what) for part in curve)
    if steps.ndim != 1 or not steps.size or steps.shape != errors.shape:
        raise ShapeError(f"{what} has steps of shape {steps.shape} and errors of shape "
                         f"{errors.shape}: there must be one error for each step.")
    if not (np.isfinite(steps) & (steps > 0)).all():
        raise NumberError(f"{what} has steps that are not above 0: a log scale has no place for "
                          "them.")
    return steps, errors


def _sum(figure, places, values, parts, feature):
    """Three matrices with signs between them, and their sum; in one place the sum alone."""
    *small, whole = places
    limit = max(np.abs(part).max() for part in parts)
    for axes, part, name in zip(small, parts, PART_NAMES, strict=False):
        _matrix(axes, part, limit, bn.over(name, values), 13)
    name = f"∂Y[n,{feature}]/∂X[n′,{feature}]"
    _matrix(whole, sum(parts), limit, f"their sum: {name}" if small else name,
            numbers=len(values["X"]) <= NUMBERS_UP_TO)
    for left, right, sign in zip(small, [*small, whole][1:], "++=", strict=False):
        x = (left.get_position().x1 + right.get_position().x0) / 2
        middle = left.get_position().y0 + left.get_position().height / 2
        figure.text(x, middle, sign, ha="center", va="center", fontsize=15, color=LIGHT.text)


def _matrix(axes, matrix, limit, title, size=10, numbers=False):
    """Tinted cells, with their numbers if wanted, and a dot for an exact 0."""
    axes.pcolormesh(matrix, cmap=DIVERGING, vmin=-limit or -1, vmax=limit or 1,
                    edgecolors=LIGHT.line, linewidth=0.4)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontsize=size, color=LIGHT.text, pad=8)
    box = axes.get_window_extent()
    cell = min(box.width, box.height) / axes.figure.dpi * 72 / len(matrix)  # in points
    letters = min(8.5, 0.27 * cell)  # five signs and some room
    for (row, column), value in np.ndenumerate(matrix):
        strong = abs(value) > 0.6 * limit
        if value == 0:
            axes.text(column + 0.5, row + 0.5, "·", ha="center", va="center", color=LIGHT.muted)
        elif numbers:
            text = "≈0" if abs(value) < 0.005 else minus(f"{value:.2f}")
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center",
                      fontsize=letters, color="white" if strong else LIGHT.text)


def _ticks(axes, N, H):
    """The features along both sides, in the colour of their axis."""
    colour = LIGHT.axes[axis_colour("h")]
    middles = N * (np.arange(H) + 0.5)
    axes.set_xticks(middles, [f"h′ = {h}" for h in range(H)], color=colour, fontsize=9)
    axes.set_yticks(middles, [f"h = {h}" for h in range(H)], color=colour, fontsize=9)
    axes.tick_params(length=0)


def _frame(axes, start, size):
    """A frame around one block."""
    axes.plot(start + size * np.array([0, 1, 1, 0, 0]), start + size * np.array([0, 0, 1, 1, 0]),
              color=LIGHT.mark, linewidth=2.5, clip_on=False)


def _graph(axes, values, gradients, feature):
    """Every node of the graph in its place, joined by arrows."""
    axes.set(xlim=(-0.1, 8.15), ylim=(LANE + TALL + 0.15, -0.15))
    axes.set_axis_off()
    for step in bn.forward_steps(values):
        for need in step.needs:
            if need in PLACES:
                _arrow(axes, need, step.result)
    for name in PLACES:
        if name in values:
            _node(axes, name, values[name], gradients.get(name), feature)
    axes.text(2.1, LANE + 0.62, f"Feature {feature}: the value of each step, and below it the "
              "gradient\ndL/d(it). One cell an example: blue above 0, orange below.",
              fontsize=9, color=LIGHT.muted, va="top")


def _corner(name):
    column, lane = PLACES[name]
    return column + 0.02, lane * LANE


def _arrow(axes, source, target):
    (x, y), (u, v) = _corner(source), _corner(target)
    start, end = (x + BOX, y + TALL / 2), (u, v + TALL / 2)
    if y != v:
        down = y < v
        start, end = (x + BOX / 2, y + TALL * down), (u + BOX / 2, v + TALL * (not down))
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": LIGHT.muted,
                                              "shrinkA": 0, "shrinkB": 0})


def _node(axes, name, value, gradient, feature):
    """Symbol, operation, and the feature's numbers: a strip of tints, or one number."""
    x, y = _corner(name)
    axes.add_patch(FancyBboxPatch((x, y), BOX, TALL, boxstyle="round,pad=0,rounding_size=0.06",
                                  facecolor="white", edgecolor=LIGHT.line, linewidth=1.2))
    symbol = r"$\mathbf{\hat{X}}$" if name == "Xhat" else SYMBOLS.get(name, name)
    axes.text(x + 0.06, y + 0.17, symbol, fontsize=12, weight="bold", color=LIGHT.text,
              va="center")
    axes.text(x + BOX - 0.05, y + 0.17, OPS[name], fontsize=8.5, color=LIGHT.muted, ha="right",
              va="center")
    for row, numbers in ((0.4, value), (0.7, gradient)):
        if numbers is not None:
            _numbers(axes, np.atleast_1d(numbers[..., feature]), x + 0.06, y + row)


def _numbers(axes, numbers, x, y):
    if len(numbers) == 1:
        axes.text(x, y + 0.12, short(numbers[0]), fontsize=10, color=LIGHT.text, va="center")
        return
    limit = np.abs(numbers).max() or 1
    width = (BOX - 0.12) / len(numbers)
    axes.pcolormesh(x + width * np.arange(len(numbers) + 1), [y, y + 0.22], numbers[None],
                    cmap=DIVERGING, vmin=-limit, vmax=limit, edgecolors=LIGHT.line, linewidth=0.4)
