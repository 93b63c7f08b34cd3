"""The same layer with its steps in another order, where that costs less on the way back.

A copy along an axis and a matrix on another may change places; a line that copies G first
multiplies every copy. Par is for those who saw that: a puzzle has the cheapest of its orders.
"""

from dataclasses import replace
from itertools import permutations

import numpy as np

from .counting import multiplications
from .lines import function


def cheapest(layer):
    """The order of a layer's steps whose way back multiplies least; its own where others tie."""
    return min(orders(layer), key=lambda one: work(one, one.back()))


def orders(layer):
    """The layer itself, then all orders of its steps that compute the same."""
    steps = len(layer.placed)
    turned = (reordered(layer, order) for order in permutations(range(steps)))
    return [layer, *(one for one in turned if one and alike(one, layer))]


def reordered(layer, order):
    """The `Layer` with its steps in this order, or None where their axes do not meet."""
    state, placed = layer.inner, []
    for one in (layer.placed[i] for i in order):
        before = one.step.before.split()
        if len(before) != len(state):
            return None
        letters = one.letters | dict(zip(before, state, strict=True))
        if any(one.letters[x] != letters[x] for axes in one.step.arrays.values()
               for x in axes.split()):
            return None
        placed.append(replace(one, letters=letters))
        state = tuple(letters[x] for x in one.step.after.split())
    return replace(layer, placed=tuple(placed)) if state == layer.outer else None


def alike(one, other):
    """Whether two layers of the same arrays move Y alike."""
    random = np.random.default_rng(0)
    dX, *arrays = (random.standard_normal([other.sizes[x] for x in axes])
                   for axes in (other.inner, *(known.axes.split() for known in other.known)))
    names = ("dX", *(known.name for known in other.known))
    made = [function(layer.forward(), names)(dX, *arrays) for layer in (one, other)]
    return made[0].shape == made[1].shape and np.allclose(*made)


def work(layer, line):
    """The multiplications of a line of G and the layer's arrays; without end where uncounted."""
    names = ("G", *(known.name for known in layer.known))
    G = np.ones([layer.sizes[x] for x in layer.outer])
    count = multiplications(function(line, names), (G, *(known.values for known in layer.known)))
    return float("inf") if count is None else count
