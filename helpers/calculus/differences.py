"""Slopes along one direction from differences at steps of many sizes, and what they cannot tell.

Central differences are extrapolated to step 0 (L. Richardson 1911, C. Ridders 1982); an error is
how far two extrapolations from different steps lie apart, and the rounding of f over the step. A
function that rounds on its inside has one slope over wide steps and another over narrow ones, and
so has one that bends nearby or changes fast: only the first has jumps.
"""

from dataclasses import dataclass, replace

import numpy as np

EPS = 2.0 ** -52
CLOSE = 1e-3                               # relative: a larger error leaves no three digits
STEPS = 2.0 ** -np.arange(3.0, 48.0, 3.0)  # in units of the size of x: from 1/8 to 3e-14
SURE = 0.2                                 # relative: an error that leaves the size of a slope
QUICK = (0, 1, 2, 3, 5, 7, 9, 11)          # of STEPS: enough where all is well
ORDERS = 3                                 # h², h⁴ are extrapolated away
CHUNK = 2**13                              # outputs that are measured together
PART = 2**9                                # those whose estimates are held at one time
FEW = 4                                    # steps for a column, once the right ones are known
NARROW = 4                                 # of STEPS: narrower than 1e-10
WIDE = 1e-4                                # numbers smaller than that have wider steps too
HALVINGS = 40                              # from a wide step to the rounding of x
SUSPECTS = 8                               # outputs that are searched for jumps, of one direction


@dataclass(frozen=True, eq=False)
class Line:
    """What differences along one direction say of every output: arrays of Y's shape."""

    slope: np.ndarray   # nan where no step gives one
    error: np.ndarray
    finest: np.ndarray  # index of the narrowest step that the slope comes from
    near: np.ndarray    # the slope by narrow steps alone, and its error
    near_error: np.ndarray
    noise: np.ndarray   # the rounding of f
    top: np.ndarray     # its largest value
    doubt: np.ndarray   # other steps are sure of another slope
    kink: np.ndarray    # the slopes of the two sides differ, down to rounding
    left: np.ndarray
    right: np.ndarray
    jump: np.ndarray    # the size of its jumps, where they were looked for

    def at(self, place):
        """The line at one place of the first axis."""
        return Line(*(value[place] for value in vars(self).values()))

    def put(self, place, line):
        """Puts a line at one place of the first axis."""
        for name, value in vars(line).items():
            getattr(self, name)[place] = value

    def one(self):
        """The line with a first axis of size 1."""
        return self.at(None)


def sides(f, x, v, steps):
    """f at x + h·v and at x − h·v for all steps h: two arrays (len(steps), *Y.shape).

    Where f refuses a point or has no finite value there it is nan; where it refuses all of them,
    what it said is raised.
    """
    values, said = None, None
    for i, h in enumerate((*steps, *-steps)):
        try:
            y = f(x + h * v)
        except Exception as error:  # a step may leave the domain of f
            said = error
            continue
        if values is None:
            values = np.full((2 * len(steps), *y.shape), np.nan)
        values[i] = np.where(np.isfinite(y), y, np.nan)
    if values is None:
        raise said
    return values[:len(steps)], values[len(steps):]


def read(values, here, steps, noise=None, choose=None):
    """The `Line` of f's values at both sides of x, from as many steps as there are."""
    high, low = (side.reshape(len(steps), -1) for side in values)
    here_, noise_ = here.ravel(), None if noise is None else np.ravel(noise)
    parts = [slice(i, i + PART) for i in range(0, here.size, PART)]
    lines = [read_part(high[:, i], low[:, i], here_[i], steps,
                       None if noise is None else noise_[i], choose) for i in parts]
    return Line(*(np.concatenate([getattr(line, name) for line in lines]).reshape(here.shape)
                  for name in Line.__dataclass_fields__))


def read_all(values, here, steps, noise=None):
    """The `Line` of many directions, or many points, together: arrays (count, *Y.shape)."""
    both = (np.moveaxis(np.array(side), 0, 1) for side in zip(*values, strict=True))
    shape = (len(values), *values[0][0].shape[1:])
    noise = None if noise is None else np.broadcast_to(noise, shape)
    return read(tuple(both), np.broadcast_to(here, shape), steps, noise)


