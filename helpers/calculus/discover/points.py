"""A function at its input and at others: of several sizes and both signs, and where lines break.

A line that holds at one input may hold by luck. It is tried at inputs that are 100 times smaller
and larger, that are of one sign, at zeros, at rows and columns that are constant, where an ε counts
that was left out, and on the other side of a threshold.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..errors import NumberError, ShapeError
from ..jacobian import as_numbers
from ..slopes import slopes_at

SIZES = (1.0, 0.01, 0.1, 10.0, 100.0, 1e-6)  # of the inputs that a finished line is tried at
SIGNS = ("positive", 1), ("negative", -1)
CLEAR = 1e-3  # relative: slopes with a larger error are not compared with


@dataclass(frozen=True, eq=False)
class Point:
    """A derivative at one input."""

    J: np.ndarray
    names: dict        # the arrays that a line may use there
    error: np.ndarray | None = None  # of each entry of J
    clear: np.ndarray | None = None  # bool, Y's shape: where J can be compared with; all
    like: str = ""     # in words: what kind of input it is

    def __iter__(self):
        return iter((self.J, self.names))


def fresh_input(x, kind, random):
    """New numbers: of both signs; between those of x; or x itself, a little changed."""
    if kind == "wide":
        return random.standard_normal(x.shape) * max(1.0, float(np.std(x)) if x.size else 1.0)
    if kind == "like" and x.size:
        pool, t = x.ravel(), random.random(x.shape)
        return t * random.choice(pool, x.shape) + (1 - t) * random.choice(pool, x.shape)
    return x * random.uniform(0.9, 1.1, x.shape)


def trial_inputs(x, random):
    """(words, inputs): for each kind of input some of the kind, to be tried until f takes one."""
    for size in SIZES:
        yield ("other inputs" if size == 1 else f"inputs of size {size:g}",
               [size * fresh_input(x, kind, random) for kind in ("wide", "like")])
    yield "the inputs with the other sign", [-x]
    yield from odd_inputs(x, random)


def odd_inputs(x, random):
    """The same where a line is likely to break: one sign, zeros, constant rows and columns."""
    def some(change):
        return [np.array(change(fresh_input(x, kind, random)), float) for kind in ("wide", "like")]

    yield "zeros", [np.zeros(x.shape)]
    yield "equal inputs", some(lambda new: np.full(x.shape, new.flat[0] if new.size else 0.0))
    for axis in sorted({0, x.ndim - 1}) if x.ndim > 1 else ():
        for words, value in (("zeros", 0.0), ("equal inputs", None)):
            def put(new, axis=axis, value=value):
                lines = np.moveaxis(new, axis, 0)
                if lines.size:
                    lines[0] = lines[0].flat[0] if value is None else value
                return new

            yield f"{words} at index 0 of axis {axis}", some(put)
    if x.ndim == 1 and x.size > 1:
        yield "a zero among the inputs", some(lambda new: np.append(0.0, new[1:]))
    for words, sign in SIGNS:
        yield f"{words} inputs", some(lambda new, sign=sign: sign * np.abs(new))


def trial_points(x, points, random):
    """A `Point` at every kind of input that f takes. points(inputs, likes): one each, or None."""
    kinds, found = list(trial_inputs(x, random)), {}
    for turn in range(max(len(inputs) for _, inputs in kinds)):
        left = [i for i, (_, inputs) in enumerate(kinds) if i not in found and turn < len(inputs)]
        made = points([kinds[i][1][turn] for i in left], [kinds[i][0] for i in left])
        found |= {i: p for i, p in zip(left, made, strict=True) if p is not None}
    return [found[i] for i in sorted(found)]


def points_at(f, xs, shape, what):
    """[(Y, slopes, clear)] at new inputs; None where f has no finite value, or no slope at all.

    Raises NumberError when f writes to its input, ShapeError when its shape depends on the values.
    """
    values = [value_at(f, x, shape, what) for x in xs]
    fine = [i for i, Y in enumerate(values) if Y is not None]
    found = [None] * len(xs)
    with np.errstate(all="ignore"):
        for i, s in zip(fine, slopes_at(f, [xs[i] for i in fine]), strict=True):
            clear = s and clear_of(s, xs[i])
            if s and (clear.any() or not clear.size):
                found[i] = values[i], s, clear
    return found


def value_at(f, x, shape, what):
    """f(x), or None where it has no finite value. Raises as `points_at`."""
    given = x.copy()
    try:
        with np.errstate(all="ignore"):
            Y = np.array(as_numbers(f(given), "f(x)"))
    except NumberError:
        return None
    unchanged(given, x, what)
    if Y.shape != shape:
        raise ShapeError(f"discover: {what} changes its shape with the values of x: {shape}, and "
                         f"{Y.shape} for other values. Its derivative has no fixed shape.")
    return Y if np.isfinite(Y).all() else None


def first_clear(count, inputs, points):
    """The first `count` points of some inputs whose slopes are clear everywhere."""
    found, inputs = [], iter(inputs)
    while len(found) < count:
        some = list(islice(inputs, count - len(found)))
        if not some:
            break
        found += [p for p in points(some) if p is not None and p.clear.all()]
    return found


def clear_of(s, x):
    """Where every slope of an output is known to three digits, and not at a kink: Y's shape."""
    axes = tuple(range(s.Y.ndim, s.J.ndim))
    with np.errstate(all="ignore"):
        error, size = s.error.max(axes, initial=0), np.abs(s.J).max(axes, initial=0)
        clear = np.array(np.isfinite(s.J).all(axes) & np.isfinite(error))
        clear &= error <= CLEAR * np.maximum(size, 1e-9 * np.abs(s.Y).max(initial=0))
    for kink in s.kinks:
        clear[kink.output] = False
    return clear


def unchanged(given, x, what):
    """Raise NumberError when a function wrote to what it was given."""
    if not np.array_equal(given, x, equal_nan=True):
        place = np.argwhere((given != x) & ~(np.isnan(given) & np.isnan(x)))[0].tolist()
        was, now = told_apart(x[tuple(place)], given[tuple(place)])
        raise NumberError(f"discover: {what} modifies its input: x{place} was {was} and is {now}. "
                          "Let it work on a copy: x.copy().")


def told_apart(one, other, digits="g"):
    """Two numbers as texts of few digits, of all where few do not tell them apart."""
    short = [format(x, digits) for x in (one, other)]
    return short if short[0] != short[1] else [repr(float(x)) for x in (one, other)]


def jump(kink):
    """What the slope does at a kink, in words."""
    left, right = told_apart(kink.left, kink.right, ".4f")
    return f"jumps from {left} to {right}. The answer is for inputs beside it."


def finite(J, what):
    """Raise NumberError naming the first entry that is nan or infinite."""
    with np.errstate(invalid="ignore"):
        bad = J.size and not (np.isfinite(J.max()) and np.isfinite(J.min()))
    if bad:
        place = np.argwhere(~np.isfinite(J))[0].tolist()
        raise NumberError(f"discover: {what}{place} is {J[tuple(place)]}. A derivative must be a "
                          "number: choose another point.")
