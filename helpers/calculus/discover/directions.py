"""Slopes of a function along directions: the product J v, without J."""

import numpy as np

from ..errors import LessonError
from ..jacobian import as_numbers

STEP = 1e-30
EXACT, NUMERICAL = 1e-10, 1e-6  # relative tolerance


class Counted:
    """A function that counts its calls."""

    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, x):
        self.calls += 1
        return self.f(x)


class Point:
    """One input x: Y = f(x), the arrays known there by name, and `along(V)` = J V.

    exact: the slopes are right to rounding; tolerance: what they can be compared to.
    """

    def __init__(self, f, x, Y, names):
        self.f, self.x, self.Y, self.names = f, x, Y, names
        self.exact = self._analytic()
        self.tolerance = EXACT if self.exact else NUMERICAL

    def value(self, x):
        """f at another input; None where it has no finite value of the same shape."""
        return value(self.f, x, self.Y.shape)

    def along(self, V):
        """The change of Y along V, an array of x's shape."""
        return self._complex(V) if self.exact else self._difference(V)

    def _analytic(self):
        V = np.random.default_rng(3).uniform(0.5, 1, self.x.shape)
        try:
            with np.errstate(all="ignore"):
                found = self._complex(V)
        except Exception:  # whatever a function says to a complex number
            return False
        wanted = self._difference(V, 1e-7)
        scale = np.abs(wanted).max(initial=1e-300)
        return bool(np.all(np.isfinite(found)) and np.abs(found - wanted).max(initial=0)
                    <= 1e-5 * scale)

    def _complex(self, V):
        return np.array(np.imag(self.f(self.x + 1j * STEP * V))) / STEP

    def _difference(self, V, step=4e-5):
        with np.errstate(all="ignore"):
            slopes = []
            for step in (step, 2 * step):
                high, low = (np.array(as_numbers(self.f(self.x + s * step * V), "f(x)"))
                             for s in (1, -1))
                slopes.append((high - low) / (2 * step))
        return (4 * slopes[0] - slopes[1]) / 3


def value(f, x, shape):
    """f(x); None where it has no finite value of this shape."""
    try:
        with np.errstate(all="ignore"):
            Y = np.array(as_numbers(f(x), "f(x)"))
    except LessonError:
        return None
    return Y if Y.shape == shape and np.isfinite(Y).all() else None


class RowPoint:
    """The same for a row of the table, whose jvp is exact."""

    exact, tolerance = True, EXACT

    def __init__(self, op, inputs, parameters, wrt, names):
        self.op, self.inputs, self.parameters, self.wrt = op, inputs, parameters, wrt
        self.x, self.names = inputs[op.inputs.index(wrt)], names
        self.Y = names[op.output]

    def along(self, V):
        """The change of Y along V."""
        return self.op.jvp(V, *self.inputs, wrt=self.wrt, **self.parameters)