def read_part(high, low, here, steps, noise, choose):
    """The `Line` of so many outputs that all estimates of theirs have room."""
    if noise is None:
        noise = noise_of(high, low, here)
    found, errors, finest = estimates(high, low, steps, noise)
    place = (choose or choice)(found, errors)
    error = np.take_along_axis(errors, place, 0)[0]
    slope = np.where(np.isfinite(error), np.take_along_axis(found, place, 0)[0], np.nan)
    kink, endless, left, right = bends(high, low, here, steps, noise, np.abs(slope))
    slope, error = np.where(endless, np.nan, slope), np.where(endless, np.inf, error)
    narrow = errors[:len(steps) - 1][-NARROW:].argmin(0)[None]  # of the estimates of first order
    near, near_error = (np.take_along_axis(a[:len(steps) - 1][-NARROW:], narrow, 0)[0]
                        for a in (found, errors))
    return Line(slope, error, finest[place[0]], near, near_error, noise,
                largest(high, low, here), doubtful(found, errors, slope), kink, left, right,
                np.zeros(here.shape))


def noise_of(high, low, here):
    """The rounding in f: what is left of a second difference at the narrowest steps."""
    bend = np.abs(high[-2:] - 2 * here + low[-2:])
    return np.maximum(EPS * largest(high, low, here),
                      np.nan_to_num(bend, nan=0.0).max(0, initial=0))


def largest(high, low, here):
    """The largest number that f gave, by outputs."""
    return np.nan_to_num(np.abs([*high, *low, here]), nan=0.0, posinf=0.0).max(0)


def estimates(high, low, steps, noise):
    """(slopes, errors, narrowest steps) at step 0, of as many estimates as there are."""
    column = np.reshape(steps, (-1, *[1] * (high.ndim - 1)))
    table = (high - low) / (2 * column)
    found, errors, finest = [], [], []
    for order in range(min(ORDERS, len(table) - 1)):
        if order:
            ratio = (column[:-order] / column[order:]) ** 2
            table = table[1:] + (table[1:] - table[:-1]) / (ratio - 1)
        apart = np.abs(table[1:] - table[:-1]) + noise / column[order + 1:]
        found.append(table[1:])
        errors.append(np.where(np.isfinite(apart), apart, np.inf))
        finest.append(np.arange(order + 1, len(steps)))
    return np.concatenate(found), np.concatenate(errors), np.concatenate(finest)


def choice(found, errors):
    """The place of the best estimate: of the smallest error, among those of three digits if any.

    Wide steps over a steep place see little of its slope, with a small error and no digit.
    """
    good = errors <= CLOSE * np.abs(found)
    return np.where(good | ~good.any(0), errors, np.inf).argmin(0)[None]


def narrowest(found, errors):
    """The place of the best estimate among those that agree with the narrowest sure one."""
    size = np.max(np.abs(found), 0, initial=0, where=errors <= SURE * np.abs(found))
    sure = errors <= SURE * size
    # Estimates come order by order, each from wide to narrow: the last sure one of the first order.
    first = sure[:len(STEPS) - 1]
    last = len(first) - 1 - first[::-1].argmax(0)[None]
    apart = np.abs(found - np.take_along_axis(found, last, 0))
    agree = sure & (apart <= 3 * (errors + np.take_along_axis(errors, last, 0)))
    return np.where(agree.any(0), np.where(agree, errors, np.inf), errors).argmin(0)[None]


def doubtful(found, errors, slope):
    """Where an estimate from other steps is sure of another slope."""
    apart, size = np.abs(found - slope), np.maximum(np.abs(found), np.abs(slope))
    return ((errors <= SURE * apart) & (apart > 0.05 * size)).any(0)


