"""The derivative of any function of an array, with its error and how it was found.

A complex step where f takes one and where it agrees with central differences along a direction
that it did not use; central differences, extrapolated, where it does not. The error is measured:
how far the slope moves when x moves in its last digit, or how far differences of several steps
lie apart. What no step can tell is said in words.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from . import complex_step
from .differences import (
    CLOSE,
    EPS,
    QUICK,
    STEPS,
    SURE,
    by_differences,
    jumps_of,
    read,
    read_all,
    sides,
)
from .errors import ShapeError
from .jacobian import as_numbers, check_size

COLUMNS = 64        # inputs that are each checked by differences too
FLAT = 1e-9         # of the size of f: a change that is less, when x changes as much as it is
FOUR = (1, 2, 3, 4)  # of STEPS, for that check
SEED = 20_231


@dataclass(frozen=True)
class Kink:
    """One output has two slopes by one input."""

    output: tuple
    input: tuple
    left: float
    right: float


@dataclass(frozen=True, eq=False)
class Slopes:
    """A derivative as it was measured."""

    J: np.ndarray       # Y.shape + x.shape; along directions (count, *Y.shape)
    Y: np.ndarray       # f(x)
    error: np.ndarray   # the absolute error of each entry of J, as estimated
    method: str         # "complex step", "central differences", or both
    kinks: tuple = ()
    troubles: tuple = ()  # sentences
    accuracy: float = 0.0   # the largest error of an output, relative to what adds up to it
    confirmed: float = 0.0  # to within this a second method found the same, relative as well

    @property
    def exact(self):
        """Whether every slope comes from a complex step."""
        return self.method == "complex step"


def slopes(f, x, columns=True):
    """`J[k…, i…] = ∂f(x)[k…]/∂x[i…]` as `Slopes`; J and error have shape f(x).shape + x.shape.

    f is called with float64 (or complex) arrays of x's shape; x stays as it is. columns: a
    complex step is checked by differences for each of a few inputs, not only along a direction.
    Raises NumberError, TooBig, and whatever f raises at x.
    """
    x = np.array(as_numbers(x, "x"))
    sizes = step_sizes(x)

    def one(c):
        v = np.zeros(x.size)
        v[c] = sizes.flat[c]
        return v.reshape(x.shape)

    found = measured(f, x, x.size, one, lambda w: w.reshape(x.shape) * sizes, True, columns)
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
    found = measured(f, x, len(V), lambda c: V[c] / units[c],
                     lambda w: np.tensordot(w / units, V, 1))
    by = units.reshape(-1, *[1] * found.Y.ndim)
    kinks = tuple(replace(k, left=k.left * units[k.input[0]], right=k.right * units[k.input[0]])
                  for k in found.kinks)
    return replace(found, J=found.J * by, error=found.error * by, kinks=kinks)


def measured(f, x, count, direction, combined, whole=False, columns=False):
    """`Slopes` along direction(0), …, direction(count − 1), none longer than x's own sizes.

    combined(w) is Σ w[c]·direction(c), the direction of the test. whole: these are all of x.
    """
    with np.errstate(all="ignore"):
        here = np.array(as_numbers(f(x.copy()), "f(x)"))
        if whole:
            check_size(here.shape + x.shape, "This Jacobian", instead="take a smaller x")
        if not count or not here.size:
            empty = np.zeros((count, *here.shape))
            return Slopes(empty, here, empty, "complex step", confirmed=0.0)
        at, w, r = as_shaped(f, here), *test_direction(count, combined, step_sizes(x))
        D = complex_step.slopes_along(f, x, map(direction, range(count)), count, here.shape)
        line = read(sides(at, x, r, STEPS[[*QUICK]]), here, STEPS[[*QUICK]])
        test = judged(D, w, line, here)
        contradicted = columns and D is not None and count <= COLUMNS and \
            contradictions(at, x, map(direction, range(count)), D, here)
        if (test.bad | test.dim | line.kink | line.doubt | contradicted).any():
            line = jumps_of(at, x, r, sides(at, x, r, STEPS), here)
            test = judged(D, w, line, here)
        wanted = test.bad | line.kink | contradicted
        if D is None:
            D, error = np.zeros((2, count, *here.shape))
        else:
            error = last_digit(f, x, r, w, D) + np.where(line.jump > 0, test.apart, 0)
        kinks = []
        if wanted.any():
            C, c_error, kinks = by_differences(at, x, direction, count, here, line, wanted)
            c_error = c_error + unlike(C, c_error, w, line) / across(np.abs(w), here)
            lone = np.array(line.kink)  # a kink by several inputs together, by none of them alone
            for output, *_ in kinks:
                lone[output] = False
            c_error = np.where(lone, np.maximum(c_error, steepness(line)), c_error)
            D, error = better(D, error, C, c_error, wanted)
        return concluded(D, here, error, wanted, w, line, test, kinks)


def as_shaped(f, here):
    """f as float64, refused where its shape is not that of `here`."""
    def at(u):
        Y = np.array(as_numbers(f(np.array(u)), "f(x)"))
        if Y.shape != here.shape:
            raise ShapeError(f"f(x) has shape {here.shape}, but {Y.shape} beside x. Its "
                             "derivative has no fixed shape.")
        return Y

    return at


def better(D, error, C, c_error, wanted):
    """Slopes and errors: by differences, C, where they are wanted, unless both agree."""
    apart = np.abs(C - D)
    take = wanted & ~((apart <= 10 * c_error) & (c_error <= CLOSE * np.abs(D)))
    error = np.where(wanted & ~take, np.minimum(error, apart + c_error), error)
    return np.where(take, C, D), np.where(take, c_error, error)


def concluded(D, here, error, wanted, w, line, test, kinks):
    """The `Slopes`, with its method and how far it is to be trusted."""
    method = " and ".join(name for name, used in (
        ("complex step", not wanted.all()), ("central differences", wanted.any())) if used)
    size = np.maximum(FLAT * line.top, np.tensordot(np.abs(w), np.abs(D), 1))
    size = np.where(wanted, np.maximum(size, steepness(line)), test.scale)
    whole = np.max(error * across(np.abs(w), here), axis=0)
    seen = wanted & (np.tensordot(np.abs(w), np.abs(D), 1) > 2 * whole)  # more than rounding
    loss = relative(whole, np.where(seen, steepness(line), size))
    second = np.where(wanted, np.tensordot(np.abs(w), error, 1),
                      np.nan_to_num(test.apart, nan=np.inf))
    known, most = np.isfinite(loss), np.tensordot(np.abs(w), np.abs(D), 1).max(initial=0)
    size = np.maximum(size, 1e-3 * most if most else line.top)  # of outputs that hardly move
    return Slopes(
        D, here, error, method, tuple(Kink(*kink) for kink in kinks),
        troubles(here, loss, line, test.dim & ~wanted),
        float(loss.max(initial=0, where=known)),
        float(relative(second, size).max(initial=0, where=known)))


def relative(error, size):
    """The error by the size; 0 where both are."""
    return np.where((size > 0) | (error > 0), error / size, 0)


@dataclass(frozen=True, eq=False)
class Test:
    """A complex step against differences along a direction of its own: arrays of Y's shape."""

    scale: np.ndarray  # the size of what adds up to the slope
    apart: np.ndarray  # how far the two lie apart, with the error of the differences
    bad: np.ndarray    # they contradict one another
    dim: np.ndarray    # differences have not three digits there


