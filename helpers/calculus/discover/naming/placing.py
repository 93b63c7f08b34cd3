"""Laying arrays along the axes of a shape, and telling arrays apart."""

import math
from functools import lru_cache
from itertools import combinations, permutations

import numpy as np


def subsets(axes):
    """Every choice of one axis or more, in order."""
    return [chosen for count in range(1, len(axes) + 1) for chosen in combinations(axes, count)]


def marks(values):
    """Two numbers that tell arrays apart."""
    flat = np.ravel(values)
    return tuple(flat @ w for w in weights(flat.shape, (0,)))


def spread_marks(values, places, shape):
    """The `marks` of an array spread over a shape, without spreading it."""
    return tuple(np.vdot(values, w) for w in weights(shape, places))


@lru_cache(maxsize=256)
def weights(shape, places):
    """Two weights for each entry of a shape, added up along all axes but these."""
    one = np.cos(np.arange(1, math.prod(shape) + 1) * 1.7).reshape(shape)
    rest = tuple(p for p in range(len(shape)) if p not in places)
    order = [sorted(places).index(p) for p in places]
    return tuple(np.ascontiguousarray(w.sum(rest).transpose(order)) for w in (one, one**2))


def rounded(number):
    """To nine digits, as a number that may be looked up."""
    return float(f"{number:.9g}")


def moving(values):
    """Whether arrays differ from point to point."""
    return values is None or any(not np.array_equal(values[0], v) for v in values)


def broadcasts(small, shape):
    """Whether an array fits onto a shape without growing it."""
    return len(small) <= len(shape) and all(
        a in (1, b) for a, b in zip(small[::-1], shape[::-1], strict=False))


def places_of(own, shape):
    """Every way to lay the axes of an array along different axes of a shape."""
    if len(own) > len(shape):
        return []
    return [places for places in permutations(range(len(shape)), len(own))
            if all(shape[p] == size for p, size in zip(places, own, strict=True))]


def spread(values, places, shape):
    """An array turned and repeated to a shape."""
    turn = sorted(range(len(places)), key=places.__getitem__)
    sizes = [shape[p] if p in places else 1 for p in range(len(shape))]
    return np.broadcast_to(values.transpose(turn).reshape(sizes), shape)


def unspread(values):
    """The entries of an array that are not repetitions along an axis: a view."""
    return values[tuple(slice(0, 1) if step == 0 else slice(None) for step in values.strides)]


def sides(text):
    """(left, right) of a matrix product of two that may have a known array added."""
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    for sign in (" - ", " + "):
        if inner.count(sign) == 1 and " @ " in inner.split(sign)[0]:
            inner = inner.split(sign)[0]
    parts = inner.split(" @ ")
    plain = len(parts) == 2 and not any(c in inner for c in "()*-+")
    return tuple(parts) if plain else (None, None)
