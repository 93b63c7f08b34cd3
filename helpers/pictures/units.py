"""All units at a glance, on paper: value, slope, and where the slope is nearly 0."""

import numpy as np

from ..calculus.errors import NumberError
from ..calculus.jacobian import as_numbers
from ..calculus.units import UNITS, values
from .canvas import new_figure
from .palette import LIGHT

XS = np.linspace(-5, 5, 1001)


def unit_gallery(threshold=0.05):
    """A `Picture` of the ten units: f solid, f′ dashed, shaded where |f′| < threshold.

    Raises NumberError.
    """
    threshold = as_numbers(threshold, "unit_gallery: threshold")
    if threshold.ndim:
        raise NumberError("unit_gallery: threshold must be one number, but has shape "
                          f"{threshold.shape}.")
    flat = [name for name in UNITS if (np.abs(values(name, XS)[1]) < threshold).any()]
    figure = new_figure(10.5, 4.4, f"Ten units with their slopes; on −5 … 5 the slope falls below "
                                   f"{threshold:g} somewhere for: {', '.join(flat)}")
    grid = figure.subplots(2, 5, sharex=True, sharey=True)
    for axes, name in zip(grid.flat, UNITS, strict=True):
        f, slope = values(name, XS)
        axes.fill_between(XS, -1.6, 3.2, where=np.abs(slope) < threshold, color=LIGHT.shade,
                          linewidth=0)
        lines = [*axes.plot(XS, f, color=LIGHT.axes[0], linewidth=2),
                 *axes.plot(XS, slope, "--", color=LIGHT.axes[2], linewidth=1.6)]
        axes.set_title(name, fontsize=11)
        axes.set(xlim=(-5, 5), ylim=(-1.6, 3.2), xticks=(-4, -2, 0, 2, 4))
        axes.axhline(0, color=LIGHT.muted, linewidth=0.6)
        axes.axvline(0, color=LIGHT.muted, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(lines, ["f", "f′"], frameon=False, ncols=2, loc="outside lower center")
    return figure