def test_direction(count, combined, sizes):
    """(weights, direction): all directions together, by signs and sizes drawn once for all."""
    random = np.random.default_rng(SEED)
    w = random.integers(5, 9, count) / 8 * random.choice([-1.0, 1.0], count)
    r = combined(w)
    longest = float((np.abs(r) / sizes).max(initial=0)) or 1.0
    least = 2.0 ** -max(0, math.frexp(longest)[1])  # a power of two: the steps stay exact
    return w * least, r * least


def judged(D, w, line, here):
    """The `Test` of slopes by a complex step; without those, of the differences alone."""
    floor = np.maximum(FLAT * line.top, steepness(line))
    if D is None:
        nothing = np.zeros(here.shape)
        return Test(floor, nothing, nothing == 0, ~(line.error <= CLOSE * floor))
    sure = np.tensordot(w, D, 1)
    scale = np.maximum(floor, np.nan_to_num(np.tensordot(np.abs(w), np.abs(D), 1)))
    apart = np.abs(sure - line.slope)
    bad = ~(apart <= 10 * line.error + 64 * EPS * scale) | ~np.isfinite(here)
    # Next to a point where f is steep and rough, wide steps see another slope, and are sure of it.
    local = np.abs(sure - line.near) <= 3 * line.near_error
    rounding = 1e3 * EPS * line.top / STEPS[line.finest]
    vague = line.error > np.maximum(SURE * np.abs(line.slope), rounding)
    unseen = np.isnan(line.slope) | (np.abs(sure) > 10 * (np.abs(line.slope) + line.error))
    torn = bad & unseen & (line.jump == 0) & (local | vague) & np.isfinite(here)
    return Test(scale, apart + line.error, bad & ~torn, ~(line.error <= CLOSE * scale) | torn)


