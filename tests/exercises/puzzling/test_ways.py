"""Par is the least that any order of multiplications takes, counted here over letters alone."""

import math
from itertools import count, islice

import numpy as np
import pytest

from helpers import exercises
from helpers.exercises.puzzling import steps
from helpers.exercises.puzzling.grammar import drawn
from helpers.exercises.puzzling.orders import orders, work
from helpers.exercises.puzzling.ways import FIXED, cheapest_line
from tests.amount import amount


def least(layer):
    """The fewest multiplications from G to dX over all orders of steps and, in runs, of factors."""
    return min(sum(run(*one, layer.sizes) for one in runs(order)) for order in orders(layer))


def runs(layer):
    """(letters of G, of each factor, of dX) of every run of products and sums, going back."""
    came, factors, bound = layer.outer, [], layer.outer
    for one in layer.placed[::-1]:
        if one.step in FIXED:
            yield came, factors, bound
            came, factors = bound, []
            yield came, [own(one)] if one.step in steps.TWICE else [], came
        else:
            factors += [[one.letters[x] for x in axes.split()] for axes in one.step.arrays.values()]
            factors += [[]] if "/ size" in one.step.back else []
            bound = [one.letters[x] for x in one.step.before.split()]
    yield came, factors, bound


def own(one):
    """What a step of two terms multiplies, as how many numbers: an int in a factor's place."""
    back, letters = one.step.back, [one.letters[x] for x in one.step.before.split()]
    if ".mean(" in back:
        return letters[1:] if ".mean(0)" in back else letters[:1], 1
    return letters, back.count("*")


def run(came, factors, out, sizes):
    """The fewest multiplications of a product of arrays with these letters."""
    def size(letters):
        return math.prod(sizes[x] for x in letters)

    if factors and isinstance(factors[0], tuple):
        letters, times = factors[0]
        return times * size(letters)
    parts = [{*came}, *map(set, factors)]

    def needed(inside):
        have = set().union(*(parts[i] for i in inside))
        return have & {*out}.union(*(parts[i] for i in range(len(parts)) if i not in inside))

    def cost(inside):
        if len(inside) == 1:
            return 0
        first, *rest = inside
        halves = [(first, *(x for k, x in enumerate(rest) if mask >> k & 1))
                  for mask in range(2 ** len(rest) - 1)]
        pairs = [(half, tuple(x for x in inside if x not in half)) for half in halves]
        return min(cost(a) + cost(b) + size(needed(a) | needed(b)) for a, b in pairs)

    return cost(tuple(range(len(parts))))


@pytest.mark.parametrize("level", (1, 2, 3, 4, 5))
def test_no_order_takes_less_than_the_line(level):
    random = np.random.default_rng(level)
    layers = filter(None, (drawn(random, level) for _ in count()))
    for layer in islice(layers, amount(10, 40, 400)):
        line = cheapest_line(layer)
        assert work(layer, line) == least(layer), line


@pytest.mark.parametrize(("seed", "par", "line"), [
    (28, 20, "(G * A) @ a @ W"),  # from the left: 42
    (11, 7, "W.sum(0) * (G @ a)"),  # nothing is copied before it is multiplied: 40
    (0, 40, "a[:, None] * (G.T @ W.T)"),  # the smaller of two arrays takes the factor: 45
])
def test_par_is_of_the_cheapest_line(seed, par, line):
    puzzle = exercises.puzzle(seed, level=5)
    assert (puzzle.par, puzzle.line) == (par, line)