def bends(high, low, here, steps, noise, slope):
    """(kink, endless, left, right): where the one-sided slopes differ however narrow the step.

    At a kink they tend to two numbers, else their gap grows without end.
    """
    column = np.reshape(steps, (-1, *[1] * (high.ndim - 1)))
    right, left = (high - here) / column, (here - low) / column
    gap = np.abs(right - left)
    clear = gap > 100 * noise / column
    # The narrowest two steps that rounding leaves: where f only bends, the gap is 8 times less.
    last = len(steps) - 1 - clear[::-1].argmax(0)[None]
    narrow, wide = (np.take_along_axis(gap, np.maximum(last - i, 0), 0)[0] for i in (0, 1))
    left, right = (np.take_along_axis(side, last, 0)[0] for side in (left, right))
    next_one = np.minimum(last + 1, len(steps) - 1)
    gone = (last[0] + 1 < len(steps)) & (narrow > 200 * noise / column.ravel()[next_one[0]])
    large = narrow > CLOSE * np.maximum(np.maximum(np.abs(left), np.abs(right)), slope)
    there, width = large & (clear.sum(0) > 1) & ~gone, column.ravel()[last[0]]
    return (there & (width < 1e-4) & (np.abs(narrow - wide) < 0.3 * narrow),
            there & (width < 1e-8) & (narrow > 1.5 * wide), left, right)


def jumps_of(f, x, v, values, here, line):
    """The `Line` of all STEPS, after a search for jumps where its slopes are in doubt.

    Where there are jumps they are the noise of f: a step must be wide against them.
    """
    suspects = np.argwhere(line.doubt)
    if not len(suspects):
        return line
    some = suspects[np.unique(np.linspace(0, len(suspects) - 1, SUSPECTS).astype(int))]
    narrow = read(values, here, STEPS, line.noise, narrowest)
    sizes = [jump_within(f, x, v, tuple(k), narrow.slope[tuple(k)], (STEPS[-4], STEPS[0]))
             for k in some]
    sizes = [q if q > 100 * line.noise[tuple(k)] else 0.0
             for k, q in zip(some, sizes, strict=True)]
    top, jump = largest(*values, here), np.zeros(here.shape)
    relative = [q / top[tuple(k)] for k, q in zip(some, sizes, strict=True)]
    if np.median(relative) > 0:  # those that were not searched are as most of those that were
        jump[line.doubt] = np.minimum(np.max(relative) * top, np.max(sizes))[line.doubt]
    for k, q in zip(some, sizes, strict=True):
        jump[tuple(k)] = q
    wide = unless_nearer(*(read(values, here, STEPS, np.maximum(line.noise, jump), choose)
                           for choose in (choice, narrowest)))
    rough = (jump > 0) & (wide.error <= 0.3 * np.abs(wide.slope))
    # Where it bends nearby, or changes fast, or its jumps are too large, what is next to x counts.
    return replace(line, jump=jump, kink=line.kink & (jump == 0), **{
        name: np.where(rough, getattr(wide, name),
                       np.where(line.doubt, getattr(narrow, name), getattr(line, name)))
        for name in ("slope", "error", "finest", "noise")})


def unless_nearer(wide, near):
    """The `Line` of the best steps, or of the narrowest sure ones where those tell another slope.

    Steps over many periods of a sine are sure of 0.
    """
    other = (np.abs(near.slope - wide.slope) > 3 * (near.error + wide.error)) & (
        near.error <= SURE * np.abs(near.slope))
    return replace(wide, **{name: np.where(other, getattr(near, name), getattr(wide, name))
                            for name in ("slope", "error", "finest")})


def jump_within(f, x, v, output, slope, span):
    """The size of a jump of f(x + t·v)[output] for t in `span`, or 0.0.

    The half in which f departs more from its slope at x is halved again: only a jump stays.
    """
    def value(t):
        return float(f(x + t * v)[output])

    try:
        (a, b), steepest = span, abs(slope)
        low, high = value(a), value(b)
        top = size = max(abs(low), abs(high), abs(value(0.0)))
        for halving in range(HALVINGS):
            middle = (a + b) / 2
            between = value(middle)
            first = abs(between - low - slope * (middle - a))
            second = abs(high - between - slope * (b - middle))
            if halving < HALVINGS // 2:  # as far as f may be steep, over a gap not too narrow
                steepest = max(steepest, max(first, second) / (b - middle))
            a, low, b, high = ((a, low, middle, between) if first > second
                               else (middle, between, b, high))
    except Exception:  # the way leaves the domain of f
        return 0.0
    left = abs(high - low - slope * (b - a))
    small = 64 * EPS * top + 4 * steepest * (b - a)
    return left if small < left <= 2 * size else 0.0  # what is larger is a pole


