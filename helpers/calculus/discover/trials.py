"""A line against the derivative itself: at the points that it was found at, and at further ones.

What is compared is the line with random upstream gradients. The further points are of several
sizes and both signs, and where lines are likely to break: see `points`.
"""

from dataclasses import replace

import numpy as np

from ..jacobian import contract
from .naming.names import evaluate, names_in
from .points import Point
from .ties import CHUNK, largest

GRADIENTS = 2   # random upstream gradients that every answer is tried on, at every point
ROUNDING = 30   # times what a line moves by when its arrays move in their last digits
TYPICAL = 1e-9  # of the slopes at other points: less than that may be rounding where slopes vanish
EPS = 2.0 ** -52


def tried(samples, answer):
    """The largest relative error of the line on random upstream gradients, at all points.

    A line of known arrays alone is tried at further points too: it must hold at any.
    """
    worst = max(error_at(answer.line, samples, Point(J, answer.names.all_at(i)))
                for i, J in enumerate(samples.tensors))
    if worst > 10 * samples.tolerance or own_arrays(answer):
        return worst
    return max([worst, *(error_at(answer.line, samples, p) for p in samples.more())])


def own_arrays(answer):
    """The arrays in a line that only the search holds."""
    return names_in(answer.line) & {*answer.names.added[0]}


def contradictions(samples, answer):
    """The further points that contradict the line, those that tell all of the tensor first."""
    found = [p for p in samples.more() if not own_arrays(answer)
             and not error_at(answer.line, samples, p) <= 10 * samples.tolerance]
    return sorted(found, key=lambda p: not (p.clear is None or p.clear.all()))


def gives_none(answer, samples, point):
    """Whether the line has no finite value at a point, as where there is no inverse."""
    J, names = point
    G = np.ones(J.shape[:len(samples.outer)])
    try:
        with np.errstate(all="ignore"):
            return not np.isfinite(evaluate(answer.line, {**names, "G": G})).all()
    except np.linalg.LinAlgError:
        return True


def fails_at(like, without):
    """A sentence about inputs where a line does not hold, or is without a number."""
    said = "the line gives no number" if without else "the slope is another"
    return f"The line holds for inputs like these; at {like or 'others'} {said}."


def error_at(line, samples, point):
    """The largest relative error of a line on random upstream gradients at one point."""
    point = point if isinstance(point, Point) else Point(*point)
    random, outer = np.random.default_rng(1), len(samples.outer)
    typical = max(map(largest, samples.tensors))
    return max(error_with(line, random.standard_normal(point.J.shape[:outer]), point, typical)
               for _ in range(GRADIENTS))


def error_with(line, G, point, typical=0.0):
    """The relative error of a line with one upstream gradient.

    Outputs without a slope have no upstream gradient. What the slopes themselves are off by, and
    what the line's own rounding makes of its arrays' last digits, is no error.
    """
    J, names = point
    touched = None
    if point.clear is not None and not point.clear.all():
        G = np.where(point.clear, G, 0.0)
        clear = point.clear.reshape(G.shape + (1,) * (J.ndim - G.ndim))
        touched = (~clear & (J != 0)).any(tuple(range(G.ndim)))  # inputs of outputs at a kink
        J = np.where(clear, J, 0.0)
    # Where G is one number, the result with 1 is J itself.
    if G.size and J[(0,) * G.ndim].size == J.size > CHUNK:
        G, right = np.ones(G.shape), J[(0,) * G.ndim]
    else:
        right = contract(G, J)
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(evaluate(line, {**names, "G": G}))
    except np.linalg.LinAlgError:  # an inverse of what has none
        return np.inf
    if found.shape != right.shape:
        return np.inf
    found = found if touched is None else np.where(touched, right, found)
    most = max(largest(right), 1e-3 * largest(J) * largest(np.asarray(G)))
    apart = most_apart(found, right)
    if point.error is None or not apart > EPS * most:
        return apart / (most or 1)
    allowed = 3 * contract(np.abs(G), np.where(np.isfinite(J), point.error, 0))
    allowed = allowed + min(ROUNDING * rounding(line, names, G, found), TYPICAL * typical)
    with np.errstate(invalid="ignore"):
        rest = np.abs(found - right) - allowed
    return float(np.max(np.where(np.isnan(rest), np.inf, rest), initial=0)) / (most or 1)


def rounding(line, names, G, found):
    """How far the line moves when its arrays move in their last digits."""
    random, moved = np.random.default_rng(2), dict(names)
    for name in names_in(line) & {*names}:
        array = np.asarray(names[name])
        if array.dtype.kind == "f":
            moved[name] = array * (1 + 2 * EPS * random.choice([-1, 1], array.shape))
    with np.errstate(all="ignore"):
        again = np.asarray(evaluate(line, {**moved, "G": G}))
        apart = np.abs(again - found)
    return float(np.max(apart, initial=0)) if np.isfinite(apart).all() else 0.0


def most_apart(A, B):
    """The largest difference, piece by piece; infinite where one of the two is no number."""
    if A.ndim and A.size > CHUNK and len(A) > 1:
        middle = len(A) // 2
        return max(most_apart(A[:middle], B[:middle]), most_apart(A[middle:], B[middle:]))
    with np.errstate(invalid="ignore"):
        apart = float(np.max(np.abs(A - B), initial=0))
    return np.inf if np.isnan(apart) else apart


def alike(samples, point):
    """Further points as large as this one: from one alone a line may be found by luck."""
    if samples.at is None:
        return []
    x, random = point.names[samples.input_name], np.random.default_rng(5)
    inputs = [x * random.uniform(0.5, 1.5, x.shape),
              random.permutation(x.ravel()).reshape(x.shape) * random.uniform(0.7, 1.3, x.shape),
              *(sign * np.abs(x) * random.uniform(0.5, 1.5, x.shape) for sign in (1, -1)),
              random.standard_normal(x.shape) * float(np.std(x) if x.size else 0)]
    found = samples.at([np.array(new) for new in inputs])
    return [p for p in found if p is not None and p.clear.all()]


def said_of_zeros(found):
    """The same; where every slope is zero though Y changes it says so."""
    samples, output = found.samples, found.samples.output_name
    points = [(J, names) for J, names in samples.more()]
    values = [names[output] for names in (*samples.names, *(n for _, n in points))
              if output in names]
    if found.kind != "zero" or all(np.array_equal(values[0], Y) for Y in values[1:]):
        return found
    says = f"every slope is zero: {output} is flat here, and jumps"
    return replace(found, answer=replace(found.answer, says=says))
