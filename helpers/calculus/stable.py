"""Formulas that stay right where the textbook's overflow, cancel or lose a tail.

All work on float64 arrays of any shape, also of no axes, and never write to what they are given.
"""

import math
from typing import NamedTuple

import numpy as np


def decay(X):
    """e^(−|X|): between 0 and 1, so it cannot overflow."""
    e = np.abs(X, out=np.empty_like(X))
    np.negative(e, out=e)
    return np.exp(e, out=e)


def log1p_of(e):
    """log(1+e) for e from 0 to 1. log(u) misses what rounding u = 1+e cut off: this adds it."""
    u = np.add(1, e, out=np.empty_like(e))
    cut = np.subtract(u, 1, out=np.empty_like(e))
    np.subtract(e, cut, out=cut)
    cut /= u
    cut += np.log(u, out=u)
    return cut


def sum_of_log1p(e):
    """Σ log(1+e) for e from 0 to 1. Logarithms are slow: factors are multiplied out before.

    (1+a)(1+b) = 1 + (a + b + ab), in which nothing cancels; the product of 64 is below 2^64.
    """
    e = e.reshape(-1)
    for _ in range(6):
        half = len(e) // 2
        a, b, last = e[:half], e[half:2 * half], e[2 * half:]
        both = a * b
        both += a
        both += b
        e = np.concatenate([both, last]) if len(last) else both
    return np.log1p(e).sum()


def one_sided(X, low):
    """f(X) for a function with f(−x) = 1 − f(x), from `low` = f(−|X|): tails keep their digits."""
    Y = np.empty_like(X)
    np.greater_equal(X, 0, out=Y)
    Y -= low
    return np.abs(Y, out=Y)


def sigmoid_low(e):
    """σ(−|X|), at most ½, from e^(−|X|)."""
    low = np.add(1, e, out=np.empty_like(e))
    return np.divide(e, low, out=low)


def repaired(Y, places, formula, X):
    """Y, with formula(X) in the few places where it must be better; changes Y."""
    places = np.flatnonzero(places)
    np.put(Y, places, formula(np.take(X, places)))
    return Y


# Mills' ratio Φ(−x)/φ(x) on 0 ≤ x ≤ 40 as P(x)/Q(x), fitted for this course by weighted least
# squares in 60 digits: relative error below 1e-16. All coefficients are positive: nothing cancels.
MILLS_P = (3.503271494593619e-06, 9.405164006451114e-05, 0.0012366573903444791,
           0.010301267611986296, 0.059452006713227264, 0.2456788705577605, 0.7269924156133643,
           1.4914916554057107, 1.9440024880719677, 1.2533141373155001)
MILLS_Q = (3.5032714946029732e-06, 9.405164006254733e-05, 0.0012401606620247062,
           0.010395319241514114, 0.06068165796517924, 0.25579202365244136, 0.7840063760474615,
           1.7175046534916578, 2.5642483582208238, 2.348974132197834, 1.0)
FAR = 40.0  # φ(40) is 0 in float64


def horner(coefficients, x):
    """The polynomial at x, highest power first."""
    value = np.multiply(x, coefficients[0], out=np.empty_like(x))
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value


def normal_density(X):
    """φ(X) = e^(−X²/2)/√(2π), accurate in the tails.

    X² is rounded, and e^ would magnify that: so X is cut to 20 binary places, whose square is
    exact, and the rest r comes in as e^r = 1 + r + r²/2.
    """
    X = np.clip(X, -FAR, FAR)
    cut = np.asarray(X * 2.0**20)
    np.rint(cut, out=cut)
    cut *= 2.0**-20
    rest = cut + X
    rest *= cut - X
    rest *= 0.5
    cut *= cut
    cut *= -0.5
    density = np.exp(cut, out=cut)
    factor = rest * 0.5
    factor += 1
    factor *= rest
    factor += 1
    density *= factor
    density *= 1 / np.sqrt(2 * np.pi)
    return density


def normal_low(X, density):
    """Φ(−|X|), at most ½, from φ(X)."""
    x = np.asarray(np.abs(X))
    np.minimum(x, FAR, out=x)
    low = horner(MILLS_P, x)
    low /= horner(MILLS_Q, x)
    low *= density
    return low


def mean(X, axis=None):
    """The mean along an axis (of all entries without one), also where the sum is beyond 1e308.

    The mean of nothing is nan.
    """
    count = np.float64(X.size if axis is None else X.shape[axis])
    average = X.sum(axis) / count
    if np.isfinite(average).all() or not count:
        return average
    return (X / count).sum(axis)


class Softmax(NamedTuple):
    """Softmax along the last axis, in parts: exact where one score towers above the others."""

    probabilities: np.ndarray
    top: tuple            # where the largest score of each row is, as an index of `rows(Z)`
    highest: np.ndarray   # the largest score; its last axis has size 1
    log_sum: np.ndarray   # log Σ exp(score − highest)