def wider(f, x, v, here, line):
    """The `Line` with slopes from steps of size 1 where steps of x's own size see no change.

    ln(1 + exp(x)) at x = 1e-100 moves by less than it rounds, until the step is larger than x. What
    stands still altogether has the slope of wide steps if rounding a 1 further in would hide it.
    """
    unseen = np.abs(line.slope) <= line.error
    size = float(np.abs(v).max())
    if size >= WIDE or not unseen.any():
        return line
    values = sides(f, x, v / size, STEPS)
    wide = read(values, here, STEPS)
    slope, error = wide.slope * size, wide.error * size
    sure = (wide.error <= SURE * np.abs(wide.slope)) & ~cornered(*values, here, wide.noise)
    # Where wide steps see nothing either, the error is theirs: so much may still be hidden.
    hidden = (line.slope == 0) & ((sure & (np.abs(slope) <= EPS / STEPS[0])) | (slope == 0))
    lower = (error < line.error) & (np.abs(slope - line.slope) <= 3 * line.error)
    take = unseen & (lower | hidden)
    return replace(line, slope=np.where(take, slope, line.slope),
                   error=np.where(take, error, line.error))


def cornered(high, low, here, noise):
    """Where f has a corner within the second widest of STEPS, as a ReLU beside its kink.

    Where it only bends, its second difference over the widest step is 64 times as large, here 8.
    """
    widest, second = np.abs(high[:2] - 2 * here + low[:2])
    return (second > 100 * noise) & ~(widest > 23 * second)


def by_differences(f, x, direction, count, here, line, wanted):
    """(slopes, errors, kinks) along direction(0), …: arrays (count, *Y.shape), and (output, c, …).

    The steps are those that served along the `line` of the test; where they do not serve for an
    output that is wanted, all steps are tried.
    """
    start = int(np.clip(np.median(line.finest[wanted]) - FEW + 1, 0, len(STEPS) - FEW))
    steps, kinks, slope, error = STEPS[start:start + FEW], [], [], []
    enough = np.maximum(1e-7 * np.nan_to_num(np.abs(line.slope)), 30 * line.error)
    together = max(1, CHUNK // max(here.size, x.size))
    for first in range(0, count, together):
        part = [direction(c) for c in range(first, min(first + together, count))]
        some = read_all([sides(f, x, v, steps) for v in part], here, steps, line.noise)
        unseen = np.array([np.abs(v).max() < WIDE for v in part]).reshape(-1, *[1] * here.ndim)
        unseen = unseen & (np.abs(some.slope) <= some.error)
        odd = wanted & (~(some.error <= enough) | line.kink | unseen)
        again = np.flatnonzero(odd.any(tuple(range(1, odd.ndim))))
        for c, values, fine in finely(f, x, part, again, here):
            one = wider(f, x, part[c], here, jumps_of(f, x, part[c], values, here, fine))
            some.slope[c], some.error[c] = one.slope, one.error
            kinks += [(tuple(map(int, k)), (first + int(c),), float(one.left[tuple(k)]),
                       float(one.right[tuple(k)])) for k in np.argwhere(one.kink & wanted)]
        slope.append(some.slope)
        error.append(some.error)
    return np.concatenate(slope), np.concatenate(error), kinks


def finely(f, x, directions, places, here):
    """(place, values, line) of some directions at all STEPS, a few of them read together."""
    together = max(1, PART // max(here.size, 1))
    for first in range(0, len(places), together):
        some = places[first:first + together]
        values = [sides(f, x, directions[c], STEPS) for c in some]
        lines = read_all(values, here, STEPS)
        yield from ((c, values[q], lines.at(q)) for q, c in enumerate(some))
