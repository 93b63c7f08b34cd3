"""Slopes at one x or at several: a complex step, confirmed by differences, or differences alone.

What f says around every x is gathered first (`Look`), then read and judged for all of them
together: small arrays cost as much to look at as a hundred of them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..words import brief
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
    wider,
)
from .errors import NumberError, ShapeError
from .jacobian import as_numbers, check_size
from .silence import muted
from .stillness import hides

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
    error: np.ndarray   # the absolute error of each entry of J, as estimated: by differences alone
                        # it does not tell what f hides that stands still
    method: str         # "complex step", "central differences", or both
    kinks: tuple = ()
    troubles: tuple = ()  # sentences
    accuracy: float = 0.0   # the largest error of an output, relative to what adds up to it
    confirmed: float = 0.0  # to within this a second method found the same, relative as well

    @property
    def exact(self):
        """Whether every slope comes from a complex step."""
        return self.method == "complex step"

@dataclass(frozen=True, eq=False)
class Look:
    """What f says at one x, before anything is concluded from it."""

    f: Callable           # as it was given
    at: Callable          # the same in float64, of one shape
    x: np.ndarray
    here: np.ndarray      # f(x)
    sizes: np.ndarray     # of the numbers of x
    count: int
    direction: Callable   # number c to direction c, none longer than x's own sizes
    w: np.ndarray         # the direction of the test is Σ w[c]·direction(c)
    r: np.ndarray
    D: np.ndarray | None  # slopes by a complex step, (count, *Y.shape)
    values: tuple         # f at both sides of x along r, at the QUICK steps

    @property
    def entries(self):
        """How many slopes there are."""
        return self.count * self.here.size


def looked(f, x, count, direction, combined, sizes, whole=False):
    """The `Look` along direction(0), …, direction(count − 1). whole: these are all of x.

    combined(w) is Σ w[c]·direction(c), the direction of the test.
    """
    if not callable(f):
        raise NumberError(f"f must be a function of one array, not {brief(f)}.")
    f = muted(f)
    with np.errstate(all="ignore"):
        here = np.array(as_numbers(f(x.copy()), "f(x)"))
        if whole:
            check_size(here.shape + x.shape, "This Jacobian", instead="take a smaller x")
        at, w, r = as_shaped(f, here), *test_direction(count, combined, sizes)
        if not count or not here.size:
            nothing = np.zeros((count, *here.shape))
            return Look(f, at, x, here, sizes, count, direction, w, r, nothing, ())
        D = complex_step.slopes_along(f, x, map(direction, range(count)), count, here.shape)
        return Look(f, at, x, here, sizes, count, direction, w, r, D,
                    sides(at, x, r, STEPS[[*QUICK]]))


def measured(looks, columns=False):
    """The `Slopes` of each look, read together: all with a complex step, or all without.

    Arrays have the axes (looks, count, *Y.shape), without count where all directions add up.
    """
    first = looks[0]
    if not first.entries:
        return [Slopes(look.D, look.here, look.D, "complex step") for look in looks]
    with np.errstate(all="ignore"):
        here, w = np.array([look.here for look in looks]), np.array([look.w for look in looks])
        D = None if first.D is None else np.array([look.D for look in looks])
        line = read_all([look.values for look in looks], here, STEPS[[*QUICK]])
        test = judged(D, w, line, here)
        contradicted = np.zeros(here.shape, bool)
        if columns and D is not None and first.count <= COLUMNS:
            contradicted = np.array([contradictions(look) for look in looks])
        odd = test.bad | test.dim | line.kink | line.doubt | contradicted
        again = np.flatnonzero(odd.any(tuple(range(1, odd.ndim))))
        if again.size:
            line = with_jumps(looks, line, again)
            test = judged(D, w, line, here)
        if D is not None:
            test = unhidden(test, looks, weighted(w, D), line)
        wanted = test.bad | line.kink | contradicted
        if D is None:
            D, error = np.full((2, len(looks), first.count, *here.shape[1:]), np.nan)
        else:
            error = last_digit(looks, w, D) + np.where(line.jump > 0, test.apart, 0)[:, None]
        kinks = [()] * len(looks)
        for p in np.flatnonzero(wanted.any(tuple(range(1, wanted.ndim)))):
            D[p], error[p], kinks[p] = differenced(looks[p], D[p], error[p], line.at(p), wanted[p])
        return concluded(D, here, error, wanted, w, line, test, kinks)


def with_jumps(looks, line, places):
    """The `Line` with all STEPS at some looks, and what jumps there are where it is in doubt."""
    values = [sides(looks[p].at, looks[p].x, looks[p].r, STEPS) for p in places]
    fine = read_all(values, np.array([looks[p].here for p in places]), STEPS)
    for q, p in enumerate(places):
        look, one = looks[p], fine.at(q)
        line.put(p, jumps_of(look.at, look.x, look.r, values[q], look.here, one))
    return line


def differenced(look, D, error, line, wanted):
    """(slopes, errors, kinks) of one look, by differences where they are wanted."""
    line = wider(look.at, look.x, look.r, look.here, line)
    C, c_error, kinks = by_differences(look.at, look.x, look.direction, look.count, look.here,
                                       line, wanted)
    c_error = c_error + unlike(C, c_error, look.w, line) / across(np.abs(look.w), look.here)
    lone = np.array(line.kink)  # a kink by several inputs together, by none of them alone
    for output, *_ in kinks:
        lone[output] = False
    c_error = np.where(lone, np.maximum(c_error, steepness(line)), c_error)
    return *better(D, error, C, c_error, wanted), kinks


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
    """The `Slopes`, each with its method and how far it is to be trusted."""
    def most(values, where=True):
        axes = tuple(range(1, values.ndim))
        return np.max(values, axes, initial=0, where=where, keepdims=True)

    across_ = np.abs(w).reshape(*w.shape, *[1] * (here.ndim - 1))
    added, steep = weighted(np.abs(w), np.abs(D)), steepness(line)
    size = np.maximum(FLAT * line.top, added)
    size = np.where(wanted, np.maximum(size, steep), test.scale)
    whole = np.max(error * across_, axis=1)
    loss = relative(whole, size)
    second = np.where(wanted, weighted(np.abs(w), error), np.nan_to_num(test.apart, nan=np.inf))
    known, largest_ = np.isfinite(loss), most(added)
    size = np.maximum(size, np.where(largest_ > 0, 1e-3 * largest_, line.top))  # hardly moves
    accuracy, confirmed = most(loss, known).ravel(), most(relative(second, size), known).ravel()
    loss = np.where(~known & np.isfinite(whole), 1.0, loss)  # beside a slope of 0: all of it
    dim = test.dim & ~wanted
    odd = dim | (line.jump > 0) | ~(loss <= CLOSE) | ~np.isfinite(here)
    return [Slopes(D[p], here[p], error[p], " and ".join(name for name, used in (
                       ("complex step", not wanted[p].all()),
                       ("central differences", wanted[p].any())) if used),
                   tuple(Kink(*kink) for kink in kinks[p]),
                   troubles(here[p], loss[p], line.at(p), dim[p]) if odd[p].any() else (),
                   float(accuracy[p]), float(confirmed[p])) for p in range(len(D))]


def weighted(w, D):
    """Σ w[p, c]·D[p, c, …] over c."""
    flat = D.reshape(*D.shape[:2], -1)
    return (w[:, None] @ flat).reshape(D.shape[0], *D.shape[2:])


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
    sure = weighted(w, D)
    scale = np.maximum(floor, np.nan_to_num(weighted(np.abs(w), np.abs(D))))
    apart = np.abs(sure - line.slope)
    bad = ~(apart <= 10 * line.error + 64 * EPS * scale) | ~np.isfinite(here)
    # Next to a point where f is steep and rough, wide steps see another slope, and are sure of it.
    local = np.abs(sure - line.near) <= 3 * line.near_error
    rounding = 1e3 * EPS * line.top / STEPS[line.finest]
    vague = line.error > np.maximum(SURE * np.abs(line.slope), rounding)
    unseen = np.isnan(line.slope) | (np.abs(sure) > 10 * (np.abs(line.slope) + line.error))
    torn = bad & unseen & (line.jump == 0) & (local | vague) & np.isfinite(here)
    return Test(scale, apart + line.error, bad & ~torn, ~(line.error <= CLOSE * scale) | torn)


def unhidden(test, looks, sure, line):
    """The `Test` where differences that stand still do not contradict a complex step."""
    bad, dim = np.array(test.bad), np.array(test.dim)
    for p in np.flatnonzero(bad.any(tuple(range(1, bad.ndim)))):
        look, one = looks[p], line.at(p)
        hidden = bad[p] & hides(look, look.r, sure[p], one, look.values, STEPS[[*QUICK]])
        bad[p] &= ~hidden
        dim[p] |= hidden & (np.abs(sure[p]) > FLAT * one.top)
    return replace(test, bad=bad, dim=dim)


def steepness(line):
    """How steep f is along a line: at a kink, on its steeper side."""
    side = np.where(line.kink, np.maximum(np.abs(line.left), np.abs(line.right)), 0)
    return np.maximum(np.nan_to_num(np.abs(line.slope)), side)


def contradictions(look):
    """Where differences along one direction are sure of another slope, or see a bend."""
    f, x, here, D = look.at, look.x, look.here, look.D
    steps, found = STEPS[[*FOUR]], np.zeros(here.shape, bool)
    directions = [*map(look.direction, range(look.count))]
    line = read_all([sides(f, x, v, steps) for v in directions], here, steps)
    for c in np.flatnonzero(((D == 0) & (line.slope == 0)).any(tuple(range(1, D.ndim)))):
        alone = line.at(c)  # sin x / x stands still at 1e-8, and so does its complex step
        found |= (D[c] == 0) & (wider(f, x, directions[c], here, alone).slope != alone.slope)
    sure = line.error <= CLOSE * np.maximum(np.abs(line.slope), np.abs(D))
    odd = (sure & (np.abs(line.slope - D) > 10 * line.error + CLOSE * np.abs(D))) | line.kink
    for c in np.flatnonzero(odd.any(tuple(range(1, odd.ndim)))):
        values = sides(f, x, directions[c], STEPS)
        line = jumps_of(f, x, directions[c], values, here, read(values, here, STEPS))
        bad = judged(D[None, c:c + 1], np.ones((1, 1)), line.one(), here[None]).bad[0]
        if bad.any():
            bad &= ~hides(look, directions[c], D[c], line, values, STEPS)
        found |= bad | line.kink
    return found


def last_digit(looks, w, D):
    """The errors of complex steps, (looks, count, *Y.shape): how far they move with x's last
    digits. What the slopes along all directions add up to is measured once more too.
    """
    random, shape = np.random.default_rng(SEED + 1), D.shape[2:]
    moves = EPS * random.choice([-2, -1, 1, 2], looks[0].x.shape)
    total, size = weighted(w, D), weighted(np.abs(w), np.abs(D))
    again = np.repeat(total[None], 2, 0)
    for p, look in enumerate(looks):
        for q, at in enumerate((look.x, look.x + moves * look.sizes * (look.x != 0))):
            one = complex_step.slopes_along(look.f, np.array(at), [look.r], 1, shape)
            again[q, p] = total[p] if one is None else one[0]
    apart = np.nan_to_num(np.abs(again - total), nan=np.inf).max(0)
    apart = 2 * np.maximum(apart - 16 * EPS * size, 0)
    by = np.abs(w).reshape(*w.shape, *[1] * len(shape))
    return apart[:, None] / by + 4 * EPS * np.abs(D)


def across(w, Y):
    """Weights as a column beside the axes of Y."""
    return w.reshape(-1, *[1] * Y.ndim)


def unlike(C, error, w, line):
    """How far differences by columns add up to something else than along the test's direction."""
    apart = np.abs(np.tensordot(w, C, 1) - line.slope)
    known = 3 * (np.tensordot(np.abs(w), error, 1) + line.error)
    known = known + np.where(line.slope == 0, EPS / STEPS[0], 0)  # it may stand still, they not
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
        (endless, loss, lambda k, _: f"No finite slope of f{k} was found at x."),
        (lost, loss, lambda k, e:
            f"No step gives three digits of the slopes of f{k}: they may be off by "
            + (f"{e:.0%}." if e < 10 else "far more than they are large.")),
        (dim, line.error, lambda k, e:
            f"The slopes of f{k} are by a complex step alone: f is so rough there that no "
            "difference has three digits to confirm them with."),
    ) if where.any())


def worst(where, by):
    """(index as text, value) of the largest among some entries."""
    k = np.unravel_index(np.argmax(np.where(where, np.nan_to_num(by, nan=np.inf), -1)), by.shape)
    return (f"[{', '.join(map(str, k))}]" if k else ""), float(by[k])
