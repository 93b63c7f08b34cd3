"""What a gradient should be, how far that is known, and what rounding may do to it.

The slopes of forward are measured, each with its error. Rounding is estimated by trial: how far an
answer moves when every number that goes in moves by one unit in its last place (as a backward
stable formula may err), and by what the rounded output of forward can tell at all.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from .ladder import columns

EPS = np.finfo(np.float64).eps
MOST = 256            # entries of one input that are measured one by one
LARGEST = 2**22       # entries of a Jacobian that is held
PATIENCE = 10.0       # seconds that the differences by one input may take, about
CONDITION = 16.0      # how often a right formula may round as one change of the last place does
NOTHING = np.finfo(np.float64).tiny / EPS  # a smaller slope is lost where a step multiplies it
SURE = 5.0            # how far a measured slope may be off, in its own estimates


@dataclass(frozen=True, eq=False)
class Wanted:
    """The gradient G·J by one input, as measured.

    places: the flat indices that were measured; value, error, low, high: 1-D arrays over them; low
    and high are what the two sides of kinks allow; J: (Y.size, places); kinks: `Kink`s with the
    index of the input; along: for an input too big to measure entry by entry, (direction, slope,
    error) of all entries at once; sides: J where each kink has its lower, and its upper slope, and
    the error of each entry of J.
    """

    shape: tuple
    places: np.ndarray
    value: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    J: np.ndarray
    Y: np.ndarray
    kinks: tuple = ()
    along: tuple | None = None
    sides: tuple = ()

    @property
    def whole(self):
        """Whether every entry was measured."""
        return len(self.places) == int(np.prod(self.shape))

    @property
    def array(self):
        """The gradient in the shape of the input, nan where it was not measured."""
        full = np.full(int(np.prod(self.shape)), np.nan)
        full[self.places] = self.value
        return full.reshape(self.shape)

    def column(self, place, like):
        """What one entry of the input moves: its column of the Jacobian, in the shape of Y."""
        return self.J[:, np.flatnonzero(self.places == place)[0]].reshape(like)


def noise_of(forward, inputs, random, unit=EPS):
    """The rounding in forward(*inputs): how far it moves with the last places of all inputs.

    Each by a few units of its own, so that nothing cancels at ties.
    """
    Y = forward(*inputs)
    with np.errstate(all="ignore"):
        moved = [np.abs(forward(*[value * (1 + unit * random.uniform(-3, 3, value.shape))
                                  for value in inputs]) - Y) for _ in range(4)]
        return np.maximum(2 * unit * np.abs(Y), np.max(moved, 0))


def most_places(f, x, G):
    """How many entries are measured: fewer of a large output, and of a slow function."""
    times = [time.perf_counter()]
    for _ in range(3):
        f(x)
        times.append(time.perf_counter())
    slow = int(PATIENCE / (25 * min(np.diff(times)) + 1e-9))
    return min(MOST, max(8, min(LARGEST // max(G.size, 1), slow)))


def measure(f, x, G, noise, random, unit=EPS):
    """The `Wanted` gradient of Σ G⊙f by x; noise: the rounding of f(x)."""
    count = most_places(f, x, G)
    places = np.arange(x.size) if x.size <= count else np.sort(
        random.choice(x.size, count, replace=False))
    found = columns(f, x, places, noise, unit)
    along = None
    if len(places) < x.size:
        D = random.standard_normal(x.shape) * np.where(x == 0, 1.0, np.abs(x))
        line = columns(lambda t: f(x + t * D), np.zeros(()), [0], noise, unit)
        along = (D, float(np.sum(G * line.J[..., 0])),
                 float(np.sum(np.abs(G) * line.error[..., 0])))
    return contracted(G, found, x.shape, places, along)


def index_of(place, shape):
    """A flat place as an index of plain numbers."""
    return tuple(map(int, np.unravel_index(place, shape))) if shape else ()


def place_of(index, shape):
    """An index as a flat place."""
    return int(np.ravel_multi_index(index, shape)) if shape else 0


def contracted(G, found, shape, places, along):
    """`Wanted` from `Measured` slopes by the entries at these places of an input of this shape."""
    g = G.reshape(-1)
    J, error = (part.reshape(g.size, len(places)) for part in (found.J, found.error))
    with np.errstate(all="ignore"):
        used = (g != 0)[:, None]
        value = np.where(used, g[:, None] * J, 0).sum(0)
        spread = np.where(used, np.abs(g)[:, None] * error, 0).sum(0)
    low, high = value.copy(), value.copy()
    J_low, J_high = J.copy(), J.copy()
    for kink in found.kinks:
        k = place_of(kink.output, G.shape)
        i = np.searchsorted(places, place_of(kink.input, shape))
        sides = sorted((kink.left, kink.right))
        J_low[k, i], J_high[k, i] = sides
        ends = sorted(g[k] * (side - J[k, i]) for side in sides)
        low[i] += ends[0]
        high[i] += ends[1]
    return Wanted(shape, places, value, spread, low, high, J, found.Y, found.kinks,
                  along, (J_low, J_high, error))


def of_full(wanted):
    """The full Jacobian itself, entry by entry, as it should be."""
    Y = wanted.Y
    size = int(np.prod(wanted.shape))
    places = (np.arange(Y.size)[:, None] * size + wanted.places).reshape(-1)
    low, high, error = (part.reshape(-1) for part in wanted.sides)
    return replace(wanted, shape=Y.shape + wanted.shape, places=places, error=error, low=low,
                   high=high, value=wanted.J.reshape(-1), kinks=(), along=None)


def nudged(value, random, unit=EPS):
    """The array with every number moved by one unit in its last place, up or down.

    Equal numbers move alike, and 0 stays: at a tie or a kink of the input itself it remains there.
    """
    different, places = np.unique(value, return_inverse=True)
    signs = random.choice([-1.0, 1.0], different.shape)
    return value * (1 + unit * signs[places].reshape(np.shape(value)))


def rounding(answers, wanted, G, unit=EPS, lost=0.0):
    """What rounding may do to any entry of a gradient: one number.

    answers: the same gradient at arguments that were `nudged`, after the one that is judged. At a
    kink they may have left it, and tell nothing. lost: what is known to be lost inside.
    """
    moved = lost if wanted.kinks else max(lost, moved_by(answers))
    with np.errstate(all="ignore"):
        sums = finite_max(np.abs(G.reshape(-1)) @ np.abs(wanted.J))
        blind = np.sum(np.abs(G * wanted.Y))
    return CONDITION * (moved + unit * (sums + blind)) + NOTHING * float(np.abs(G).sum())


def moved_by(answers):
    """How far the other answers are from the first, at most."""
    first, *others = answers
    with np.errstate(all="ignore"):
        return max((finite_max(other - first) for other in others), default=0.0)


def finite_max(array):
    """The largest finite size in an array, or 0."""
    array = np.abs(array)
    return float(array.max(initial=0.0, where=np.isfinite(array)))
