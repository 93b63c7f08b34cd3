"""Where f stands still beside x though its slope is not 0: it rounds a larger number further in.

1 − cos x has the slope 1e-8 at x = 1e-8, and is 0 there and all around. Differences see no change
and are sure of the slope 0. A complex step is not fooled, nor are steps that are wide enough.
"""

import numpy as np

from . import complex_step
from .differences import sides

WIDTHS = 2.0 ** np.arange(-3, 7)  # of x's own size, at least 1: f has to move somewhere
BESIDE = 2.0 ** -30               # of the size of x: so near its slope is the same, to three digits
STEADY = 1e-3
OFTEN = 4
SEED = 20_232


def hides(look, v, D, line, values, steps):
    """Where f may have the slope D along v (shape of Y) though no step shows it: shape of Y.

    It stands still at the narrower half of the steps, but moves further off, by more than it hides;
    and D is no rounding itself, as it stays the same at other x nearby.
    """
    still = np.all([side == look.here for side in values], 0)[::-1].cumprod(0)[::-1]
    widest = (still * steps.reshape(-1, *[1] * D.ndim)).max(0)
    hidden = still[len(steps) // 2:].all(0) & (np.abs(line.slope) <= line.error) & (D != 0)
    if hidden.any():
        hidden &= np.abs(D) * widest <= most_moved(look, v)
    return hidden & steady(look, v, D) if hidden.any() else hidden


def most_moved(look, v):
    """How far f moves at most where each number that v moves goes by its own size, at least 1."""
    try:
        values = sides(look.at, look.x, np.sign(v) * np.maximum(np.abs(look.x), 1.0), WIDTHS)
    except Exception:  # f refuses all of them
        return np.zeros(look.here.shape)
    return np.nan_to_num(np.abs(np.concatenate(values) - look.here)).max(0)


def steady(look, v, D):
    """Where a complex step along v gives D at a few x nearby as well."""
    random, found = np.random.default_rng(SEED), np.ones(D.shape, bool)
    for _ in range(OFTEN):
        near = look.x + BESIDE * random.uniform(-1, 1, look.x.shape) * look.sizes  # off a tie at 0
        there = complex_step.slopes_along(look.f, near, [v], 1, D.shape)
        found &= False if there is None else np.abs(there[0] - D) <= STEADY * np.abs(D)
    return found