def steepness(line):
    """How steep f is along a line: at a kink, on its steeper side."""
    side = np.where(line.kink, np.maximum(np.abs(line.left), np.abs(line.right)), 0)
    return np.maximum(np.nan_to_num(np.abs(line.slope)), side)


def contradictions(f, x, directions, D, here):
    """Where differences along one direction are sure of another slope, or see a bend."""
    steps, found, directions = STEPS[[*FOUR]], np.zeros(here.shape, bool), [*directions]
    line = read_all([sides(f, x, v, steps) for v in directions], here, steps)
    sure = line.error <= CLOSE * np.maximum(np.abs(line.slope), np.abs(D))
    odd = (sure & (np.abs(line.slope - D) > 10 * line.error + CLOSE * np.abs(D))) | line.kink
    for c in np.flatnonzero(odd.any(tuple(range(1, odd.ndim)))):
        line = jumps_of(f, x, directions[c], sides(f, x, directions[c], STEPS), here)
        found |= judged(D[c:c + 1], np.ones(1), line, here).bad | line.kink
    return found


def last_digit(f, x, r, w, D):
    """The errors of a complex step (count, *Y.shape): how far it moves with x's last digits.

    What the slopes along all directions add up to is measured once more too.
    """
    random = np.random.default_rng(SEED + 1)
    moved = np.array(x + EPS * random.choice([-2, -1, 1, 2], x.shape) * step_sizes(x) * (x != 0))
    total = np.tensordot(w, D, 1)
    size = np.tensordot(np.abs(w), np.abs(D), 1)
    apart = np.zeros(D.shape[1:])
    for at in (x, moved):
        again = complex_step.slopes_along(f, at, [r], 1, D.shape[1:])
        if again is not None:
            apart = np.maximum(apart, np.nan_to_num(np.abs(again[0] - total), nan=np.inf))
    apart = 2 * np.maximum(apart - 16 * EPS * size, 0)
    return apart / across(np.abs(w), total) + 4 * EPS * np.abs(D)


def across(w, Y):
    """Weights as a column beside the axes of Y."""
    return w.reshape(-1, *[1] * Y.ndim)


def unlike(C, error, w, line):
    """How far differences by columns add up to something else than along the test's direction."""
    apart = np.abs(np.tensordot(w, C, 1) - line.slope)
    known = 3 * (np.tensordot(np.abs(w), error, 1) + line.error)
    return np.nan_to_num(np.where(apart > known, apart, 0))


def troubles(here, loss, line, dim):
    """Sentences about what is wrong with the slopes: one of each kind, about the worst output."""
    rough = (line.jump > 0) & (line.noise >= line.jump)
    flat = (line.jump > 0) & ~rough
    dim = dim & ~rough
    endless = ~np.isfinite(loss) & np.isfinite(here)
    lost = ~(loss <= CLOSE) & ~rough & ~dim & ~endless & np.isfinite(here)
    return tuple(sentence(*worst(where, by)) for where, by, sentence in (
        (~np.isfinite(here), np.ones(here.shape), lambda k, _: f"f(x){k} is not finite."),
        (rough, line.jump, lambda k, q:
            f"f{k} goes in steps of about {q:.0e}: it rounds inside, or computes in fewer digits. "
            "The slopes are those of the smooth function through them, right to within "
            f"{np.max(np.where(rough, loss, 0)):.0e}."),
        (flat, line.jump, lambda k, q: f"f{k} jumps by about {q:.2g} beside x: the slopes are "
                                       "those between the jumps."),
        (endless, loss, lambda k, _: f"f{k} has no finite slope at x."),
        (lost, loss, lambda k, e:
            f"No step gives three digits of the slopes of f{k}: they may be off by {e:.0%}."),
        (dim, line.error, lambda k, e:
            f"The slopes of f{k} are by a complex step alone: f is so rough there that no "
            "difference has three digits to confirm them with."),
    ) if where.any())


def worst(where, by):
    """(index as text, value) of the largest among some entries."""
    k = np.unravel_index(np.argmax(np.where(where, np.nan_to_num(by, nan=np.inf), -1)), by.shape)
    return (f"[{', '.join(map(str, k))}]" if k else ""), float(by[k])


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
