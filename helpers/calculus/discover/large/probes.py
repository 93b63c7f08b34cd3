"""The zeros and repetitions of a tensor that is never built, from a few directions.

Inputs are moved together, each to a number of its own: those whose index has a given bit, all of
them, those along one axis alike. Two entries of the tensor cancel in such a sum only with
probability 0. What cannot meet in an entry of Y is measured in one call (A. R. Curtis,
M. J. D. Powell, J. K. Reid, "On the estimation of sparse Jacobian matrices", 1974).
"""

import math
from itertools import combinations, product

import numpy as np

from ..progress import shown
from ..ties import largest, search_ties

NOTHING = 1e-16   # of the largest slope: rounding, where slopes are exact
ROUGH = 1e-3      # of a tolerance: the same, where they are not
ROUNDING = 1e-12  # of an output: it has not changed


def letters_of(axes):
    """Every letter of some axes once."""
    return tuple(dict.fromkeys(axes))


def diagonal(array, axes):
    """The entries whose equal letters agree, an axis for each letter: a view."""
    if len(letters_of(axes)) == len(axes):
        return array
    code = {x: chr(97 + i) for i, x in enumerate(letters_of(axes))}
    return np.einsum(f"{''.join(code[x] for x in axes)}->{''.join(code.values())}", array)


def spread(pattern, v, shape):
    """A direction of the input's shape: `v`, with an axis for each of its letters, on the ties."""
    V = np.zeros(shape)
    cuts = tuple(slice(None, None, -1) if axis in pattern.backward else slice(None)
                 for axis in range(V.ndim))
    diagonal(V[(*cuts, ...)], pattern.inner)[...] = v  # a view, of one number too
    return V


class Probes:
    """What moved inputs say at one point. other: values that inputs may take besides x."""

    def __init__(self, point, other, seed):
        self.point, self.other = point, other
        self.random = np.random.default_rng(seed)
        self.all = point.along(self.random.standard_normal(point.x.shape))
        self._kept = {}

    def zero(self):
        """Whether no input changes any output."""
        return not self.all.any()

    def moved(self, mask):
        """Which outputs change when the inputs under a mask take other values."""
        x, Y, mask = self.point.x, self.point.Y, np.broadcast_to(mask, self.point.x.shape)
        for new in (self.other, x + 1e-2 * (self.other - x), 1.01 * x):
            Z = self.point.value(np.where(mask, new, x))
            if Z is not None:
                return np.abs(Z - Y) > ROUNDING * np.maximum(np.abs(Z), np.abs(Y))
        V = self.random.standard_normal(x.shape) * mask
        return np.abs(self.point.along(V)) > rounding(self.point) * largest(self.all)

    def holds(self, first, second, backward):
        """Whether the tensor is zero unless the indices of two of its axes agree."""
        count, shape = self.point.Y.ndim, self.point.x.shape
        if (*self.point.Y.shape, *shape)[first] == 1:
            return True
        if first >= count:
            return not self.moved(~agree(shape, first - count, second - count)).any()
        if second < count:
            apart = np.broadcast_to(~agree(self.all.shape, first, second), self.all.shape)
            return not self.all[apart].any()
        return all(not np.any(seen[first] & ~(mask[::-1] if backward else mask))
                   for mask, seen in self.halves(second - count))

    def halves(self, axis):
        """[(indices moved, {axis of Y: indices that change})] for each bit of the index and its
        complement: two indices that differ, differ in a bit."""
        if axis not in self._kept:
            size = self.point.x.shape[axis]
            bits = [(np.arange(size) >> bit & 1).astype(bool)
                    for bit in range((size - 1).bit_length())]
            self._kept[axis] = [self._half(axis, mask) for bit in bits for mask in (bit, ~bit)]
        return self._kept[axis]

    def _half(self, axis, mask):
        moved = self.moved(along(mask, axis, self.point.x.ndim))
        return mask, {a: moved.any(tuple(b for b in range(moved.ndim) if b != a))
                      for a in range(moved.ndim) if moved.shape[a] == len(mask)}

    def keeps(self, pattern):
        """Whether ties that were found elsewhere hold here, for random halves of each letter."""
        x, Y = self.point.x, self.point.Y
        if not all(self.holds(a, b, False) for a, b in combinations(range(Y.ndim), 2)
                   if pattern.outer[a] == pattern.outer[b]):
            return False
        tied = [letter for letter in letters_of(pattern.inner)
                if (*pattern.outer, *pattern.inner).count(letter) > 1]
        for _ in range(2 if tied else 0):
            mask, allowed = np.ones(x.shape, bool), np.ones(Y.shape, bool)
            apart = np.zeros(x.shape, bool)  # where tied axes of the input do not agree
            for letter in tied:
                places = [i for i, name in enumerate(pattern.inner) if name == letter]
                half = self.random.random(x.shape[places[0]]) < 0.5
                ways = [along(half[::-1] if place in pattern.backward else half, place, x.ndim)
                        for place in places]
                for way in ways:
                    mask, apart = mask & way, apart | (way != ways[0])
                for place in (i for i, name in enumerate(pattern.outer) if name == letter):
                    allowed = allowed & along(half, place, Y.ndim)
            if np.any(self.moved(mask) & ~allowed) or (apart.any() and self.moved(apart).any()):
                return False
        return True

    def constant(self, pattern, letter):
        """Whether nothing changes along a letter of the pattern."""
        inner, outer = letters_of(pattern.inner), letters_of(pattern.outer)
        sizes = dict(zip(pattern.inner, self.point.x.shape, strict=True))
        v = self.random.standard_normal([sizes[x] for x in inner])
        allowed = 10 * self.point.tolerance
        if letter in inner:
            mean = v.mean(inner.index(letter), keepdims=True)
            changed = np.broadcast_to(mean, v.shape) if letter in outer else v - mean
        else:
            changed = v
        seen = diagonal(self.point.along(spread(pattern, changed, self.point.x.shape)),
                        pattern.outer)
        if letter not in outer:
            return largest(np.abs(seen)) <= allowed * largest(np.abs(self.all))
        return largest(np.ptp(seen, outer.index(letter))) <= allowed * largest(np.abs(seen))


