"""Entries that are the same along diagonals: a kernel of a few numbers that slides over the input.

Output r takes input r + o with the number w[o], for the same few distances o wherever that input
is there. So dX[j] = Σ w[o] · G[j − o]: G, padded, convolved with w. One input in the middle, moved
alone, shows all of w; that it is the same everywhere the proof at full size says.
"""

import math

import numpy as np

from ..deeper import listed
from ..line import scaled
from ..naming.names import Names
from ..patterns.windows import VIEW
from ..terms import Answer
from ..ties import largest
from .probes import rounding

MOST = 2**12  # numbers of a kernel
SHARE = 4     # outputs for each of them, at least
FEW = 9       # numbers that a line may write out


def slid(subject, tolerance):
    """The answer by the kernel that the input in the middle shows, to be proved; or None."""
    points = subject.points
    found = kernel(points[0])
    if found is None:
        return None
    w, pads, count = found
    names = Names([p.names for p in points], input_name=subject.input_name,
                  output_name=subject.output_name)
    axes = tuple(axis for axis, size in enumerate(w.shape) if size > 1)
    w = w.reshape([w.shape[axis] for axis in axes])
    text, scale = called(w, names, tolerance)
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
    written = listed(w, names, tolerance) if w.size <= FEW else None
    return written or names.add("w", [w] * len(names.samples)), "1"


def kernel(point):
    """(w, pads of G, entries that are not zero), w from the smallest distance to the largest, or
    None."""
    n, m = np.array(point.x.shape), np.array(point.Y.shape)
    if len(n) != len(m) or not len(n):
        return None
    away, values = moved(point, n // 2)
    if not len(away):
        return None
    low, high = np.minimum(away.min(0), n - m), np.maximum(away.max(0), 0)  # pads of 0 and more
    shape = (high - low + 1).tolist()
    if not 1 < math.prod(shape) <= min(MOST, point.Y.size // SHARE):
        return None
    w = np.zeros(shape)
    w[tuple((away - low).T)] = values
    others, again = moved(point, n // 3)
    if np.any((others < low) | (others > high)) or largest(np.abs(
            w[tuple((others - low).T)] - again)) > point.tolerance * largest(np.abs(w)):
        return None
    there = np.minimum(m, n - away) - np.maximum(0, -away)  # outputs that have such an input
    return w, [*zip(high.tolist(), (n - low - m).tolist(), strict=True)], int(there.prod(1).sum())


def moved(point, place):
    """(distances, slopes) of the outputs that one input changes."""
    V = np.zeros(point.x.shape)
    V[tuple(place)] = 1
    seen = point.along(V)
    rows = np.argwhere(np.abs(seen) > rounding(point) * largest(np.abs(seen)))
    return place - rows, seen[tuple(rows.T)]


def line_of(w, axes, pads, text):
    """The line of NumPy: G padded, seen through windows along these axes, times w turned around."""
    if len(pads) == 1:
        pad, = pads
        if pad == (w.size - 1, w.size - 1):
            return f"np.convolve(G, {text})"
        return f'np.convolve({padded(pads)}, {text}, "valid")'
    if len(pads) == 2 and axes == (1,) and pads == [(0, 0), (w.size - 1, w.size - 1)]:
        return f"np.array([np.convolve(g, {text}) for g in G])"
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
