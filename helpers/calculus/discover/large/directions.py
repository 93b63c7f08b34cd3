"""Slopes of a function along directions: the product J v, without J."""

import numpy as np

from ...complex_step import slopes_along
from ...errors import LessonError, ShapeError
from ...jacobian import as_numbers
from ...slopes import derivative_along, step_sizes

EXACT = 1e-10     # what slopes that are right to rounding are compared to
NUMERICAL = 1e-7  # others, unless their error says more
# Steps of differences, in units of the size of x, and which share of the outputs may have another
# slope so far from x
STEPS = (2.0 ** -23, 0.01), (2.0 ** -27, 0.0)
ODD = tuple((2.0 ** -k, 0.0) for k in (25, 31, 37, 43))  # where f may be steep, at odd inputs
EPS = 2.0 ** -52


class Counted:
    """A function that counts its calls."""

    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, x):
        self.calls += 1
        return self.f(x)


class Point:
    """One input x: Y = f(x), the arrays known there by name, and `along(V)` = J V.

    A complex step is confirmed along one direction at once, by differences; where those say
    something else anywhere, `derivative_along` decides (closely), or the point is not exact.
    kinks, troubles: what it saw there.
    tolerance: what slopes can be compared to.
    """

    def __init__(self, f, x, Y, names, closely=True):
        self.f, self.x, self.Y, self.names = f, x, Y, names
        self._sizes = step_sizes(x)
        V = np.random.default_rng(3).uniform(-1, 1, x.shape) * self._sizes
        self.kinks, self.troubles, self.tolerance = (), (), EXACT
        self.exact = self._confirmed(V, closely)
        if closely and not self.exact:
            found = derivative_along(f, x, V[None])
            self.kinks, self.troubles, self.exact = found.kinks, found.troubles, found.exact
            if not found.exact:
                self.tolerance = max(NUMERICAL, 10 * found.accuracy)

    def _confirmed(self, V, closely):
        """Whether a complex step and differences agree, at the narrow step for every output.

        The wide one may cross a kink that is near, of a few. Not closely: at any of some steps, the
        narrower ones only where the wider do not agree; f may be as steep as that, and no kink.
        """
        sure = slopes_along(self.f, self.x, [V], 1, self.Y.shape)
        if sure is None:
            return False
        left = np.ones(self.Y.shape, bool)
        for step, crossed in STEPS if closely else ODD:
            high, low = (self.value(self.x + side * step * V) for side in (1, -1))
            if high is None or low is None:
                return False
            most = max(np.abs(high).max(initial=0), np.abs(low).max(initial=0))
            apart = np.abs((high - low) / (2 * step) - sure[0])
            off = ~(apart <= 1e-4 * np.abs(sure[0]) + 16 * EPS * most / step)
            left &= off
            if closely and np.count_nonzero(off) > crossed * off.size:
                return False
            if not closely and not left.any():
                return True
        return closely

    def value(self, x):
        """f at another input; None where it has no finite value of the same shape."""
        return value(self.f, x, self.Y.shape)

    def along(self, V):
        """The change of Y along V, an array of x's shape."""
        most = float((np.abs(V) / self._sizes).max(initial=0))
        unit = 2.0 ** np.ceil(np.log2(most)) if most else 1.0
        if self.exact:
            found = slopes_along(self.f, self.x, [V / unit], 1, self.Y.shape)
            if found is not None:
                return found[0] * unit
        return derivative_along(self.f, self.x, V[None]).J[0]


class RowPoint:
    """The same for a row of the table, whose jvp is exact."""

    exact, tolerance, kinks, troubles = True, EXACT, (), ()

    def __init__(self, op, inputs, parameters, wrt, names):
        self.op, self.inputs, self.parameters, self.wrt = op, inputs, parameters, wrt
        self.place = op.inputs.index(wrt)
        self.x, self.Y, self.names, self.calls = inputs[self.place], names[op.output], names, 1

    def value(self, x):
        """The forward pass with another input."""
        self.calls += 1
        inputs = [x if i == self.place else one for i, one in enumerate(self.inputs)]
        return value(lambda _: self.op(*inputs, **self.parameters), x, self.Y.shape)

    def along(self, V):
        """The change of Y along V, an array of the input's shape."""
        self.calls += 1
        return np.asarray(self.op.jvp(V, *self.inputs, wrt=self.wrt, **self.parameters), float)


def value(f, x, shape):
    """f(x); None where it has no finite value of this shape."""
    try:
        with np.errstate(all="ignore"):
            Y = np.array(as_numbers(f(x), "f(x)"))
    except LessonError:
        return None
    return Y if Y.shape == shape and np.isfinite(Y).all() else None


def same_shape(f, x, shape, what):
    """`value`. Raises ShapeError where f has a value of another shape."""
    Y = value(f, x, shape)
    if Y is None:
        try:
            other = np.shape(f(x))
        except LessonError:
            return None
        if other != shape:
            raise ShapeError(f"discover: {what} changes its shape with the values of x: {shape}, "
                             f"and {other} for other values. Its derivative has no fixed shape.")
    return Y
