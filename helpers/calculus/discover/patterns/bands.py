"""Cores that slide: a band with the same numbers on every row, a triangle, a moving window."""

import math
from itertools import combinations

import numpy as np

from ....words import plural
from ..cores import along
from ..line import scaled
from ..terms import Answer, Operand, Term
from ..ties import close, largest

LARGEST = 2**24  # entries of a core that is looked at


def sliding(core):
    """Constant along diagonals (Toeplitz) or antidiagonals (windows) of a pair of axes."""
    core, found = core.squeezed(), []
    for a, b in combinations(range(len(core.letters)), 2):
        if min(core.arrays[0].shape[a], core.arrays[0].shape[b]) < 2 or core.size > LARGEST:
            continue
        for sign, detector in ((-1, toeplitz), (1, window)):
            if all(along_diagonals(x, a, b, sign, core.tolerance) for x in core.arrays):
                found.append(detector(core.fork(), a, b))
    return min(filter(None, found), key=lambda answer: answer.price, default=None)


def along_diagonals(array, a, b, sign, tolerance):
    """Whether entries do not change when both indices move by one (sign −1) or apart (+1)."""
    x = np.moveaxis(array, (a, b), (0, 1))
    first, second = (x[:-1, :-1], x[1:, 1:]) if sign < 0 else (x[:-1, 1:], x[1:, :-1])
    few = (slice(0, 2),) * x.ndim
    allowed = tolerance * largest(array)
    return close(first[few], second[few], allowed) and close(first, second, allowed)


def toeplitz(core, a, b):
    """A band with the same numbers on every row: those numbers alone are kept."""
    if len(core.letters) != 2:
        return None
    rows, columns = core.arrays[0].shape
    offsets = range(-(rows - 1), columns)
    lines = [np.array([np.diagonal(x, k)[0] for k in offsets]) for x in core.arrays]
    used = np.any([np.abs(line) > 0 for line in lines], 0)
    first, last = np.flatnonzero(used)[[0, -1]]
    if not used[first:last + 1].all():
        return None
    band, low, high = [x[first:last + 1] for x in lines], offsets[first], offsets[last]
    return triangular(core, band, low, high) or banded(core, band, low, high)


def banded(core, band, low, high):
    """The answer for a band of these numbers from diagonal `low` to `high`."""
    (rows, columns), size = core.arrays[0].shape, high - low + 1
    found = core.names.find(band, ("w",), core.tolerance)
    if not found:
        found = core.names.find([line[::-1] for line in band], ("w",), core.tolerance)
        found = found and (f"{found[0]}[::-1]", *found[1:])
    text, _, scale = found or (core.names.add("w", band), ("w",), "1")
    span = f"range({low}, {high + 1})" if low else f"range({high + 1})"
    matrix = f"sum(c * np.eye({rows}, {columns}, k) for k, c in zip({span}, {text}))"
    operand = Operand(matrix, core.letters, size)
    line, at, products = None, along(core, 0, 1), None
    if at and at[0] == core.letters[0] and low == 0 and columns == rows + size - 1:
        line = {(1, 0): f"np.convolve(G, {text})",
                (2, 1): f"np.array([np.convolve(g, {text}) for g in G])"}.get(
                    (len(core.pattern.outer), at[2]))
        products = line and size * entries_of(core, core.pattern.outer)  # none by a zero
    return Answer("Toeplitz", (Term(core.pattern, (operand,), scale),), size, names=core.names,
                  line=line and scaled(line, scale), multiplications=products,
                  says=f"the same {plural(size, 'number')}, {text}, on every row of a band: a "
                       "convolution")


def entries_of(core, letters):
    """How many entries an array with these axes has."""
    return math.prod(core.sizes[x] for x in letters)


def triangular(core, band, low, high):
    """Equal numbers on one side of the diagonal, zeros on the other: a cumulative sum."""
    rows, columns = core.arrays[0].shape
    lower, upper = low == -(rows - 1), high == columns - 1
    if rows < 3 or lower == upper or any(
            np.ptp(line) > core.tolerance * largest(line) for line in band):
        return None
    scale = core.names.scalar(band, core.tolerance)
    if scale is None:
        return None
    size, turn = ((rows, columns, high), "") if lower else ((columns, rows, -low), ".T")
    short = size[0] == size[1] and size[2] == 0
    text = f"np.tri({size[0] if short else ', '.join(map(str, size))}){turn}"
    operand, line, at = Operand(text, core.letters, 0), None, along(core, 0, 1)
    products = None
    if at and short:
        line = running_sum(at[2], len(core.pattern.outer), lower == (at[0] == core.letters[0]))
        products = entries_of(core, core.pattern.inner) * (scale != "1")  # it only adds
    return Answer("triangle", (Term(core.pattern, (operand,), scale),), int(scale != "1"),
                  line=line and scaled(line, scale), names=core.names, multiplications=products,
                  says="a triangle of equal numbers: a running sum, which stores nothing")


def running_sum(axis, ndim, backwards):
    """The cumulative sum along an axis of G, from the end when `backwards`."""
    where = f", {axis}" if ndim > 1 else ""
    if not backwards:
        return f"np.cumsum(G{where})"
    cut = f"[{', '.join([':'] * axis + ['::-1'])}]"
    return f"np.cumsum(G{cut}{where}){cut}"


def window(core, a, b):
    """One array seen through a window that slides: each number of it kept once."""
    x = [np.moveaxis(array, (a, b), (-2, -1)) for array in core.arrays]
    rest = tuple(letter for i, letter in enumerate(core.letters) if i not in (a, b))
    slides = [np.concatenate([y[..., :, 0], y[..., -1, 1:]], -1) for y in x]
    if slides[0].size >= core.size:
        return None
    found = core.names.find(slides, (*rest, "s"), core.tolerance)
    if found and found[1] == (*rest, "s"):
        text, _, scale = found
    else:
        text, scale = core.names.add("S", slides), "1"
    size = core.arrays[0].shape[b]
    view = f"np.lib.stride_tricks.sliding_window_view({text}, {size}, -1)"
    operand = Operand(view, (*rest, core.letters[a], core.letters[b]), slides[0].size)
    return Answer("window", (Term(core.pattern, (operand,), scale),), slides[0].size,
                  names=core.names, says=f"{text} through a window of {size} that slides along it")
