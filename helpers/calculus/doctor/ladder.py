"""A second opinion on a slope, before anybody is accused: differences on a whole ladder of steps.

A slope from one pair of steps is believed only as far as every finer pair, down to the rounding of
x, tells the same, each to within its own rounding. So an estimate that is right by accident, or one
whose step has jumped over a kink, has an error as large as what the finer ones say against it.
"""

from dataclasses import dataclass

import numpy as np

from ..looks import Kink

EPS = np.finfo(np.float64).eps
RATIO = 8.0
HELD = 2**17  # columns together have about so many entries
DEEPER = 14   # steps more at 0: from a millionth down to 2e-19


@dataclass(frozen=True, eq=False)
class Measured:
    """The slopes by some entries of an input: J and its error (*Y.shape, entries), Y, the kinks."""

    J: np.ndarray
    Y: np.ndarray
    error: np.ndarray
    kinks: tuple


def columns(f, x, places, noise, unit=EPS):
    """`Measured` slopes of f by x at these flat places; noise: the rounding of f(x)."""
    here = f(x)
    if not len(places):
        empty = np.empty((*here.shape, 0))
        return Measured(empty, here, empty, ())
    together = max(1, HELD // max(here.size, 1))
    parts = [some_columns(f, x, here, places[i:i + together], noise, unit)
             for i in range(0, len(places), together)]
    return Measured(np.concatenate([part.J for part in parts], -1), here,
                    np.concatenate([part.error for part in parts], -1),
                    tuple(kink for part in parts for kink in part.kinks))


def some_columns(f, x, here, places, noise, unit):
    """`Measured` slopes at a few places, all of them held at once."""
    ladders = [ladder(x, x.reshape(-1)[place]) for place in places]
    up, high = walk(f, x, places, ladders, here.shape, 1)
    down, low = walk(f, x, places, ladders, here.shape, -1)
    spikes = {i: steep for i, place in enumerate(places) if x.reshape(-1)[place] == 0 and np.any(
        steep := steeper(up[:, i], high[:, i] - low[:, i], len(ladders[i]), noise, here))}
    if spikes:  # x / max(‖x‖, ε) at x = 0 shows its slope only within ε
        up, high, low, down = deeper(f, x, places, ladders, spikes, here.shape)
    with np.errstate(all="ignore"):
        largest = float(np.abs(x).max(initial=1.0, where=np.isfinite(x)))
        slope, error, kink, left, right = read(here, high, up, low, down, noise, unit, largest)
    kinks = tuple(Kink(tuple(map(int, k)), tuple(map(int, np.unravel_index(places[i], x.shape))),
                       float(left[(i, *k)]), float(right[(i, *k)]))
                  for i, *k in np.argwhere(kink))
    return Measured(np.moveaxis(slope, 0, -1), here, np.moveaxis(error, 0, -1), kinks)


def steeper(widths, rises, count, noise, here):
    """Which outputs still see a slope of twice the size at the last of `count` steps."""
    blur = np.maximum(noise, EPS * np.abs(here).max(initial=0.0, where=np.isfinite(here)))
    with np.errstate(all="ignore"):
        last, before = (np.abs(rises[k] / widths[k]) for k in (count - 1, count - 2))
        return (last > 2 * before) & (np.abs(rises[count - 1]) > 100 * blur)


def deeper(f, x, places, ladders, spikes, shape):
    """Both walks again, {place: its outputs} on to finer steps: there others only see rounding."""
    ends = [len(steps) for steps in ladders]
    for i in spikes:
        finer = ladders[i][-1] * RATIO ** -np.arange(1.0, DEEPER + 1)
        ladders[i] = np.concatenate([ladders[i], finer])
    up, high = walk(f, x, places, ladders, shape, 1)
    down, low = walk(f, x, places, ladders, shape, -1)
    for i, steep in spikes.items():
        high[ends[i]:, i, ~steep] = low[ends[i]:, i, ~steep] = np.nan
    return up, high, low, down


def walk(f, x, places, ladders, shape, sign):
    """(widths, values) of f on ladders to one side: (steps, places, 1…), (steps, places, *Y)."""
    count = max(map(len, ladders))
    widths = np.full((count, len(places)), np.nan)
    values = np.full((count, len(places), *shape), np.nan)
    for i, (place, steps) in enumerate(zip(places, ladders, strict=True)):
        for k, step in enumerate(steps):
            moved = x.copy()
            flat = moved.reshape(-1)
            with np.errstate(over="ignore"):
                flat[place] += sign * step
            with np.errstate(invalid="ignore"):  # beside ∞
                widths[k, i] = abs(flat[place] - x.reshape(-1)[place])
            values[k, i] = tried(f, moved, shape)
    return widths.reshape(count, len(places), *[1] * len(shape)), values


def ladder(x, at):
    """Steps from the size of all of x, at least 1, down to a millionth of the number itself."""
    if not np.isfinite(at):
        return np.ones(2)  # beside it nothing is known, whatever the step
    sizes = np.abs(x[(x != 0) & np.isfinite(x)])
    top = max(1.0, float(sizes.max(initial=0.0)))
    own = abs(at) if at else float(sizes.min(initial=1.0))
    bottom = max(1e-6 * min(own, 1.0), 64 * np.spacing(abs(at)))
    count = int(np.ceil((np.log(top) - np.log(bottom)) / np.log(RATIO))) + 1  # a dozen, about
    return np.exp2(min(np.ceil(np.log2(top)), 1023.0)) * RATIO ** -np.arange(count)


def tried(f, x, shape):
    """f(x), nan where it refuses: a step may leave its domain."""
    try:
        return np.where(np.isfinite(value := f(x)), value, np.nan)
    except Exception:
        return np.full(shape, np.nan)


def read(here, high, up, low, down, noise, unit, largest):
    """(slope, error, whether there is a kink, slopes left and right) from f on both sides.

    largest: the largest number of x, at least 1.
    """
    noise = np.maximum(noise, 2 * unit * np.fmin(np.abs(high), np.abs(low)))
    noise = np.maximum(noise, stairs(high - here, low - here, unit, largest))
    slope, error = believed((high - low) / (up + down), RATIO**2, noise / up)
    rises, falls = (high - here) / up, (here - low) / down
    kink = kinked(extrapolated(rises, RATIO) - extrapolated(falls, RATIO), (4 * noise / up)[1:],
                  np.maximum(np.abs(rises), np.abs(falls))[1:])
    right, right_error = believed(rises, RATIO, 2 * noise / up)
    left, left_error = believed(falls, RATIO, 2 * noise / down)
    error = np.where(kink, np.maximum(error, np.maximum(right_error, left_error)), error)
    return slope, error, kink, left, right


def stairs(above, below, unit, largest=1.0):
    """The rounding of what stands still at one of the three finest steps and moves at wider ones.

    It may be flat, or stand on a stair as high as the rounding of a number further in, such as the
    1 of 1 − cos x; that is taken to be no larger than 1, the largest number of x or the largest
    move.
    """
    moved = np.fmax(np.abs(above), np.abs(below))
    known = np.isfinite(moved)
    finest = known & (known[::-1].cumsum(0)[::-1] <= 3)
    still = np.any(finest & (moved == 0), 0)
    most = np.max(moved, 0, initial=0.0, where=known)
    return np.where(still & (most > 0), unit * np.maximum(most, largest), 0.0)


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
        finer = np.abs(slopes[k + 1] - slopes[k]) if k < len(slopes) - 1 else np.nan
        last = np.abs(plain[k + 1] - plain[k])  # no finer pair tells: the steps themselves do
        worst = np.maximum(worst, np.where(np.isfinite(finer), finer, last))
        errors[k] = np.where(np.isfinite(slopes[k]), worst + rounding[k], np.inf)
    best = errors.argmin(0)[None]
    return (np.take_along_axis(slopes, best, 0)[0], np.take_along_axis(errors, best, 0)[0])


def kinked(gap, blur, sizes):
    """Where the slopes of both sides stay apart down to the finest steps that can tell."""
    clear = np.isfinite(gap) & (blur < 1e-2 * np.abs(gap)) & (np.abs(gap) > 1e-3 * sizes)
    finest = len(gap) - 1 - clear[::-1].argmax(0)[None]
    last, before = (np.take_along_axis(gap, finest - back, 0)[0] for back in (0, 1))
    numbers = np.arange(len(gap)).reshape(-1, *[1] * (gap.ndim - 1))
    agrees = ~np.isfinite(gap) | (np.abs(gap - last) <= blur + 0.05 * np.abs(last))
    return ((clear.sum(0) >= 3) & (np.abs(last - before) < 0.05 * np.abs(last))
            & np.all(agrees | (numbers < finest), 0))
