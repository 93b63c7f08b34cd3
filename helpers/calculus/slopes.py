"""The derivative of any function of an array, with its error and how it was found.

A complex step where f takes one and where it agrees with central differences along a direction
that it did not use; central differences, extrapolated, where it does not. The error is measured:
how far the slope moves when x moves in its last digit, or how far differences of several steps
lie apart. What no step can tell is said in words.
"""

from dataclasses import replace

import numpy as np

from .errors import NumberError, ShapeError
from .jacobian import as_numbers
from .looks import Kink, looked, measured

TOGETHER = 2**13  # slopes of several points that are read together


def slopes(f, x, columns=True):
    """`J[k…, i…] = ∂f(x)[k…]/∂x[i…]` as `Slopes`; J and error have shape f(x).shape + x.shape.

    f is called with float64 (or complex) arrays of x's shape; x stays as it is. columns: a
    complex step is checked by differences for each of a few inputs, not only along a direction.
    Raises NumberError, TooBig, and whatever f raises at x.
    """
    look = look_at(f, np.array(as_numbers(x, "x")))
    return laid_out(look, measured([look], columns)[0])


def slopes_at(f, xs):
    """The `Slopes` of f at several x of one shape, read together; None where f refuses an x.

    The same as `slopes(f, x, columns=False)` for each of them, in a third of the time where x is
    small. f(x) has one shape for all of them. Raises TooBig, ShapeError.
    """
    looks, together = [], []
    for x in xs:
        try:
            looks.append(look_at(f, np.array(as_numbers(x, "x"))))
        except NumberError:
            looks.append(None)
    found = dict.fromkeys(range(len(looks)))
    for kind in (True, False):  # with a complex step, and without
        together = [p for p, look in enumerate(looks) if look and (look.D is None) == kind]
        step = max(1, TOGETHER // max(looks[together[0]].entries, 1)) if together else 1
        for first in range(0, len(together), step):
            part = together[first:first + step]
            found |= zip(part, measured([looks[p] for p in part]), strict=True)
    return [found[p] and laid_out(looks[p], found[p]) for p in range(len(looks))]


def look_at(f, x):
    """The `Look` at all inputs of x. Raises TooBig, and whatever f raises at x."""
    sizes = step_sizes(x)

    def one(c):
        v = np.zeros(x.size)
        v[c] = sizes.flat[c]
        return v.reshape(x.shape)

    return looked(f, x, x.size, one, lambda w: w.reshape(x.shape) * sizes, sizes, True)


def laid_out(look, found):
    """Slopes along every input, by its size, as those of the tensor."""
    x, sizes = look.x, look.sizes
    by = sizes.reshape(-1, *[1] * found.Y.ndim)

    def laid(D):
        with np.errstate(all="ignore"):
            return np.moveaxis(D / by, 0, -1).reshape(found.Y.shape + x.shape)

    def placed(kink):
        c = kink.input[0]
        index = tuple(map(int, np.unravel_index(c, x.shape)))
        return Kink(kink.output, index, kink.left / sizes.flat[c], kink.right / sizes.flat[c])

    return replace(found, J=laid(found.J), error=laid(found.error),
                   kinks=tuple(map(placed, found.kinks)))


def derivative_along(f, x, V):
    """d/dt f(x + t·V[c]) at t = 0, for each direction of V (count, *x.shape), as `Slopes`.

    J and error are (count, *f(x).shape). Directions over inputs of mixed sizes do best as
    mask·step_sizes(x), divided afterwards. Raises ShapeError, NumberError, and what f raises at x.
    """
    x, V = np.array(as_numbers(x, "x")), as_numbers(V, "V")
    if V.ndim != x.ndim + 1 or V.shape[1:] != x.shape:
        raise ShapeError(f"derivative_along: V has shape {V.shape}, but x has {x.shape}. Give one "
                         "direction of x's shape for each first index.")
    sizes = step_sizes(x)
    most = (np.abs(V) / sizes).max(tuple(range(1, V.ndim)), initial=0)
    units = np.ldexp(1.0, np.frexp(np.where(most > 0, most, 0.5))[1])  # V / units is exact
    found, = measured([looked(f, x, len(V), lambda c: V[c] / units[c],
                              lambda w: np.tensordot(w / units, V, 1), sizes)])
    by = units.reshape(-1, *[1] * found.Y.ndim)
    kinks = tuple(replace(k, left=k.left * units[k.input[0]], right=k.right * units[k.input[0]])
                  for k in found.kinks)
    return replace(found, J=found.J * by, error=found.error * by, kinks=kinks)

def step_sizes(x):
    """The size of each number, as a power of two; of 0 that of its fellows, or 1."""
    x = np.abs(np.asarray(x, np.float64))
    some = x[(x > 0) & np.isfinite(x)]
    typical = float(np.median(some)) if some.size else 1.0
    with np.errstate(all="ignore"):
        at = np.where((x > 0) & np.isfinite(x), x, typical)
        return np.ldexp(1.0, np.frexp(at)[1] - 1)


def numerical_jacobian(f, x):
    """`J[k…, i…] = ∂f(x)[k…]/∂x[i…]` in float64; shape f(x).shape + x.shape.

    Right to rounding where f takes a complex step, else as good as differences allow:
    `slopes(f, x)` tells the error, the method and the kinks. At a kink it is the mean of both
    sides; where f has no finite slope, nan. Raises NumberError, TooBig.
    """
    return slopes(f, x).J
