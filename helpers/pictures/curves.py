"""Curves of what derivatives cost."""

import numpy as np

from ..calculus.cost import cost
from ..calculus.errors import ShapeError, is_a
from ..calculus.jacobian import checked_whole
from ..words import brief, bytes_text
from .canvas import new_figure
from .palette import LIGHT

TYPICAL = 16e9  # bytes of memory in a laptop
MOST = 2**40


def cost_curves(op="relu", wrt=None, letter="h", most=4096, **sizes):
    """A `Picture`: bytes of the full tensor and of the compact numbers as one axis grows.

    `letter` is the axis on the horizontal axis, in powers of two up to `most`; the others keep
    the sizes given.
    """
    most = checked_whole(most, "cost_curves: most", 1, MOST)
    if not is_a(letter, str):
        raise ShapeError(f"cost_curves: letter must be the name of an axis, not {brief(letter)}.")
    steps = 2 ** np.arange(int(np.log2(most)) + 1)
    costs = [cost(op, wrt, **{**sizes, letter: int(size)}) for size in steps]
    last = costs[-1]
    at = ", ".join(f"{name}={size:,}" for name, size in last.sizes.items())
    figure = new_figure(
        7,
        3.6,
        f"Memory of ∂Y/∂{last.wrt} of {last.name}: at {at} the full tensor takes "
        f"{bytes_text(last.full_bytes)}, the compact way "
        f"{bytes_text(last.compact_bytes)}",
    )
    axes = figure.subplots()
    full, compact = [c.full_bytes for c in costs], [max(c.compact_bytes, 1) for c in costs]
    for values, name, colour, style in ((full, "full tensor", LIGHT.negative, "o-"),
                                        (compact, "compact", LIGHT.good, "s-")):
        axes.loglog(steps, values, style, color=colour, markersize=4)
        axes.annotate(f"  {name}: {bytes_text(values[-1])}", (steps[-1], values[-1]), color=colour,
                      va="center", fontweight="bold")
    axes.axhline(TYPICAL, color=LIGHT.muted, linestyle=":")
    axes.annotate("a laptop’s memory, 16 GB", (steps[0], TYPICAL), color=LIGHT.muted, va="bottom")
    _label(axes, steps, letter, last)
    return figure


def _label(axes, steps, letter, last):
    """Sizes and bytes as a person says them, instead of powers."""
    axes.set_xticks(steps[::2], [f"{size:,}" for size in steps[::2]])
    axes.set_yticks([1e3, 1e6, 1e9, 1e12], ["1 kB", "1 MB", "1 GB", "1 TB"])
    axes.minorticks_off()
    others = ", ".join(f"{name}={size:,}" for name, size in last.sizes.items() if name != letter)
    axes.set_xlabel(f"{letter}  ({others})")
    axes.set_ylabel("memory (float64)")
    axes.set_xlim(steps[0] * 0.9, steps[-1] * 16)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(f"∂Y/∂{last.wrt} of {last.name}")
