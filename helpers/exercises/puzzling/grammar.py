"""Layers of random steps: what is drawn for a seed and a level, before anybody asks if it is fair.
"""

from dataclasses import dataclass

import numpy as np

from . import steps
from .lines import fill
from .puzzle import Known

LETTERS, SIZES = "nmkhp", (2, 3, 4, 5)
NAMES = {"A": "ABE", "W": "WVU", "a": "abc", "P": "P"}  # an array in a step: what it may be called
LARGEST = 200  # entries of a tensor, all of which are written out
NUMBERS = [sign * size for size in range(1, 11) for sign in (1, -1)]
SIMPLE = (*steps.ENTRYWISE, *steps.MOVES, *steps.SUMS)
SECOND = (*SIMPLE, *steps.MEANS, *steps.LEAKY)


@dataclass(frozen=True)
class Placed:
    """A step in its place: letters of its axes r, c, x; names of its arrays."""

    step: steps.Step
    letters: dict
    names: dict

    def put(self, template, inner, sizes):
        """A template of this step around a line."""
        def shape(axes):
            return tuple(sizes[self.letters[x]] for x in axes.split())

        before = shape(self.step.before)
        texts = {"_": inner, "shape": str(before), "wide": str(shape(self.step.after)),
                 **{f"size{axis}": str(size) for axis, size in enumerate(before)}}
        return fill(template, texts | self.names)


@dataclass(frozen=True)
class Layer:
    """Steps in their places, forward; letters of X and of Y; sizes; the known arrays."""

    placed: tuple
    inner: tuple
    outer: tuple
    sizes: dict
    known: tuple

    def through(self, templates, start, order=1):
        """`start` through a template of each step, the first step first, or, with −1, last."""
        for place, template in list(zip(self.placed, templates, strict=True))[::order]:
            start = place.put(template, start, self.sizes)
        return start

    def forward(self, start="dX"):
        """dY as a line of dX."""
        return self.through([one.step.forward for one in self.placed], start)

    def back(self, templates=None, order=-1):
        """dX as a line of G, with other templates than the right ones where these are given."""
        return self.through(templates or [one.step.back for one in self.placed], "G", order)


def chosen(random, level):
    """The steps of a layer, forward: one up to level 2, then two or a double one, then three."""
    def some(count, *rows):
        return [rows[i] for i in random.permutation(len(rows))[:count]]

    if level == 1:
        return some(1, *SIMPLE, *steps.COPIES)
    if level == 2:
        return some(1, *steps.PRODUCTS, *steps.PRODUCTS, *steps.VECTORS, *steps.SPREADS,
                    *steps.MEANS, *steps.LEAKY)
    if level == 3 and random.random() < 0.3:
        return some(1, *steps.TWICE)
    if level == 3:
        rows = [*some(1, *steps.PRODUCTS), *some(1, *SECOND)]
    elif level == 4:
        rows = [*some(1, *steps.PRODUCTS, *steps.PRODUCTS, *steps.SPREADS, *steps.ENTRYWISE),
                *some(1, *steps.PRODUCTS, *steps.TWICE)]
    else:
        rows = [*some(1, *steps.PRODUCTS), *some(1, *steps.ENTRYWISE, *steps.SPREADS),
                *some(1, *SECOND, *steps.TWICE, *steps.PRODUCTS)]
    return sorted(some(len(rows), *rows), key=lambda row: row in steps.TWICE)


def drawn(random, level):
    """A `Layer` of random steps, or None when they do not fit."""
    placed, state = [], None
    fresh = iter(LETTERS)
    free = {array: list(names) for array, names in NAMES.items()}
    for row in chosen(random, level):
        state = state or tuple(next(fresh) for _ in row.before.split())
        if len(row.before.split()) != len(state):
            return None
        letters = dict(zip(row.before.split(), state, strict=True))
        if "x" in row.after.split():
            letters["x"] = next(fresh)
        names = {array: free[array].pop(0) for array in row.arrays}
        placed.append(Placed(row, letters, names))
        state = tuple(letters[x] for x in row.after.split())
    inner = tuple(placed[0].letters[x] for x in placed[0].step.before.split())
    every = list(dict.fromkeys(x for one in placed for x in one.letters.values()))
    sizes = dict(zip(every, random.permutation(SIZES).tolist(), strict=False))
    if len(every) > len(SIZES) or np.prod([sizes[x] for x in (*state, *inner)]) > LARGEST:
        return None
    known = [shown(random, one, array, sizes) for one in placed for array in one.step.arrays]
    if level == 5 and known:
        known.append(beside(random, known[random.integers(len(known))], free))
    return Layer(tuple(placed), inner, state, sizes, tuple(known))


def shown(random, place, array, sizes):
    """A `Known` with numbers that are easy to read: whole ones, or tenths of probabilities."""
    letters = [place.letters[x] for x in place.step.arrays[array].split()]
    shape = tuple(sizes[x] for x in letters)
    kind = "probabilities" if array == "P" else "numbers"
    values = tenths(random, shape) if array == "P" else whole(random, shape)
    return Known(place.names[array], " ".join(letters), values, kind)


def beside(random, known, free):
    """An array that looks like a known one and is not needed."""
    array = next(array for array, names in NAMES.items() if known.name in names)
    values = whole(random, known.values.shape)
    return Known(free["A" if array == "P" else array].pop(0), known.axes, values)


def whole(random, shape):
    """Whole numbers, all different, 1 and −1 among them: a mask has its border between the two."""
    rest = random.permutation(NUMBERS[2:])[:max(int(np.prod(shape)) - 2, 0)]
    return random.permutation([*NUMBERS[:2], *rest])[:int(np.prod(shape))].reshape(shape) * 1.0


def tenths(random, shape):
    """Rows of different tenths that add up to 1."""
    cuts = [[0, *sorted(random.permutation(range(1, 10))[:shape[1] - 1]), 10]
            for _ in range(shape[0])]
    return np.diff(cuts).astype(float) / 10
