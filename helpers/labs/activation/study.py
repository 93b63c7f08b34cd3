"""All numbers of the activation lab: where units saturate, and what share of a batch.

The gradient of a weight is upstream × local × input, so where the local gradient f′ is near 0 the
weight stops learning.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...calculus.units import UNITS, Shape, centred, value_range, values


def stretches(xs, inside):
    """[(left, right), …]: the stretches of the rising xs on which `inside` is true, cut halfway."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(np.int8), [0]))))
    middles = np.concatenate((xs[:1], (xs[1:] + xs[:-1]) / 2, xs[-1:]))
    return [tuple(pair) for pair in middles[edges].reshape(-1, 2).tolist()]


@lru_cache(maxsize=8)
def standard_batch(count, seed):
    """`count` numbers from the standard normal distribution; not to be written to."""
    z = np.random.default_rng(seed).standard_normal(count)
    z.flags.writeable = False
    return z


def shares(x, edges):
    """The share of x in each bin; whatever lies beyond counts in the first or the last bin."""
    counts, _ = np.histogram(np.clip(x, edges[0], edges[-1]), edges)
    return counts / len(x)


XS = np.concatenate((np.linspace(-8, -1e-9, 320), [0.0], np.linspace(1e-9, 8, 320)))
MIDDLE = len(XS) // 2
COUNT = 1000                        # inputs in the batch
BEFORE = np.linspace(-8, 8, 49)     # edges of the bins of the inputs


@dataclass(frozen=True)
class Curve:
    """One unit of the lab: its curves over `XS`, its numbers at x, what it does to the batch."""

    name: str
    f: float
    slope: float
    fs: np.ndarray
    slopes: np.ndarray       # nan at a jump in 0
    zones: list              # the stretches of `XS` on which |f′| is below the threshold
    saturated: float         # share of the batch
    mean_slope: float        # of |f′| over the batch
    mean: float              # of f over the batch
    after: np.ndarray        # share of the batch in each bin of its values
    range: tuple
    centred: str


def study(present):
    """All numbers of the activation lab at its settings."""
    shape = Shape(*(present[name] for name in Shape.__dataclass_fields__))
    batch = present["mean"] + present["spread"] * standard_batch(COUNT, present["seed"])
    bounded = all(UNITS[name].bounded for name in present["units"])
    limits = (-1.25, 1.25) if bounded else (-2.0, 8.5)
    edges = np.linspace(*limits, 49)
    curves = [curve(name, present, shape, batch, edges) for name in present["units"]]
    return present | {"curves": curves, "limits": limits, "edges": edges,
                      "before": shares(batch, BEFORE)}


def curve(name, present, shape, batch, edges):
    """The `Curve` of one unit."""
    fs, slopes = drawn(name, shape)
    f, slope = values(name, present["x"], shape)
    after, local = values(name, batch, shape)
    return Curve(name, float(f), float(slope), fs, slopes,
                 stretches(XS, np.abs(slopes) < present["threshold"]),  # nan, at a jump, is not
                 float(np.mean(np.abs(local) < present["threshold"])),
                 float(np.mean(np.abs(local))), float(np.mean(after)), shares(after, edges),
                 value_range(name, shape), centred(name, shape))


@lru_cache(maxsize=32)
def drawn(name, shape):
    """(f, f′) at `XS`, nan in f′ at a jump in 0; not to be written to."""
    fs, slopes = values(name, XS, shape)
    if abs(slopes[MIDDLE + 1] - slopes[MIDDLE - 1]) > 1e-3:
        slopes[MIDDLE] = np.nan
    return fs, slopes
