"""Entries that are not zero, where they are few: found and measured by moving inputs together.

Inputs are halved again and again. Blocks of them that cannot meet in an output are moved in one
call, as columns are that have no row in common (A. R. Curtis, M. J. D. Powell, J. K. Reid, "On the
estimation of sparse Jacobian matrices", 1974); which can meet is known from the blocks before.
What is a block of one input at last is measured in that same call.
"""

import numpy as np

from ..naming.names import Names
from ..terms import Answer
from ..ties import largest
from .probes import rounding

INDEX = np.int32  # of entries: they are many
COLOURS = 40  # calls for one half of the blocks; more, and the tensor is not sparse
NEARLY = 1e3  # times the rounding: as little as that may be seen or not
FIRST = 16    # blocks of which half must not be all of the tensor


def entries_of(point):
    """(rows, columns, values) of the tensor as a matrix; None where they are not few."""
    n, random = point.x.size, np.random.default_rng(31)
    seen = point.along(random.uniform(0.5, 1, point.x.shape))
    least = rounding(point) * largest(np.abs(seen))
    rows = np.flatnonzero(np.abs(seen) > least).astype(INDEX)
    blocks, values = np.zeros(len(rows), INDEX), None
    width = 1 << (n - 1).bit_length()
    while width > 1:
        count = -(-n // width)
        if count >= FIRST and len(rows) > count * point.Y.size / 2:
            return None
        colours = coloured(blocks, rows, count, point.Y.size)
        if colours is None:
            return None
        width, held = width // 2, [blocks, rows]
        del blocks, rows, values
        found = halved(point, held, colours, width, random, least)
        if found is None:
            return None
        blocks, rows, values = found
    if n == 1:
        values = point.along(np.ones(point.x.shape)).ravel()[rows]
    return rows, blocks, values


def halved(point, held, colours, width, random, least):
    """(blocks, rows, slopes) of the halves of all blocks, those of one colour in one call each.

    Blocks are in order until they are one input each, which have their slopes.
    held: [blocks, rows], let go of as soon as they are read. None where an output changes that
    none of them reached before: then f is too rough for it.
    """
    n, shape = point.x.size, point.x.shape
    place, found = np.arange(n, dtype=INDEX) // width, ([], [], [])
    owner = np.empty(point.Y.size, INDEX)
    for colour in range(colours.max(initial=-1) + 1):
        owner[:] = -1
        mine = colours[held[0]] == colour
        owner[held[1][mine]] = held[0][mine]
        for half in (0, 1):
            moved = (colours[place // 2] == colour) & (place % 2 == half)
            V = moved * (random.uniform(0.5, 1, n) if width > 1 else 1.0)
            change = point.along(V.reshape(shape)).ravel()
            hit = np.flatnonzero(np.abs(change) > least).astype(INDEX)
            strange = hit[owner[hit] < 0]
            if np.any(np.abs(change[strange]) > NEARLY * least):
                return None
            hit = hit[owner[hit] >= 0]  # a block may have been just below what counts
            slopes = change[hit] if width == 1 else change[:0]  # those of more add up
            for pieces, new in zip(found, (2 * owner[hit] + half, hit, slopes), strict=True):
                pieces.append(new)
    held.clear()
    parts = [joined(pieces) for pieces in found]
    if width > 1:
        order = np.argsort(parts[0], kind="stable")
        parts[:2] = [part[order] for part in parts[:2]]
    return parts


def joined(pieces):
    """The pieces as one array; they are let go of."""
    whole = np.concatenate(pieces) if pieces else np.zeros(0, INDEX)
    pieces.clear()
    return whole


def coloured(blocks, rows, count, outputs):
    """A colour for each block, of the first that no block with a row in common has; None where
    they are too many. blocks are in order."""
    used, colours = np.zeros(outputs, np.uint64), np.zeros(count, int)
    edges = np.searchsorted(blocks, np.arange(count + 1))
    for block in range(count):
        mine = rows[edges[block]:edges[block + 1]]
        taken = int(np.bitwise_or.reduce(used[mine], initial=0))
        free = (~taken & (taken + 1)).bit_length() - 1
        if free >= COLOURS:
            return None
        colours[block] = free
        used[mine] |= np.uint64(1 << free)
    return colours


def placed(core, subject, entries):
    """The core's array from the entries of the full tensor."""
    rows, columns, values = entries
    pattern, point = core.pattern, subject.points[0]
    at = dict(zip(pattern.outer, along_axes(rows, point.Y.shape), strict=True))
    at |= {x: i for x, i in zip(pattern.inner, along_axes(columns, point.x.shape), strict=True)
           if x not in at}  # one that runs backwards is tied to an axis of Y, which counts
    first = np.ones(len(values), bool)
    for letter in at:
        if letter not in core.letters:
            first &= at[letter] == 0
    array = np.zeros([core.sizes[x] for x in core.letters])
    array[tuple(at[x][first] for x in core.letters)] = values[first]
    return array


def along_axes(places, shape):
    """The indices along every axis of places that count all entries; of one number there are none.
    """
    return np.unravel_index(places, shape) if shape else ()


def kept(subject, entries):
    """The answer that keeps those entries and where they are."""
    (rows, columns, values), point = entries, subject.points[0]
    names = Names([point.names], input_name=subject.input_name, output_name=subject.output_name)
    n, G = point.x.size, "G" if point.Y.ndim == 1 else "G.ravel()"
    count = len(rows)
    one = count == n == point.Y.size == len(np.unique(rows)) == len(np.unique(columns))
    if one:
        order = np.argsort(columns)
        rows, values = rows[order], values[order]
    out = names.add("out", [rows])
    taken, same = f"{G}[{out}]", count and np.all(values == values[0])
    bare = same and values[0] == 1
    if not bare:
        taken = f"{taken} * {float(values[0])!r}" if same else f"{taken} * " \
            f"{names.add('C', [values])}"
    line = taken if one else f"np.bincount({names.add('into', [columns])}, {taken}, {n})"
    if point.x.ndim != 1:
        shape = point.x.shape or "(())"  # of a single number
        line = f"({line}).reshape{shape}" if one else f"{line}.reshape{shape}"
    says = "1 entry is not zero; it and its place are kept" if count == 1 else \
        f"{count:,} entries are not zero; they and their places are kept"
    if one and bare:
        says = "every output takes one input: their places are all to keep"
    return Answer("permutation" if one and bare else "sparse", (), count * (3 - one - bool(same)),
                  line=line, names=names, nonzero=count, multiplications=0 if bare else count,
                  says=says)
