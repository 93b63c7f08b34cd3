"""A stack of affine layers is one affine map; with a ReLU between them it is not.

W = W_N ⋯ W₁ and b = b_N + W_N b_{N−1} + … + W_N ⋯ W₂ b₁ (lecture slides [K]).
"""

from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

SLOPES = {"none": 1.0, "ReLU": 0.0}
SPAN = 2.0  # the square of inputs that is looked at goes from −SPAN to SPAN
SIDE = 49   # points along a side of it
LEVELS = 14  # steps from the least score to the greatest


@lru_cache(maxsize=64)
def network(depth, width, seed):
    """`depth` layers as pairs W (out, in), b (out,): 2 inputs, `width` units between, 2 scores.

    Every W is scaled so that the next layer's numbers have a spread of 1, on the square and with
    a slope halfway between the ReLU's and none: so no picture is flat, and none runs out of it.
    """
    random, X, layers = np.random.default_rng(seed), square()[::13], []
    sizes = [2, *[width] * (depth - 1), 2]
    for m, h in pairwise(sizes):
        W, b = random.normal(size=(h, m)), random.normal(0, 0.4, h)
        W /= max(float((X @ W.T).std()), 1e-3)
        X = bend(X @ W.T + b, 0.5)
        layers.append((W, b))
    return tuple(layers)


def collapse(layers):
    """The one affine map of a stack without nonlinearity: W (out, in), b (out,)."""
    (W, b), *rest = layers
    for W_next, b_next in rest:
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


def run(layers, X, slope):
    """The scores (n, out) of inputs (n, in): f(x) = max(0, x) + slope·min(0, x) between layers."""
    for place, (W, b) in enumerate(layers):
        X = (bend(X, slope) if place else X) @ W.T + b
    return X


def bend(X, slope):
    """x where x > 0, else slope·x."""
    return np.where(X > 0, X, slope * X)


def along(layers, start, end, slope):
    """Where the scores may bend on the way start → end: shares t (k,), scores there (k, out).

    Exact: between two knots all is straight, so a unit crosses 0 at most once, and there a new
    knot is set. Knots of t = 0 and t = 1 stand at the ends.
    """
    t, Z = np.array([0.0, 1.0]), np.array([start, end])
    for place, (W, b) in enumerate(layers):
        Z = (bend(Z, slope) if place else Z) @ W.T + b
        if slope != 1 and place < len(layers) - 1:
            gap, unit = np.nonzero(Z[:-1] * Z[1:] < 0)
            share = Z[gap, unit] / (Z[gap, unit] - Z[gap + 1, unit])
            between = Z[gap] + share[:, None] * (Z[gap + 1] - Z[gap])
            between[np.arange(len(unit)), unit] = 0
            t, places = np.unique(np.concatenate([t, t[gap] + share * np.diff(t)[gap]]),
                                  return_index=True)
            Z = np.concatenate([Z, between])[places]
    return t, Z


def kinks(t, Y):
    """The places (indices) where a score changes its slope: t (k,), Y (k, out)."""
    gaps = np.diff(t)
    wide = np.flatnonzero(np.append(gaps > 1e-9, True))  # two knots in one place are one
    slopes = np.diff(Y[wide], axis=0) / np.diff(t[wide])[:, None]
    change = np.abs(np.diff(slopes, axis=0)).max(1, initial=0)
    return wide[1:-1][change > 1e-6 * max(1e-300, np.abs(slopes).max(initial=0))]


@cache
def square():
    """All inputs looked at: (SIDE², 2), rows of the picture from below."""
    ticks = np.linspace(-SPAN, SPAN, SIDE)
    return np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)


@cache
def triangles():
    """Corners (k, 3) of the triangles that cut up the square, as rows of `square()`."""
    corner = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, :-1], corner[1:, 1:]
    return np.concatenate([np.stack(half, -1).reshape(-1, 3) for half in ((a, b, c), (d, c, b))])


def level_lines(scores, levels):
    """Straight pieces (k, 2 ends, 2) where a score (SIDE²,) has one of the levels, and which (k,).

    Level by level and triangle by triangle: a piece goes from side to side around the corner that
    is alone on its side of the level.
    """
    heights, levels = scores[triangles()], np.reshape(levels, (-1, 1))
    level, triangle = np.nonzero((heights.min(1) <= levels) & (heights.max(1) > levels))
    corners, level = triangles()[triangle], levels[level]
    above = scores[corners] > level
    alone = (above == (above.sum(1) == 1)[:, None]).argmax(1)
    rows = np.arange(len(alone))
    lone = corners[rows, alone, None]
    others = np.stack([corners[rows, (alone + turn) % 3] for turn in (1, 2)], 1)
    share = (level - scores[lone]) / (scores[others] - scores[lone])
    start = square()[lone]
    return start + share[..., None] * (square()[others] - start), level[:, 0]


@lru_cache(maxsize=64)
def surface(depth, width, seed, slope):
    """Level lines and zero line of the first score on the square, and what Wx + b is off by."""
    layers = network(depth, width, seed)
    W, b = collapse(layers)
    scores = run(layers, square(), slope)
    first = scores[:, 0]
    step = max(np.ptp(first) / LEVELS, 1e-6)
    levels = step * np.arange(np.ceil(first.min() / step), np.floor(first.max() / step) + 1)
    pieces, level = level_lines(first, levels)
    difference = float(np.abs(scores - square() @ W.T - b).max())
    return pieces, pieces[level == 0], difference


def study(present):
    """All numbers of the lab: the stack, its product, and both along the line."""
    slope = SLOPES.get(present["f"], present["alpha"])
    key = present["depth"], present["width"], present["seed"]
    layers = network(*key)
    W, b = collapse(layers)
    levels, zero, difference = surface(*key, slope)
    start, end = np.array(present["start"]), np.array(present["end"])
    t, Y = along(layers, start, end, slope)
    ends = np.array([start, end]) @ W.T + b
    highest = max(np.abs(Y).max(), 0.1)
    return {**present, "layers": layers, "W": W, "b": b, "levels": levels, "zero": zero,
            "difference": difference, "collapses": difference < 1e-12,
            "t": t, "Y": Y, "kinks": kinks(t, Y), "ends": ends,
            "limit": 2.0 ** float(np.ceil(np.log2(1.15 * highest)))}
