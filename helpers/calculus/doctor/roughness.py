"""The rounding inside of somebody's functions, told from their values alone.

Moved by their last places, inputs do not show what is lost further in: −log p of a probability near
1, or 1 − cos x of a small x, stands still on stairs as high as the rounding of 1. So functions are
run on a few grids of evenly spaced numbers. Differences of high order leave nothing of a smooth
function there, and of its rounding what they are known to leave (Moré and Wild, Estimating
computational noise, SIAM J. Sci. Comput. 33, 2011).
"""

import math
import time

import numpy as np

from ..errors import LessonError
from .ladder import EPS

POINTS, ORDERS = 17, 5  # a kink or a jump among them is in less than half of the differences
STEPS = 2.0 ** -np.arange(14, 39, 3)  # in units of the size of the input, at least of 1
MEDIAN = 0.6745  # of the size of a normal number, in standard deviations
ALIKE = 8.0  # by at most this factor two orders, and two grids, differ where all is rounding
FAR = 2.0 ** np.arange(-3, 7)  # in the same units: what stands still on the grids may move there
PATIENCE = 3.0  # seconds after which no further grid is begun
APART = 2    # so many steps lie between two grids at least: what is no rounding grows by 64


def rough(run, values, names, random):
    """How rough each array is that run(values) gives, a dict: the largest rounding that shows.

    What stands still on all grids and moves further off, as softmax − 1 of a sure answer does, may
    stand on a stair as high as the rounding of those moves. names: the inputs that are moved, all
    together.
    """
    sides = {name: random.uniform(-1, 1, values[name].shape) for name in names}
    begun, grids = time.perf_counter(), []
    for step in STEPS:
        if time.perf_counter() - begun < PATIENCE:
            grids.append(grid(run, values, sides, step))
    shown = {key: confirmed([found[key][0] for found in grids if key in found])
             for key in set().union(*grids)}
    still = {key: np.all([found[key][1] for found in grids if key in found], 0) for key in shown}
    if any(one.any() for one in still.values()):
        moves = moved_far(run, values, sides)
        shown = {key: np.maximum(one, np.where(still[key], EPS * moves.get(key, 0.0), 0.0))
                 for key, one in shown.items()}
    return shown


def moved(values, sides, far):
    """The values, each input so many times its size to its side."""
    return {**values, **{name: values[name] + far * size(values[name]) * side
                         for name, side in sides.items()}}


def moved_far(run, values, sides):
    """How far each array moves at most where the inputs move widely; nothing where run refuses."""
    here, most = run(values), {}
    for far in (*FAR, *-FAR):
        try:
            given = run(moved(values, sides, far))
        except LessonError:
            continue
        for key, array in given.items():
            if key in here and array.shape == here[key].shape:
                with np.errstate(all="ignore"):
                    moves = np.nan_to_num(np.abs(array - here[key]), posinf=0.0)
                most[key] = np.maximum(most.get(key, 0.0), moves)
    return most


def grid(run, values, sides, step):
    """What is left of each array on one grid, and where it stands still: a pair.

    Nothing where run refuses a point of it.
    """
    rows = {}
    for place in np.arange(POINTS) - POINTS // 2:
        try:
            given = run(moved(values, sides, place * step))
        except LessonError:
            return {}
        for key, array in given.items():
            rows.setdefault(key, []).append(array)
    return {key: (left(np.array(found)), np.all(np.array(found) == found[0], 0))
            for key, found in rows.items()
            if len(found) == POINTS and len({one.shape for one in found}) == 1}


def size(x):
    """The largest number of an array, at least 1."""
    return max(1.0, float(np.max(np.abs(x), initial=0.0, where=np.isfinite(x))))


def left(rows):
    """What is left by differences of order 2 to 5 of each entry, where three orders tell the same.

    Half of all differences are larger: of the others, one jump among the points may be the reason.
    """
    found, signs, differences = [], [], rows
    with np.errstate(all="ignore"):
        for order in range(1, ORDERS + 1):
            differences = np.diff(differences, axis=0)
            known = math.factorial(order) ** 2 / math.factorial(2 * order)
            found.append(np.sqrt(known) * np.median(np.abs(differences), axis=0) / MEDIAN)
            signs.append((differences.min(0) < 0) & (differences.max(0) > 0))
        found, signs = np.array(found), np.array(signs)
        three = [np.where((found[k:k + 3].max(0) <= ALIKE * found[k:k + 3].min(0)) & signs[k],
                          found[k:k + 3].max(0), 0) for k in range(1, ORDERS - 2)]
    return np.nan_to_num(np.max(three, 0))


def confirmed(grids):
    """The largest roughness that two grids far apart tell alike: what a kink leaves grows."""
    found = np.zeros(np.shape(grids[0]) if grids else ())
    for k, wide in enumerate(grids):
        for narrow in grids[k + APART:]:
            low, high = np.minimum(wide, narrow), np.maximum(wide, narrow)
            found = np.where(high <= ALIKE * low, np.maximum(found, high), found)
    return found
