"""A sum of two terms with ties of their own: `X @ X.T`, `np.outer(x, x)`."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np

from ..cores import operand_of
from ..terms import Answer, Term
from ..ties import close, find_constants, largest, without

LARGEST = 2**20


def two_ties(core):
    """An answer whose nonzero entries lie on two diagonals, each with a core, or None."""
    letters, pattern, sizes = core.letters, core.pattern, core.sizes
    if core.size > LARGEST:
        return None
    outer = [x for x in letters if x in pattern.outer and x not in pattern.inner]
    inner = [x for x in letters if x in pattern.inner and x not in pattern.outer]
    pairs = [(a, b) for a, b in product(outer, inner) if sizes[a] == sizes[b] > 1]
    for one, two in combinations(pairs, 2):
        if all(covered(block, letters, one, two) for block in core.arrays):
            found = both(core.fork(), one, two)
            if found:
                return found
    return None


def on(letters, sizes, pair):
    """A mask of the diagonal of two letters, that broadcasts."""
    grids = {x: np.arange(sizes[x]).reshape([-1 if y == x else 1 for y in letters]) for x in pair}
    return grids[pair[0]] == grids[pair[1]]


def covered(block, letters, one, two):
    """Whether every nonzero entry lies on one of the two diagonals."""
    sizes = dict(zip(letters, block.shape, strict=True))
    either = on(letters, sizes, one) | on(letters, sizes, two)
    return not np.any(block * ~either)


def both(core, one, two):
    """The two terms: the first core from the entries that lie on its diagonal alone."""
    letters, sizes, tolerance = core.letters, core.sizes, core.tolerance
    terms, stored, rest = [], {}, [np.array(block) for block in core.arrays]
    for pair, other in ((one, two), (two, None)):
        tie = core.pattern.tied(*pair)
        parts = [view(x, letters, pair) for x in rest]
        left = tuple(x for x in letters if x != pair[1])
        cores, kept = averaged(parts, left, sizes, pair, other, tolerance)
        if cores is None:
            return None
        further, numbers = tied_again(tie, cores, kept, tolerance)
        operand, scale = operand_of(replace(core, pattern=further, arrays=numbers,
                                            letters=kept if further == tie else ()))
        terms.append(Term(further, (operand,) if operand.letters else (), scale))
        stored[operand.text if operand.letters else scale] = operand.stored if operand.letters \
            else int(scale not in ("1", "-1"))
        for x, part in zip(rest, cores, strict=True):
            spread = part.reshape([part.shape[kept.index(y)] if y in kept else 1 for y in left])
            view(x, letters, pair)[...] -= spread
    if any(largest(x) > 10 * tolerance * largest(b)
           for x, b in zip(rest, core.arrays, strict=True)):
        return None
    return Answer("sum of two", tuple(terms), sum(stored.values()),
                  names=core.names,
                  says="the input enters twice, so two ties, one after the other, are added up")


def tied_again(tie, cores, letters, tolerance):
    """(pattern, cores): of a number times an identity matrix the axes are tied too."""
    free = [x for x in letters if x in tie.outer and x not in tie.inner]
    free += [x for x in letters if x in tie.inner and x not in tie.outer]
    numbers = [np.array(core.flat[0]) for core in cores]
    if len(free) != 2 or len(letters) != 2 or tie.tied(*free) == tie or any(
            not close(core, number * np.eye(*core.shape), tolerance * largest(core))
            for core, number in zip(cores, numbers, strict=True)):
        return tie, cores
    return tie.tied(*free), numbers


def view(block, letters, pair):
    """The diagonal of a pair of letters: a view without the second."""
    code = {x: chr(97 + i) for i, x in enumerate(letters)}
    code[pair[1]] = code[pair[0]]
    after = "".join(code[x] for x in letters if x != pair[1])
    return np.einsum(f"{''.join(code[x] for x in letters)}->{after}", block)


def averaged(parts, letters, sizes, pair, other, tolerance):
    """(cores, letters): constant axes taken off, without looking where the other tie is too."""
    if other is None:
        gone = find_constants(parts, letters, 10 * tolerance)
        cores, kept = without(parts, letters, gone)
        return [np.array(core) for core in cores], kept  # what they are parts of still changes
    all_letters = letters
    names = tuple(pair[0] if x == pair[1] else x for x in other)
    mask = np.broadcast_to(on(letters, sizes, names), parts[0].shape)
    masked = [np.ma.array(part, mask=mask) for part in parts]
    for letter in letters:
        axis = letters.index(letter)
        if masked[0].shape[axis] > 1 and all(
                spread(m, axis) <= tolerance * largest(p)
                for m, p in zip(masked, parts, strict=True)):
            masked = [m.mean(axis) for m in masked]
            letters = tuple(x for x in letters if x != letter)
    axes = tuple(i for i, x in enumerate(all_letters) if x not in letters)
    return [np.array(m) if not np.ma.is_masked(m) else shared_out(m, np.mean(part, axes))
            for m, part in zip(masked, parts, strict=True)], letters


def spread(masked, axis):
    """The largest difference along an axis, of entries that are not masked."""
    wide = np.ma.max(masked.max(axis) - masked.min(axis))
    return 0.0 if np.ma.is_masked(wide) else float(wide)


def shared_out(core, plain):
    """A core whose masked entries only occur in sums with the other core's: half of their mean."""
    mask = np.ma.getmaskarray(core)
    return np.where(mask, plain - plain[mask].mean() / 2, np.ma.getdata(core))
