"""A second opinion on a slope, before anybody is accused: differences on a whole ladder of steps.

A slope from one pair of steps is believed only as far as every finer pair, down to the rounding of
x, tells the same, each to within its own rounding. So an estimate that is right by accident, or one
whose step has jumped over a kink, has an error as large as what the finer ones say against it.
"""

from dataclasses import dataclass

import numpy as np

from ..slopes import Kink

EPS = np.finfo(np.float64).eps
RATIO = 8.0


@dataclass(frozen=True)
class Rungs:
    """The measured slope of every output by one number: value, error, and where a kink is."""

    slope: np.ndarray
    error: np.ndarray
    kink: np.ndarray
    left: np.ndarray
    right: np.ndarray


@dataclass(frozen=True, eq=False)
class Measured:
    """The slopes by some entries of an input: J and its error (*Y.shape, entries), Y, the kinks."""

    J: np.ndarray
    Y: np.ndarray
    error: np.ndarray
    kinks: tuple


def columns(f, x, places, noise):
    """`Measured` slopes of f by x at these flat places; noise: the rounding of f(x)."""
    here = f(x)
    found = [rungs(f, x, here, place, noise) for place in places]
    kinks = [Kink(tuple(map(int, k)), tuple(map(int, np.unravel_index(place, x.shape))),
                  float(one.left[tuple(k)]), float(one.right[tuple(k)]))
             for one, place in zip(found, places, strict=True) for k in np.argwhere(one.kink)]
    empty = np.zeros((*here.shape, 0))
    J, error = (np.stack(parts, -1) if found else empty for parts in
                ([one.slope for one in found], [one.error for one in found]))
    return Measured(J, here, error, tuple(kinks))


def rungs(f, x, here, place, noise):
    """The `Rungs` of f by x at one flat place, where f(x) is `here`."""
    at = x.reshape(-1)[place]
    steps = ladder(x, at)
    sides = []
    for sign in (1, -1):
        values, widths = [], []
        for step in steps:
            moved = x.copy()
            moved.reshape(-1)[place] += sign * step
            widths.append(abs(moved.reshape(-1)[place] - at))
            values.append(tried(f, moved, here.shape))
        sides.append((np.array(values), np.reshape(widths, (-1, *[1] * here.ndim))))
    with np.errstate(all="ignore"):
        return read(here, *sides[0], *sides[1], noise)


def ladder(x, at):
    """Steps from the size of all of x, at least 1, down to a millionth of the number itself."""
    sizes = np.abs(x[(x != 0) & np.isfinite(x)])
    top = max(1.0, float(sizes.max(initial=0.0)))
    own = abs(at) if at else float(sizes.min(initial=1.0))
    bottom = max(1e-6 * min(own, 1.0), 64 * np.spacing(abs(at)))
    count = max(4, int(np.ceil(np.log(top / bottom) / np.log(RATIO))) + 1)
    return np.exp2(np.ceil(np.log2(top))) * RATIO ** -np.arange(count)


def tried(f, x, shape):
    """f(x), nan where it refuses: a step may leave its domain."""
    try:
        return np.where(np.isfinite(value := f(x)), value, np.nan)
    except Exception:
        return np.full(shape, np.nan)


def read(here, high, up, low, down, noise):
    """`Rungs` from f above and below, at these widths, shape (steps, 1…)."""
    noise = np.maximum(noise, 2 * EPS * np.maximum(np.abs(high), np.abs(low))[-2:].max(0))
    slope, error = believed((high - low) / (up + down), RATIO**2, noise / up)
    rises, falls = (high - here) / up, (here - low) / down
    kink = kinked(extrapolated(rises, RATIO) - extrapolated(falls, RATIO), 4 * noise / up[1:],
                  np.maximum(np.abs(rises), np.abs(falls))[1:])
    right, right_error = believed(rises, RATIO, 2 * noise / up)
    left, left_error = believed(falls, RATIO, 2 * noise / down)
    error = np.where(kink, np.maximum(error, np.maximum(right_error, left_error)), error)
    return Rungs(slope, error, kink, left, right)


def extrapolated(plain, factor):
    """Slopes from pairs of steps, the first term of their error taken out."""
    return (factor * plain[1:] - plain[:-1]) / (factor - 1)


def believed(plain, factor, rounding):
    """(slope, error) of the best pair of steps, as far as all finer pairs tell the same."""
    slopes, rounding = extrapolated(plain, factor), 1.1 * rounding[1:]
    if factor == RATIO:
        rounding = 1.2 * rounding
    errors = np.full(slopes.shape, np.inf)
    for k in range(len(slopes)):
        against = np.abs(slopes[k:] - slopes[k]) - rounding[k:]
        worst = np.max(against, 0, initial=0.0, where=np.isfinite(against))
        finer = (slopes if k < len(slopes) - 1 else plain)[k:k + 2]
        worst = np.maximum(worst, np.abs(finer[1] - finer[0]))
        errors[k] = np.where(np.isfinite(slopes[k]), worst + rounding[k], np.inf)
    best = errors.argmin(0)[None]
    return (np.take_along_axis(slopes, best, 0)[0], np.take_along_axis(errors, best, 0)[0])


def kinked(gap, blur, sizes):
    """Where the slopes of both sides stay apart down to the finest steps that can tell."""
    clear = np.isfinite(gap) & (blur < 1e-2 * np.abs(gap)) & (np.abs(gap) > 1e-3 * sizes)
    finest = len(gap) - 1 - clear[::-1].argmax(0)[None]
    last, before = (np.take_along_axis(gap, np.maximum(finest - back, 0), 0)[0] for back in (0, 1))
    numbers = np.arange(len(gap)).reshape(-1, *[1] * (gap.ndim - 1))
    agrees = ~np.isfinite(gap) | (np.abs(gap - last) <= blur + 0.05 * np.abs(last))
    return ((clear.sum(0) >= 3) & (np.abs(last - before) < 0.05 * np.abs(last))
            & np.all(agrees | (numbers < finest), 0))
