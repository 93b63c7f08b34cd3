"""Entries that are the same along diagonals: a kernel of a few numbers that slides over the input.

Output r takes input r + o with the number w[o], for the same few distances o wherever that input
is there. So dX[j] = Σ w[o] · G[j − o]: G, padded, convolved with w.
"""

import math

import numpy as np

from ..deeper import listed
from ..line import scaled
from ..naming.names import Names
from ..patterns.windows import VIEW
from ..terms import Answer
from ..ties import largest

MOST = 2**12  # numbers of a kernel
SHARE = 4     # outputs for each of them, at least
FEW = 9       # numbers that a line may write out


def slid(subject, entries, tolerance):
    """The answer for a tensor of these entries, (rows, columns, values) as a matrix; or None."""
    points = subject.points
    found = kernel(points[0].Y.shape, points[0].x.shape, entries, tolerance)
    if found is None:
        return None
    w, pads = found
    names = Names([p.names for p in points], input_name=subject.input_name,
                  output_name=subject.output_name)
    axes = tuple(axis for axis, size in enumerate(w.shape) if size > 1)
    w = w.reshape([w.shape[axis] for axis in axes])
    text, scale = called(w, names, tolerance)
    count = len(entries[0])
    return Answer("convolution", (), w.size, line=scaled(line_of(w, axes, pads, text), scale),
                  names=names, nonzero=count, multiplications=count,
                  says=f"the same {w.size} numbers, {text}, slide over {subject.input_name}: a "
                       "convolution")


def called(w, names, tolerance):
    """(text, number) of a kernel: a known array, either way round, a few numbers, or a new name."""
    letters, flips = "klpq"[:w.ndim], f"[{', '.join(['::-1'] * w.ndim)}]"
    for array, turn in ((w, ""), (np.flip(w), flips)) if w.ndim <= len(letters) else ():
        found = names.find([array] * len(names.samples), (*letters,), tolerance)
        if found and found[0] in names and found[1] == (*letters,):
            return f"{found[0]}{turn}", found[2]
    return w.size <= FEW and listed(w, names, tolerance) or names.add(
        "w", [w] * len(names.samples)), "1"


def kernel(outer, inner, entries, tolerance):
    """(w, pads of G) with w from the smallest distance to the largest, or None."""
    rows, columns, values = entries
    if len(outer) != len(inner) or not len(outer) or not len(rows):
        return None
    away = np.array([digits(columns, inner, axis) - digits(rows, outer, axis)
                     for axis in range(len(inner))])
    n, m = np.array(inner), np.array(outer)
    low, high = np.minimum(away.min(1), n - m), np.maximum(away.max(1), 0)  # pads of 0 and more
    shape = (high - low + 1).tolist()
    size = math.prod(shape)
    if not 1 < size <= min(MOST, math.prod(outer) // SHARE):
        return None
    code = sum((one - least) * math.prod(shape[axis + 1:])
               for axis, (one, least) in enumerate(zip(away, low.tolist(), strict=True)))
    del away
    w = np.zeros(size)
    w[code] = values
    grid = np.array(np.unravel_index(np.arange(size), shape)).T + low
    there = np.minimum(m, n - grid) - np.maximum(0, -grid)  # outputs that have such an input
    full = np.bincount(code, minlength=size) == np.maximum(there, 0).prod(1)
    apart = largest(np.abs(values - w[code]))
    if np.any(~full & (w != 0)) or apart > tolerance * largest(np.abs(values)):
        return None
    return w.reshape(shape), [*zip(high.tolist(), (n - low - m).tolist(), strict=True)]


def digits(places, shape, axis):
    """The index along one axis of places in a flat array."""
    return places // math.prod(shape[axis + 1:]) % shape[axis]


def line_of(w, axes, pads, text):
    """The line of NumPy: G padded, seen through windows along these axes, times w turned around."""
    if len(pads) == 1:
        pad, = pads
        if pad == (w.size - 1, w.size - 1):
            return f"np.convolve(G, {text})"
        return f'np.convolve({padded(pads)}, {text}, "valid")'
    where = "" if len(axes) == len(pads) else f", {axes if len(axes) > 1 else axes[0]}"
    sizes = w.shape if len(axes) > 1 else w.size
    letters, flips = "abcdefghijklmnopqrstuvwxyz", f"[{', '.join(['::-1'] * w.ndim)}]"
    frame, window = letters[:len(pads)], letters[len(pads):len(pads) + len(axes)]
    turned = text.removesuffix(flips) if text.endswith(flips) else text + flips
    return f'np.einsum("{frame}{window},{window}->{frame}", {VIEW}({padded(pads)}, ' \
           f"{sizes}{where}), {turned})"


def padded(pads):
    """G with zeros around it."""
    if not any(map(any, pads)):
        return "G"
    same = len({*pads}) == 1 and pads[0][0] == pads[0][1]
    return f"np.pad(G, {pads[0][0] if same else pads[0] if len(pads) == 1 else tuple(pads)})"
