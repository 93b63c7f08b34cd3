"""Arrays in the span of words, with numbers that change from row to row: `a[:, None] * X + b * y`.

The numbers are solved for first, row by row, and then named as arrays of their own.
"""

import math
from itertools import combinations

import numpy as np

from ..progress import tick

WORDS = 14   # words of which pairs are tried
FIRST = 3    # rows that are solved before all are


def rests(search):
    """Sets of letters that the numbers may have: none, or all but some; large rows first."""
    letters = search.letters
    for count in range(len(letters)):
        for rest in combinations(letters, count):
            row = search.arrays[0].size // int(np.prod(
                [search.shape[letters.index(x)] for x in rest], dtype=int))
            if row >= 3:
                yield rest, row


def spanned(search, find):
    """Terms ([(text, letters) …], number) whose sum is the array; find: names for the numbers."""
    deltas = search.deltas()
    functions = [] if deltas else search.of("functions")[:40]
    words = search.centred() + deltas + search.of("linear")[:40] + functions
    few = search.centred() + search.of("linear") + deltas
    for rest, row in rests(search):
        pairs = [w for w in few if not set(w.letters) <= set(rest)]
        for chosen in [*((w,) for w in words),
                       *(combinations(pairs[:WORDS], 2) if row > 3 else ())]:
            numbers = solved_by_rows(search, rest, chosen)
            if numbers is None:
                continue
            named = [find(c, rest) for c in numbers]
            if all(named):
                return [(w, *name) for w, name in zip(chosen, named, strict=True)]
    return None


def solved_by_rows(search, rest, words):
    """[arrays of each word's numbers at all points], or None where the span does not hold it."""
    tick()
    made = []
    for point, array in enumerate(search.arrays):
        allowed = search.tolerance * search.most[point]
        for most in (FIRST, None):
            columns = [by_rows(w.columns[point], search.letters, rest, most) for w in words]
            target = by_rows(array, search.letters, rest, most)
            numbers = numbers_of(columns, target, allowed)
            if numbers is None:
                return None
        made.append(numbers)
    shape = [search.shape[search.letters.index(x)] for x in rest]
    return [[numbers[:, s].reshape(shape) for numbers in made] for s in range(len(words))]


def numbers_of(columns, target, allowed):
    """The numbers (row, word) with which the columns are the target on every row, or None."""
    system = np.stack(columns, -1)
    gram = np.einsum("rns,rnt->rst", system, system)
    size = np.sqrt(np.einsum("rss->rs", gram))
    if np.any(size == 0) or (len(columns) == 2 and np.any(
            np.abs(gram[:, 0, 1]) > (1 - 1e-7) * size[:, 0] * size[:, 1])):
        return None
    unit = system / size[:, None]
    numbers = np.linalg.solve(np.einsum("rns,rnt->rst", unit, unit),
                              np.einsum("rns,rn->rs", unit, target)[..., None])[..., 0]
    off = np.einsum("rns,rs->rn", unit, numbers) - target
    return None if np.abs(off).max(initial=0) > allowed else numbers / size


def by_rows(array, letters, rest, most=None):
    """Axes `rest` first, as rows (`most` of them); the others as one."""
    order = [letters.index(x) for x in (*rest, *(x for x in letters if x not in rest))]
    turned = np.asarray(array).transpose(order)
    if most and rest:
        turned = turned[(*[slice(0, 1)] * (len(rest) - 1), slice(0, most))]
    rows = math.prod(turned.shape[:len(rest)])
    return turned.reshape(rows, -1)