def rows(A):
    """A as a matrix whose rows are its lines along the last axis; a view where that is possible."""
    return A if A.ndim == 2 else A.reshape(math.prod(A.shape[:-1]), A.shape[-1])


def at(A, place):
    """The entries of A at one place in each row; the last axis has size 1 (0 in empty rows)."""
    return rows(A)[place].reshape(*A.shape[:-1], min(1, A.shape[-1]))


def softmax(Z):
    """The `Softmax` of scores. The largest score is taken off first, so nothing overflows."""
    columns = rows(Z).argmax(1) if Z.shape[-1] else np.empty(0, np.intp)
    top = (np.arange(len(columns)), columns)
    highest = at(Z, top)
    e = np.subtract(Z, highest, order="C")
    np.exp(e, out=e)
    lines = rows(e)
    largest = lines[top]
    lines[top] = 0
    rest = e.sum(-1, keepdims=True)
    lines[top] = largest
    e /= 1 + rest
    return Softmax(e, top, highest, np.log1p(rest))


def softmax_vjp(G, soft):
    """p ⊙ (G − Σ G⊙p), row by row; also the jvp, for each row's Jacobian is symmetric.

    Adding a number to a row of G changes nothing: with G at the top score taken off, the difference
    of two nearly equal numbers is left out where p is nearly 1.
    """
    D = G - at(G, soft.top)
    D -= np.vecdot(D, soft.probabilities)[..., None]
    D *= soft.probabilities
    return D


def balanced(D, place):
    """D with one entry of each row set so that the row sums to 0, as it must; may change D."""
    D = np.ascontiguousarray(D)  # only then are its rows a view
    lines = rows(D)
    lines[place] = 0
    lines[place] = -lines.sum(1)[place[0]]
    return D


class Normalized(NamedTuple):
    """X̂ = (X − mean)/√(variance + ε) along one axis, and what its derivative needs."""

    hat: np.ndarray
    scale: np.ndarray      # 1/√(variance + ε)
    left: np.ndarray       # ε/(variance + ε): what ε leaves of the direction X̂
    degrees: np.float64    # N − ddof


def normalized(X, eps, axis, ddof=0):
    """The `Normalized` of X. Where squares go beyond 1e308, a power of 2 is taken out first."""
    degrees = np.float64(X.shape[axis] - ddof)
    hat = X - np.expand_dims(mean(X, axis), axis)
    variance = sum_of_products(hat, hat, axis) / degrees
    if not np.isfinite(variance).all():
        return _normalized_huge(X, eps, axis, degrees)
    scale = 1 / np.sqrt(variance + eps)
    hat *= scale
    return Normalized(hat, scale, eps * scale**2, degrees)


def _normalized_huge(X, eps, axis, degrees):
    largest = np.max(np.abs(X), axis, keepdims=True, initial=0)
    shrink = np.where(largest > 1e100, np.exp2(-np.floor(np.log2(largest))), 1)
    shrink = np.where(np.isfinite(largest), shrink, 1)
    hat = X * shrink
    hat -= np.expand_dims(mean(hat, axis), axis)
    scale = 1 / np.sqrt(sum_of_products(hat, hat, axis) / degrees + eps * shrink**2)
    hat *= scale
    scale *= shrink
    return Normalized(hat, scale, eps * scale**2, degrees)


def fixed_norm(X, average, variance, eps):
    """The `Normalized` of X for statistics that do not come from X."""
    scale = 1 / np.sqrt(variance + eps)
    hat = X - average
    hat *= scale
    return Normalized(hat, scale, eps * scale**2, np.float64(len(X)))


def dot(A, B):
    """Σ A⊙B over all entries, row by row: BLAS would start threads for one long vector."""
    return np.vecdot(np.atleast_1d(A), np.atleast_1d(B)).sum()


def sum_of_products(A, B, axis):
    """Σ A⊙B along one of two axes, kept with size 1, without building the product."""
    return np.vecdot(A, B)[:, None] if axis else np.einsum("nh,nh->h", A, B)[None]


class Sums(NamedTuple):
    """ΣD and ΣD⊙X̂ along one axis, kept with size 1, and how many terms they have."""

    plain: np.ndarray
    tilted: np.ndarray
    count: np.float64


def sums(D, norm, axis):
    """The `Sums` that the derivatives of a norm are made of."""
    return Sums(D.sum(axis, keepdims=True), sum_of_products(D, norm.hat, axis),
                np.float64(D.shape[axis]))


def normalized_vjp(D, norm, total, gain=1.0):
    """gain · (D − ΣD/N − X̂ · ΣD⊙X̂/(N − ddof))/√(variance + ε); symmetric, so also the jvp.

    Of two numbers 1 and X̂ take everything but the part that ε leaves: that part is computed alone,
    for the difference would be rounding.
    """
    if total.count == 2:
        out = D - total.plain / 2
        out *= norm.left * norm.scale * gain
        return out
    out = norm.hat * (total.tilted / -norm.degrees)
    out += D
    out -= total.plain / total.count
    out *= norm.scale * gain
    return out
