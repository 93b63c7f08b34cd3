"""A contraction drawn as what it is: a sum of slices, each times its number."""

import numpy as np

from ..calculus.errors import ShapeError, is_a
from ..calculus.jacobian import as_numbers
from ..words import brief, short
from .arrays import array_inches, draw_array
from .canvas import new_figure
from .palette import LIGHT


def weighted_slices(g, J, letters="m k", name="dW"):
    """A `Picture` of Σ g[i]·J[i], each slice with its factor, and the sum.

    g: (n,), the upstream gradient; J: (n, a, b), one slice for each output; letters: the two axes
    of a slice; name: of the sum. Raises ShapeError when g and J do not fit.
    """
    g, J = as_numbers(g, "weighted_slices: g"), as_numbers(J, "weighted_slices: J")
    if g.ndim != 1 or J.ndim != 3 or len(g) != len(J):
        raise ShapeError(f"One factor a slice: g has shape {g.shape}, the slices {J.shape}.")
    if not is_a(letters, str) or len(letters.split()) != 2:
        raise ShapeError("weighted_slices: letters must be the two axes of a slice, such as "
                         f'"m k", not {brief(letters)}.')
    total = np.tensordot(g, J, 1)
    parts = [(f"{'+ ' if i else ''}{bracketed(factor)} ×", part, f"slice {i}")
             for i, (factor, part) in enumerate(zip(g, J, strict=True))]
    parts.append(("=", total, name))
    width, height = array_inches(total.shape)
    says = (f"{' '.join(f'{sign} {what}' for sign, _, what in parts)}: "
            f"a sum of {len(g)} slices of shape {total.shape}")
    figure = new_figure(len(parts) * (width + 0.9), height, says, layout=None)
    for i, (sign, part, what) in enumerate(parts):
        left = (i + 0.9 / (width + 0.9)) / len(parts)
        axes = figure.add_axes((left, 0, width / (width + 0.9) / len(parts), 1))
        draw_array(axes, part, letters.split(), what)
        figure.text(left - 0.004, 0.4, sign, ha="right", va="center", fontsize=13,
                    color=LIGHT.text)
    return figure


def bracketed(x):
    """A number, in brackets where it begins with a minus."""
    return short(x) if x >= 0 else f"({short(x)})"