def along(values, axis, ndim):
    """One number for each index of an axis, as an array that broadcasts."""
    return values.reshape([-1 if i == axis else 1 for i in range(ndim)])


def agree(shape, first, second):
    """A mask: where two indices are the same."""
    grids = np.ogrid[tuple(slice(n) for n in shape)]
    return grids[first] == grids[second]


def probed(points, start):
    """(pattern, constants, letters): ties and constants that hold at all points; the pattern is
    None where nothing depends on the input."""
    probes = [Probes(point, points[i - 1].x, 11 + i) for i, point in enumerate(points)]
    probes = [one for one in probes if not one.zero()]
    if not probes:
        return None, (), ()
    sizes = (*points[0].Y.shape, *points[0].x.shape)
    pattern, sure = ties_at(probes[:1], start, sizes), 1
    while not all(one.keeps(pattern) for one in probes[sure:]):
        sure += 1
        pattern = ties_at(probes[:sure], start, sizes)
    of = dict(zip((*pattern.outer, *pattern.inner), sizes, strict=True))
    gone = tuple(x for x in pattern.letters
                 if of[x] > 1 and all(one.constant(pattern, x) for one in probes))
    return pattern, gone, tuple(x for x in pattern.letters if x not in gone)


def ties_at(probes, start, sizes):
    """The pattern with every tie that holds for all of these probes."""
    return search_ties(start, sizes, lambda _, *axes: all(one.holds(*axes) for one in probes))


def columns_of(pattern, letters):
    """The letters of the input that Y has not: the core is measured along them, call by call."""
    return tuple(x for x in letters if x in pattern.inner and x not in pattern.outer)


def core_at(point, pattern, letters, windows=None, what="the core"):
    """The core at one point, axes `letters`: one call for each index of those in `columns_of`,
    all that is tied moved together. windows: {letter: the indices to look at}."""
    windows = windows or {}
    sizes = dict(zip((*pattern.outer, *pattern.inner), (*point.Y.shape, *point.x.shape),
                     strict=True))
    inner, outer = letters_of(pattern.inner), letters_of(pattern.outer)
    free = columns_of(pattern, letters)
    look = {x: windows.get(x, range(sizes[x])) for x in letters}
    kept = [x for x in outer if x in letters]
    cut = np.ix_(*[list(look[x]) if x in letters else [0] for x in outer])
    core = np.empty([len(look[x]) for x in (*free, *kept)])
    places = list(product(*(enumerate(look[x]) for x in free)))
    for place in shown(places, what):
        v = np.ones([sizes[x] if x in outer else 1 for x in inner])
        at = dict(zip(free, (index for _, index in place), strict=True))
        V = np.zeros([sizes[x] for x in inner])
        V[tuple(slice(None) if x in outer else slice(at.get(x, 0), at.get(x, 0) + 1)
                for x in inner)] = v
        seen = diagonal(point.along(spread(pattern, V, point.x.shape)), pattern.outer)
        core[tuple(i for i, _ in place)] = seen[cut].reshape([len(look[x]) for x in kept])
    turn = [(*free, *kept).index(x) for x in letters]
    return tidy(core.transpose(turn), rounding(point))


def rounding(point):
    """Which share of the largest slope is none."""
    return NOTHING if point.exact else ROUGH * point.tolerance


def tidy(core, share):
    """The core without rounding: zeros are zeros, and whole numbers whole."""
    least = share * largest(np.abs(core))
    whole = np.round(core)
    return np.where(np.abs(core - whole) <= least, whole, core)


def calls_for(pattern, letters, sizes):
    """How many calls of f the whole core takes at one point."""
    return math.prod(sizes[x] for x in columns_of(pattern, letters))
